"""The gate: what must hold of the staged tables before readers may see them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from lakehouse.tables.registry import PUBLISHED
from quality.archive import keep_result
from quality.business import Past, business_demands
from quality.checkpoints import Checkpoints
from quality.demands import Demand, declared_demands
from quality.judge import TableToJudge, judged
from quality.results import past_figures, record
from quality.staged import Staged
from quality.suites import suite_of
from quality.thresholds import load_thresholds
from quality.verdicts import Refused, Verdict
from quality.waivers import holding, with_waivers

TABLES_AT_ONCE = 4

__all__ = ["Refused", "check", "judge", "rules"]


def check(staged: Staged, *, now: datetime) -> list[Verdict]:
    """Judges and records what this run changed. Raises Refused with everything critical that does not hold."""
    root = staged.lake.root
    found = judge(staged, past_figures(root), now=now)
    verdicts = with_waivers(found, holding(root, now.date()))
    record(staged.lake, verdicts, now=now)
    if failures := [one for one in verdicts if one.outcome == "failed"]:
        raise Refused(failures, verdicts)
    return verdicts


def judge(staged: Staged, past: Past, *, now: datetime) -> list[Verdict]:
    """A verdict for every expectation about every table that this run changed."""
    checkpoints = Checkpoints(staged.lake.run_id, now)
    work = list(_concerned(staged, past))
    try:
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            found = pool.map(lambda one: judged(staged, checkpoints, one, lambda it: keep_result(staged, it)), work)
            return [verdict for of_table in found for verdict in of_table]
    finally:
        staged.release()


def demands_by_table(past: Past) -> dict[str, list[Demand]]:
    """Table -> everything that is measured of it, declared or of the business."""
    found = {table.name: declared_demands(table) for table in PUBLISHED}
    for demand in business_demands(load_thresholds(), past):
        found[demand.table.name].append(demand)
    return found


def rules() -> list[str]:
    """Names of all expectations."""
    demands = demands_by_table({})
    suites = [suite_of(table, demands[table.name]) for table in PUBLISHED]
    return [str((one.meta or {})["rule"]) for suite in suites for one in suite.expectations]


def _concerned(staged: Staged, past: Past) -> Iterator[TableToJudge]:
    """Tables whose rows changed, and those that are measured against one whose rows did."""
    changed, demands = {table.name for table in staged.changed()}, demands_by_table(past)
    for table in PUBLISHED:
        if table.name in changed:
            yield TableToJudge(table, demands[table.name], with_rows=True)
        elif staged.lake.exists(table) and (
            again := [one for one in demands[table.name] if any(read.name in changed for read in one.reads)]
        ):
            yield TableToJudge(table, again, with_rows=False)
