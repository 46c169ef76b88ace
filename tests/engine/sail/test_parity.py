"""Every function and operator of expressions, over edge values: what Sail takes otherwise than Spark is refused on it.

What is asked stands in bench/parity/expressions.toml. Where Sail stops, Spark does it: that is told, not silent.
"""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from bench.parity.__main__ import by_sail, by_spark, of_refusals
from bench.parity.ask import STOPS, expressions
from bench.parity.judge import Verdict, as_declared, is_refused, verdict
from lakehouse.engine.sail.unlike import NAMES
from lakehouse.sources.mapping.allowed import FUNCTIONS
from tests.docs.pages import ROOT

Answers = dict[str, list[str]]


@pytest.fixture(scope="module")
def both(classic: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Answers]:
    """What Spark and Sail say of each expression."""
    spark = by_spark(classic)
    return spark, by_sail(tmp_path_factory.mktemp("sail"))


def test_every_function_that_an_expression_may_use_is_asked_for() -> None:
    assert not FUNCTIONS - {name for name, _ in expressions()}


def test_nothing_is_taken_otherwise_in_silence(both: tuple[Answers, Answers]) -> None:
    spark, sail = both
    silent = [sql for _, sql in expressions() if verdict(sql, spark[sql], sail[sql]) is Verdict.SILENT]
    assert not silent, {sql: (spark[sql], sail[sql]) for sql in silent}


def test_what_spark_has_not_is_refused_on_sail_too(both: tuple[Answers, Answers]) -> None:
    spark, sail = both
    asked = [sql for _, sql in expressions() if verdict(sql, spark[sql], sail[sql]) is Verdict.UNKNOWN]
    assert [sql for sql in asked if set(sail[sql]) != {STOPS} and not is_refused(sql)] == []


def test_every_reason_for_a_refusal_still_holds(both: tuple[Answers, Answers]) -> None:
    """A new version of Sail that takes them as Spark does lifts the refusal."""
    spark, sail = both
    other = (Verdict.REFUSED, Verdict.UNKNOWN)
    differing = {name for name, sql in expressions() if verdict(sql, spark[sql], sail[sql]) in other}
    reasons = {NAMES[name] for name in differing if name in NAMES}
    assert set(NAMES.values()) - reasons == set()


def test_the_page_has_the_table_that_the_command_prints() -> None:
    assert of_refusals() in (ROOT / "docs/engines.md").read_text(encoding="utf-8")


def test_a_result_that_changes_on_one_engine_is_found(both: tuple[Answers, Answers]) -> None:
    spark, sail = both
    asked = "upper(t)"
    other = [*sail[asked][:-1], "'otherwise'"]
    assert verdict(asked, spark[asked], sail[asked]) is Verdict.SAME
    assert verdict(asked, spark[asked], other) is Verdict.SILENT
    assert verdict(asked, spark[asked], [*sail[asked][:-1], STOPS]) is Verdict.STOPS
    assert verdict("initcap(t)", spark[asked], other) is Verdict.REFUSED


@pytest.mark.parametrize(
    ("sql", "declared"),
    [
        ("d * f", "CAST(u AS DECIMAL(18,4)) * CAST(u AS DOUBLE)"),
        ("day(day)", "day(to_date(u))"),
        ("concat(t, 'd', at)", "concat(t, 'd', to_timestamp(u))"),
        ("split(t, ',')[i].d", "split(t, ',')[CAST(u AS INT)].d"),
    ],
)
def test_columns_of_other_types_stand_for_what_declares_them(sql: str, declared: str) -> None:
    assert as_declared(sql) == declared


@pytest.mark.parametrize(
    ("spark", "sail", "alike"),
    [
        ("-0.0", "0.0", True),
        ("[-0.0, 1.5]", "[0.0, 1.5]", True),
        ("Decimal('1.50')", "Decimal('1.5')", True),
        ("Decimal('0E-8')", "Decimal('0.00')", True),
        ("Decimal('1.50')", "Decimal('1.51')", False),
        ("Decimal('1.5')", "1.5", False),
        ("'-0.0'", "'0.0'", False),
        ("10.0", "-10.0", False),
        ("None", "'None'", False),
    ],
)
def test_zeros_that_no_table_shows_do_not_count(spark: str, sail: str, alike: bool) -> None:
    assert (verdict("upper(t)", [spark], [sail]) is Verdict.SAME) == alike
