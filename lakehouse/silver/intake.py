"""What of bronze a run works with, and what there is to know of it before it is derived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.tables.ops import INGESTED_FILES


@dataclass(frozen=True)
class BatchSelection:
    """The batches of one source that a run works with."""

    consumed: tuple[int, ...]
    """Batches behind the newest publication."""
    new: tuple[int, ...]
    """Batches that the run adds."""
    everything: bool = False
    """True where all is derived again: the source's declaration, the rules or the code changed."""
    as_of_moved: bool = False
    """True where `as_of` is another than that of the newest publication: rows may have ceased to lie in the future."""
    decisions_changed: bool = False
    """True where somebody has discarded rows of the quarantine since, or opened them again."""

    @property
    def all(self) -> tuple[int, ...]:
        return (*self.consumed, *self.new)

    @property
    def is_idle(self) -> bool:
        return not (self.new or self.everything or self.as_of_moved or self.decisions_changed)


def kinds_to_normalise(lake: Lake, source: Source, selection: BatchSelection) -> dict[str, bool]:
    """Kind of file -> True unless ingestion saw that all its text is in normal form: normalising is slow."""
    names = ["source_system", "file_kind", "batch_id", "status", "is_nfc"]
    files = [
        row
        for row in small_rows(lake.root, INGESTED_FILES, names)
        if row["source_system"] == source.name and row["batch_id"] in selection.all and not row["is_nfc"]
    ]
    suspect = {row["file_kind"] for row in files if row["status"] == "loaded"}
    return {kind: kind in suspect for kind in source.files}


def unread_rows(lake: Lake, source: Source, batches: Iterable[int]) -> dict[str, int]:
    """Rows of bronze that no feed takes, by kind of file; kinds that the source marks as ignored are left out."""
    left = {}
    for kind_name, kind in source.files.items():
        feeds = [feed for feed in source.feeds.values() if kind_name in feed_kinds(feed)]
        if kind.ignored or any(kind_name != feed.file or not feed.filter for feed in feeds):
            continue
        rows = prepared(lake.read_bronze(source, kind_name).where(F.col("_batch_id").isin(*batches)), source, kind_name)
        taken = F.lit(False)
        for feed in feeds:
            taken = taken | F.coalesce(F.expr(feed.filter), F.lit(False))
        if count := rows.where((F.size("_problems") == 0) & ~taken).count():
            left[kind_name] = count
    return left
