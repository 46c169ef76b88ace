"""The gate: what must hold of the staged tables before readers may see them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import great_expectations as gx
from great_expectations.core import ExpectationValidationResult
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.publication import PUBLISHED_TABLES
from lakehouse.tables.model import Table
from quality.checkpoints import Checkpoints
from quality.demands import Demand
from quality.expectations import breaks
from quality.measures import key_texts
from quality.staged import Staged
from quality.suites import conditions_of, demands_of, suite_of
from quality.verdicts import Measured, Refused, Verdict

TABLES_AT_ONCE = 4

__all__ = ["Refused", "Verdict", "check", "judge"]


def check(lake: Lake) -> list[Verdict]:
    """Raises Refused with everything critical that does not hold. Tables that did not change since they were
    published pass."""
    verdicts = judge(Staged(lake))
    if failures := [one for one in verdicts if one.outcome == "failed"]:
        raise Refused(failures)
    return verdicts


def judge(staged: Staged) -> list[Verdict]:
    """A verdict for every expectation about every table that this run changed."""
    checkpoints = Checkpoints(staged.lake.run_id, datetime.now(UTC))
    work = [
        (table, demands, checkpoints.prepare(suite_of(table, None if whole else demands)))
        for table, demands, whole in _concerned(staged)
    ]
    try:
        with ThreadPoolExecutor(TABLES_AT_ONCE) as pool:
            found = pool.map(lambda one: _judge_table(staged, checkpoints, *one), work)
            return [verdict for of_table in found for verdict in of_table]
    finally:
        staged.release()


def _concerned(staged: Staged) -> Iterable[tuple[Table, list[Demand], bool]]:
    """The tables to look at, what to measure of them, and whether their own rows changed."""
    changed = {table.name for table in staged.changed()}
    for table in PUBLISHED_TABLES:
        if table.name in changed:
            yield table, demands_of(table), True
        elif demands := [one for one in demands_of(table) if any(read.name in changed for read in one.reads)]:
            yield table, demands, False


def _judge_table(
    staged: Staged, checkpoints: Checkpoints, table: Table, demands: list[Demand], checkpoint: gx.Checkpoint
) -> list[Verdict]:
    measured: dict[str, tuple[Measured, float]] = {}
    for demand in demands:
        began = time.monotonic()
        measured[demand.rule] = (demand.measure(staged), time.monotonic() - began)
    began = time.monotonic()
    figures = {demand.code: measured[demand.rule][0].figure for demand in demands}
    result = checkpoints.run(checkpoint, staged.rows(table), figures)
    by_row = [one for one in result.results if _rule(one) not in measured]
    each = (time.monotonic() - began) / max(1, len(by_row))
    verdicts = [_of_rows(staged, table, one, each) for one in by_row]
    return verdicts + [_of_demand(demand, *measured[demand.rule], result.results) for demand in demands]


def _rule(result: ExpectationValidationResult) -> str:
    assert result.expectation_config is not None
    return str(result.expectation_config.meta["rule"])


def _of_demand(
    demand: Demand, measured: Measured, seconds: float, results: list[ExpectationValidationResult]
) -> Verdict:
    held = next(bool(one.success) for one in results if _rule(one) == demand.rule)
    return Verdict(
        demand.table.name,
        demand.rule,
        demand.sentence,
        demand.columns,
        demand.severity,
        "passed" if held else "failed" if demand.severity == "critical" else "warned",
        measured.observed or f"{measured.figure:g}",
        measured.figure,
        demand.threshold,
        seconds,
        measured.examples,
    )


def _of_rows(staged: Staged, table: Table, result: ExpectationValidationResult, seconds: float) -> Verdict:
    config = result.expectation_config
    assert config is not None
    found: dict[str, Any] = result.result
    figure = found.get("observed_value")
    rule = _rule(result)
    examples = () if result.success else _examples(staged, table, rule.removeprefix(f"{table.name}."), found)
    return Verdict(
        table.name,
        rule,
        str(config.description),
        tuple(config.meta["columns"]),
        "critical",
        "passed" if result.success else "failed",
        _in_words(found),
        float(figure) if isinstance(figure, int | float) else 0.0,
        "none",
        seconds,
        examples,
    )


def _in_words(found: dict[str, Any]) -> str:
    if nulls := found.get("nulls_by_column"):
        return ", ".join(f"{name} is NULL in {count:,} rows" for name, count in nulls.items())
    if types := found.get("other_types"):
        return ", ".join(f"{name} is {kind}" for name, kind in types.items())
    figure = found.get("observed_value")
    if isinstance(figure, list):
        return ", ".join(map(str, figure))
    return f"{figure:,} rows" if figure else "0 rows"


def _examples(staged: Staged, table: Table, code: str, found: dict[str, Any]) -> tuple[str, ...]:
    """Keys of rows that fail: asked for only now, of the failing condition alone."""
    if nulls := found.get("nulls_by_column"):
        broken = F.lit(False)
        for name in nulls:
            broken = broken | F.col(f"`{name}`").isNull()
    elif condition := conditions_of(table).get(code):
        broken = breaks(condition)
    else:
        return ()
    return key_texts(table, staged.rows(table).where(broken), table.key)
