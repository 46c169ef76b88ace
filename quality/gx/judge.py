"""Judging tables: counts first, then the Great Expectations checkpoint, then a look at examples of what failed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult

from lakehouse.tables.model import Table
from quality.checks.check import Check
from quality.checks.measures import told_apart
from quality.gx.checkpoints import Checkpoints
from quality.gx.row_pass import counted, rows_against, rows_without
from quality.gx.suites import conditions_of, suite_of
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured, Verdict


@dataclass(frozen=True)
class TableToJudge:
    """A table, what to measure of it, and whether its own rows changed."""

    table: Table
    checks: Sequence[Check]
    with_rows: bool


def judged(
    heads: Heads,
    checkpoints: Checkpoints,
    one: TableToJudge,
    keep: Callable[[ExpectationSuiteValidationResult], None],
) -> list[Verdict]:
    """A verdict for each expectation. `keep` is given the whole result, with what was seen in words."""
    measured = {check.rule: _timed(check, heads) for check in one.checks}
    began = time.monotonic()
    figures = {rule: found.figure for rule, (found, _) in measured.items()}
    suite = suite_of(one.table, one.checks, figures, with_rows=one.with_rows)
    conditions = list(conditions_of(one.table).values())
    counts = counted(heads, one.table, conditions) if one.with_rows else pd.DataFrame()
    result = checkpoints.run(suite, counts)
    by_rule = {rule_of(found): found for found in result.results}
    of_rows = [found for rule, found in by_rule.items() if rule not in measured]
    # They share one pass over the rows: each bears its part.
    seconds = (time.monotonic() - began) / max(1, len(of_rows))
    verdicts = [_of_rows(heads, one.table, found, seconds) for found in of_rows]
    verdicts += [_of_check(check, *measured[check.rule], by_rule[check.rule]) for check in one.checks]
    for verdict in verdicts:
        by_rule[verdict.rule].result["observed"] = verdict.observed + verdict.for_example
    keep(result)
    return verdicts


def rule_of(result: ExpectationValidationResult) -> str:
    assert result.expectation_config is not None
    return str(result.expectation_config.meta["rule"])


def _timed(check: Check, heads: Heads) -> tuple[Measured, float]:
    began = time.monotonic()
    return check.measure(heads), time.monotonic() - began


def _of_check(check: Check, measured: Measured, seconds: float, result: ExpectationValidationResult) -> Verdict:
    return Verdict(
        check.table.name,
        check.rule,
        check.sentence,
        check.columns,
        check.severity,
        "passed" if result.success else "failed" if check.severity == "critical" else "warned",
        measured.observed or ("none" if measured.figure == 0 else f"{measured.figure:,g}"),
        measured.figure,
        check.threshold,
        seconds,
        measured.examples,
        measured.by_source,
        measured.cases,
    )


def _of_rows(heads: Heads, table: Table, result: ExpectationValidationResult, seconds: float) -> Verdict:
    config = result.expectation_config
    assert config is not None
    found: dict[str, Any] = result.result
    figure = found.get("observed_value")
    code = rule_of(result).removeprefix(f"{table.name}.")
    broken = NOTHING_BROKEN if result.success else _broken(heads, table, code, found)
    return Verdict(
        table.name,
        rule_of(result),
        str(config.description),
        tuple(config.meta["columns"]),
        "critical",
        "passed" if result.success else "failed",
        "none" if result.success else _in_words(found),
        float(figure) if isinstance(figure, int | float) else 0.0,
        "none",
        seconds,
        broken.examples,
        broken.by_source,
        broken.cases,
    )


def _in_words(found: dict[str, Any]) -> str:
    if nulls := found.get("nulls_by_column"):
        return ", ".join(f"{name} is NULL in {_rows(count)}" for name, count in nulls.items())
    if types := found.get("other_types"):
        return ", ".join(f"{name} is {kind}" for name, kind in types.items())
    figure = found.get("observed_value")
    return "not counted: a column is missing" if figure is None else _rows(int(figure))


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _broken(heads: Heads, table: Table, code: str, found: dict[str, Any]) -> Measured:
    """Keys of rows that fail, and their sources: asked for only now, of the failing condition alone."""
    if nulls := found.get("nulls_by_column"):
        broken = " OR ".join(map(rows_without, nulls))
    elif found.get("observed_value") and (condition := conditions_of(table).get(code)):
        broken = rows_against(condition)
    else:
        return NOTHING_BROKEN
    query = f"SELECT * FROM {heads.part(table)} AS rows_of_it WHERE {broken}"
    return told_apart(heads, table, query, table.key, Measured(0))
