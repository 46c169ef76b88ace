"""Silver from bronze: derives again what new rows speak of, and nothing else."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

from pyspark.sql import DataFrame

from lakehouse.frames import released, union
from lakehouse.lake import Lake
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.feed import FeedBuild
from lakehouse.silver.intake import BatchSelection, kinds_to_normalise
from lakehouse.silver.left_out import count_left_out
from lakehouse.silver.outcomes import FeedReport, lineage_rows
from lakehouse.silver.returns import ReturnsBuild, may_be_matched
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table
from lakehouse.tables.silver import LINEAGE, QUARANTINE

FEEDS_AT_ONCE = 3


def build_source(lake: Lake, source: Source, criteria: RowCriteria, selection: BatchSelection) -> None:
    """All feeds of one source. What of bronze is not in `selection` is not seen."""
    if selection.is_idle:
        return
    nfc = kinds_to_normalise(lake, source, selection)
    builds = [_build_of(source, name)(lake, source, name, criteria, selection, nfc) for name in source.feeds]
    # Feeds write tables of their own, and much of their time goes into waiting for small commits.
    with ThreadPoolExecutor(FEEDS_AT_ONCE) as pool:
        counting = pool.submit(count_left_out, lake, source, selection, nfc)
        found = [report for report in _run(pool, builds) if report]
        counting.result()
    if found:
        _write_shared(lake, source, found)
    for each in found:
        for frame in each.persisted:
            released(frame)


def _build_of(source: Source, feed_name: str) -> type[FeedBuild]:
    return ReturnsBuild if feed_name == "returns" and may_be_matched(source) else FeedBuild


def _run(pool: ThreadPoolExecutor, builds: list[FeedBuild]) -> list[FeedReport | None]:
    """Runs the builds. That of returns waits for the one of lines, which is begun before it."""
    building: dict[str, Future[FeedReport | None]] = {}
    for build in sorted(builds, key=lambda one: isinstance(one, ReturnsBuild)):
        if isinstance(build, ReturnsBuild):
            build.lines = building["order_lines"]
        building[build.name] = pool.submit(build.run)
    return [one.result() for one in building.values()]


def _write_shared(lake: Lake, source: Source, found: list[FeedReport]) -> None:
    """The tables that all feeds share."""
    refused = union(frame for each in found for frame in each.refused)
    _replace(lake, QUARANTINE, refused, [frame for each in found for frame in each.old_refused])
    outcomes = union(frame for each in found for frame in each.outcomes)
    lineage = lineage_rows(outcomes, source.name)
    _replace(lake, LINEAGE, lineage, [frame for each in found for frame in each.old_lineage])


def _replace(lake: Lake, table: Table, rows: DataFrame, old: list[DataFrame]) -> None:
    lake.replace_rows(table, rows, union(old) if old else lake.read(table).where("false"))
