"""Measures of what became of the rows of files: all accounted for, and not too many of them in quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.silver.intake import BatchSelection, kinds_to_normalise
from lakehouse.sources.mapping.expressions import selected
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source, feed_kinds, filter_of
from lakehouse.sources.same_rows import kind_of_rows
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.reasons import Outcome
from lakehouse.tables.silver import LEFT_OUT, LINEAGE
from quality.checks.measures import EXAMPLES, named
from quality.heads import Heads
from quality.thresholds import Quarantine
from quality.verdicts import NOTHING_BROKEN, Case, Measured

File = tuple[str, str]
"""(kind of file, delivery)"""


@dataclass(frozen=True)
class Became:
    """What became of the rows of one new file in one feed, or of all older files together."""

    source: str
    feed: str
    file_kind: str | None
    """NULL, as the delivery, for the older files."""
    delivery: str | None
    rows: int
    quarantined: int


def became(heads: Heads) -> list[Became]:
    """By feed and new file: one query over lineage for all that is measured of it, an answer as long as the change."""
    if "became" not in heads.found:
        is_new = f"_batch_id IN ({', '.join(map(str, heads.batches)) or 'NULL'})"
        of_new = ", ".join(f"CASE WHEN {is_new} THEN {name} END AS {name}" for name in ("file_kind", "_file_delivery"))
        rows = f"SELECT source_system, feed, {of_new}, outcome, rows FROM {LINEAGE.name}"
        sums = ("rows", f"CASE WHEN outcome = '{Outcome.QUARANTINED}' THEN rows ELSE 0 END")
        totals = ", ".join(f"CAST(sum({one}) AS BIGINT)" for one in sums)
        counted = heads.ask(
            f"""SELECT source_system, feed, file_kind, _file_delivery, {totals}
            FROM ({rows}) AS of_files GROUP BY source_system, feed, file_kind, _file_delivery"""
        )
        heads.found["became"] = [Became(*row) for row in counted]
    found: list[Became] = heads.found["became"]
    return found


def quarantined_share(heads: Heads, limits: Quarantine) -> Measured:
    """Feeds of which more is in quarantine than conf/quality/quarantine.toml allows."""
    rows, refused = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in became(heads):
        rows[one.source, one.feed] += one.rows
        refused[one.source, one.feed] += one.quarantined
    off = [
        (
            Case(source, f"{source}.{feed}"),
            f"{source}.{feed}: {refused[source, feed] / total:.1%} of {total:,} rows, at most"
            f" {limits.share_of(source, feed):.1%}",
        )
        for (source, feed), total in sorted(rows.items())
        if total >= limits.min_rows and _is_more(refused[source, feed], total, limits.share_of(source, feed))
    ]
    return _named(off)


def quarantined_share_of_files(heads: Heads, limits: Quarantine) -> Measured:
    """New files of which much is in quarantine."""
    paths = {delivery: path for (_, delivery), (path, _) in _loaded(heads).items()}
    off = [
        _of_file(
            one.source,
            paths.get(one.delivery, one.delivery),
            f": {one.quarantined / one.rows:.1%} of {one.rows:,} rows",
        )
        for one in sorted(became(heads), key=lambda one: (one.source, one.delivery or "", one.feed))
        if one.file_kind is not None
        and one.delivery is not None
        and one.rows >= limits.min_rows
        and _is_more(one.quarantined, one.rows, limits.max_share_of_a_file)
    ]
    return _named(off)


def unaccounted_files(heads: Heads) -> Measured:
    """New files of which not every row was accepted, superseded, quarantined, pending, left out or not selected."""
    off: list[tuple[Case, str]] = []
    found = Counter[tuple[str, str, File]]()
    for one in became(heads):
        if one.file_kind is not None and one.delivery is not None:
            found[one.source, one.feed, (one.file_kind, one.delivery)] += one.rows
    for source in heads.sources:
        for feed_name, feed in source.feeds.items():
            for kind in feed_kinds(feed):
                off += _unaccounted(heads, source, feed_name, kind, found)
    return _named(off)


def _unaccounted(
    heads: Heads, source: Source, feed_name: str, kind: str, found: Mapping[tuple[str, str, File], int]
) -> list[tuple[Case, str]]:
    """New files of one kind that do not add up in a feed. `found`: rows by source, feed, kind and delivery."""
    own = kind_of_rows(source.files, kind)
    others = _not_selected(heads, source, feed_name, kind) if filter_of(source.feeds[feed_name], kind) else {}
    off = []
    for file in _files(heads, source, own):
        (path, rows), delivery = _loaded(heads)[file], file[1]
        known = found[source.name, feed_name, (kind, delivery)] + others.get(delivery, 0) + _left_out(heads)[file]
        if known != rows:
            off.append(_of_file(source.name, path, f" in {feed_name}: {known:,} of {rows:,} rows"))
    return off


def _is_more(part: int, whole: int, share: float) -> bool:
    """Divided, since the product is rounded: 29 of 100 are no more than 0.29, but 100 * 0.29 is less than 29."""
    return whole > 0 and part / whole > share


def _of_file(source: str, path: str, said: str) -> tuple[Case, str]:
    return Case(source, f"{source}/{path}"), f"{source}/{path}{said}"


def _named(off: list[tuple[Case, str]]) -> Measured:
    more = f" and {len(off) - EXAMPLES} more" if len(off) > EXAMPLES else ""
    return named(off, more) if off else NOTHING_BROKEN


def _loaded(heads: Heads) -> dict[File, tuple[str, int]]:
    """The new files: path below landing/<source>, rows."""
    if "loaded" not in heads.found:
        columns = ["source_system", "path", "file_kind", "delivery", "rows", "batch_id", "status"]
        heads.found["loaded"] = {
            (row["file_kind"], row["delivery"]): (row["path"], row["rows"], row["source_system"])
            for row in small_rows(heads.lake.root, INGESTED_FILES, columns)
            if row["status"] == "loaded" and row["batch_id"] in heads.batches
        }
    return {file: (path, rows) for file, (path, rows, _) in heads.found["loaded"].items()}


def _files(heads: Heads, source: Source, kind: str) -> list[File]:
    _loaded(heads)
    return [file for file, (*_, name) in heads.found["loaded"].items() if name == source.name and file[0] == kind]


def _left_out(heads: Heads) -> Counter[File]:
    """Rows that declarations leave out, by new file. Asked once."""
    if "left out" not in heads.found:
        new = ", ".join(map(str, heads.batches)) or "NULL"
        query = f"""SELECT file_kind, _file_delivery, CAST(sum(rows) AS BIGINT) FROM {LEFT_OUT.name}
            WHERE _batch_id IN ({new}) GROUP BY file_kind, _file_delivery"""
        counted = [] if heads.lake.is_empty(LEFT_OUT) else heads.ask(query)
        heads.found["left out"] = Counter({(kind, delivery): rows for kind, delivery, rows in counted})
    found: Counter[File] = heads.found["left out"]
    return found


def _not_selected(heads: Heads, source: Source, feed_name: str, kind: str) -> dict[str, int]:
    """Rows that the feed's filter leaves to others, by new delivery. The only look at bronze, where there is one."""
    rows = heads.lake.read_bronze(source, kind).where(F.col("_batch_id").isin(list(heads.batches)))
    nfc = kinds_to_normalise(heads.lake, source, BatchSelection((), tuple(heads.batches)))
    ready = prepared(rows, source, kind, nfc=nfc[kind])
    left = ready.where(is_kept() & ~selected(source.feeds[feed_name], source, kind))
    counted = left.groupBy("_file_delivery").count().collect()
    return {row["_file_delivery"]: row["count"] for row in counted}
