"""The gate: what must hold of the working heads before readers may see them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from lakehouse.tables.registry import PUBLISHED
from quality.checks.business import Past
from quality.checks.every import checks_by_table
from quality.gx.archive import keep_result, set_aside_earlier
from quality.gx.checkpoints import Checkpoints
from quality.gx.judge import TableToJudge, judged
from quality.gx.suites import suite_of
from quality.heads import Heads
from quality.results import past_figures, record
from quality.verdicts import Refused, Verdict
from quality.waivers import holding, with_waivers

TABLES_AT_ONCE = 4

__all__ = ["Refused", "check", "judge", "rules"]


def check(heads: Heads, *, now: datetime) -> list[Verdict]:
    """Judges and records what this run changed. Raises Refused with everything critical that does not hold."""
    root = heads.lake.root
    set_aside_earlier(heads)
    found = judge(heads, past_figures(root), now=now)
    verdicts = with_waivers(found, holding(root, now.date()))
    record(heads.lake, verdicts, now=now)
    if failures := [one for one in verdicts if one.outcome == "failed"]:
        raise Refused(failures, verdicts)
    return verdicts


def judge(heads: Heads, past: Past, *, now: datetime) -> list[Verdict]:
    """A verdict for every expectation about every table that this run changed."""
    checkpoints = Checkpoints(heads.lake.run_id, now)
    concerned = list(_concerned(heads, past))
    try:
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            found = pool.map(lambda one: judged(heads, checkpoints, one, lambda it: keep_result(heads, it)), concerned)
            return [verdict for of_table in found for verdict in of_table]
    finally:
        heads.release()


def rules() -> list[str]:
    """Names of all expectations."""
    checks = checks_by_table({})
    suites = [suite_of(table, checks[table.name]) for table in PUBLISHED]
    return [str((one.meta or {})["rule"]) for suite in suites for one in suite.expectations]


def _concerned(heads: Heads, past: Past) -> Iterator[TableToJudge]:
    """Tables whose rows changed, and those that are measured against one whose rows did."""
    changed, checks = {table.name for table in heads.changed()}, checks_by_table(past)
    for table in PUBLISHED:
        if table.name in changed:
            yield TableToJudge(table, checks[table.name], with_rows=True)
        elif heads.lake.exists(table) and (
            again := [one for one in checks[table.name] if any(read.name in changed for read in one.reads)]
        ):
            yield TableToJudge(table, again, with_rows=False)
