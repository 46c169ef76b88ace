"""Silver from bronze: derives again what new rows speak of, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame

from lakehouse.frames import union
from lakehouse.lake import Lake
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.feed import FeedBuild
from lakehouse.silver.intake import BatchSelection, kinds_to_normalise
from lakehouse.silver.outcomes import FeedReport, lineage_rows
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table
from lakehouse.tables.silver import LINEAGE, QUARANTINE

FEEDS_AT_ONCE = 3


def build_source(lake: Lake, source: Source, criteria: RowCriteria, selection: BatchSelection) -> None:
    """All feeds of one source. What of bronze is not in `selection` is not seen."""
    if selection.is_idle:
        return
    nfc = kinds_to_normalise(lake, source, selection)
    builds = [FeedBuild(lake, source, name, criteria, selection, nfc) for name in source.feeds]
    # Feeds write tables of their own, and much of their time goes into waiting for small commits.
    with ThreadPoolExecutor(FEEDS_AT_ONCE) as pool:
        found = [report for report in pool.map(FeedBuild.run, builds) if report]
    if found:
        _write_shared(lake, source, found)
    for each in found:
        for frame in each.persisted:
            frame.unpersist()


def _write_shared(lake: Lake, source: Source, found: list[FeedReport]) -> None:
    """The tables that all feeds share."""
    refused = union(frame for each in found for frame in each.refused)
    _replace(lake, QUARANTINE, refused, [frame for each in found for frame in each.old_refused])
    outcomes = union(frame for each in found for frame in each.outcomes)
    lineage = lineage_rows(outcomes, source.name)
    _replace(lake, LINEAGE, lineage, [frame for each in found for frame in each.old_lineage])


def _replace(lake: Lake, table: Table, rows: DataFrame, old: list[DataFrame]) -> None:
    lake.replace_rows(table, rows, union(old) if old else lake.read(table).where("false"))
