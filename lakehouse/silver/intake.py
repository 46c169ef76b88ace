"""What of bronze a run works with, and what there is to know of it before it is derived."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import Row
from pyspark.sql import functions as F

from lakehouse.delta.rows import partition_values, small_rows
from lakehouse.lake import Lake
from lakehouse.sources.mapping.expressions import meant
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source
from lakehouse.sources.same_rows import kind_of_rows
from lakehouse.sources.untaken import FIRST_ROWS, UnreadRow, UnreadRows, kinds_to_look_through
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


def new_batches_of(lake: Lake, source: Source, kind: str, selection: BatchSelection) -> list[int]:
    """The new batches that brought rows of a kind of file, from the table's log: of others nothing need be asked."""
    there = partition_values(lake.path(source.table(kind)), "_batch_id") if selection.new else []
    return sorted({int(batch) for batch in there} & set(selection.new))


def kinds_to_normalise(lake: Lake, source: Source, selection: BatchSelection) -> dict[str, bool]:
    """Kind of file -> True unless ingestion saw that all its text is in normal form: normalising is slow."""
    names = ["source_system", "file_kind", "batch_id", "status", "is_nfc"]
    files = [
        row
        for row in small_rows(lake.root, INGESTED_FILES, names)
        if row["source_system"] == source.name and row["batch_id"] in selection.all and not row["is_nfc"]
    ]
    suspect = {row["file_kind"] for row in files if row["status"] == "loaded"}
    return {kind: kind_of_rows(source.files, kind) in suspect for kind in source.files}


def unread_rows(lake: Lake, source: Source, selection: BatchSelection) -> list[UnreadRows]:
    """Rows of bronze that no feed takes, by kind of file, of the batches that are derived.

    Kinds that the source marks as ignored are left out, as are rows that its declaration leaves out.
    """
    batches = selection.all if selection.everything else selection.new
    nfc = kinds_to_normalise(lake, source, selection)
    found = []
    for kind_name, takers in kinds_to_look_through(source).items() if batches else ():
        columns = source.files[kind_name].columns
        rows = lake.read_bronze(source, kind_name).where(F.col("_batch_id").isin(*batches))
        rows = prepared(rows, source, kind_name, nfc=nfc[kind_name])
        taken = F.lit(False)
        for condition in takers:
            taken = taken | meant(condition, source, kind_name)
        unread = rows.where((F.size("_problems") == 0) & is_kept() & ~taken)
        if count := unread.count():
            first = unread.orderBy("_source_file", "_file_delivery", "_row_in_file").limit(FIRST_ROWS).collect()
            found.append(UnreadRows(kind_name, count, tuple(_shown(row, columns) for row in first)))
    return found


def _shown(row: Row, columns: tuple[str, ...]) -> UnreadRow:
    values = {name: row[name] for name in columns if row[name] is not None}
    return UnreadRow(row["_source_file"], row["_row_in_file"], values)
