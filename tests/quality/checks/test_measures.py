"""Cases that break a rule: whose they are, and which few are shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.gold import DIM_DATE, FACT_SALES
from lakehouse.tables.silver import ORDER_LINES
from quality.checks.measures import EXAMPLES, broken_cases, cases_by_source
from quality.heads import Heads
from quality.verdicts import Verdict
from tests.lakes import write

EACH = f"SELECT source_system, order_id FROM {ORDER_LINES.name}"


@pytest.fixture
def heads(spark: SparkSession, tmp_path: Path) -> Heads:
    """Six lines of the shop and one of the stall."""
    sources = ["shop"] * 6 + ["stall"]
    write(tmp_path, ORDER_LINES, [{"source_system": name, "order_id": f"A{n}"} for n, name in enumerate(sources)])
    return Heads(Lake(spark, tmp_path, run_id="r", as_of=date(2024, 3, 1)), (), [1])


def test_cases_are_counted_by_the_source_that_they_name(heads: Heads) -> None:
    assert cases_by_source(heads, ORDER_LINES, EACH, ["source_system", "order_id"]) == {"shop": 6, "stall": 1}


def test_cases_that_name_no_source_are_of_the_rows_that_they_are_about(heads: Heads) -> None:
    of_one = f"SELECT order_id FROM {ORDER_LINES.name} WHERE order_id IN ('A0', 'A6')"
    assert cases_by_source(heads, ORDER_LINES, of_one, ["order_id"]) == {"shop": 1, "stall": 1}
    assert cases_by_source(heads, DIM_DATE, of_one, ["order_id"]) == {}


def test_where_one_case_is_of_no_source_nothing_is_said_of_the_others(heads: Heads) -> None:
    of_none = f"{EACH} UNION ALL SELECT NULL, 'A9'"
    assert cases_by_source(heads, ORDER_LINES, of_none, ["source_system", "order_id"]) == {}


def test_a_few_cases_are_shown_and_all_are_counted(heads: Heads) -> None:
    found = broken_cases(heads, ORDER_LINES, EACH, ["source_system", "order_id"], "lines are odd")
    assert (found.figure, found.observed) == (7, "7 lines are odd")
    assert found.examples == tuple(f"shop, A{number}" for number in range(EXAMPLES))
    assert len(found.cases) == 7
    assert EXAMPLES == 5


def test_examples_are_named_where_there_are_some() -> None:
    def said(*examples: str) -> str:
        return Verdict(FACT_SALES.name, "r", "holds", (), "critical", "failed", "no", 1, "0", 0, examples).for_example

    assert said() == ""
    assert said("a", "b") == ", for example a; b"
