"""What the gate leaves behind: verdicts, waivers, warnings, a report, Data Docs."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.delta.rows import small_rows
from lakehouse.settings import ConfigurationError
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_SALES
from lakehouse.tables.ops import QUALITY_RESULTS
from lakehouse.tables.silver import ORDER_LINES
from quality.gate import Refused, check, judge, rules
from quality.gx.docs import build_docs
from quality.heads import Heads
from quality.report.write import write_report
from quality.thresholds import load_thresholds
from quality.waivers import Waived, waive
from tests.quality.star import NOW, Star


def test_a_waived_failure_lets_pass_until_its_day_is_over(spark: SparkSession, tmp_path: Path) -> None:
    lake = Star().change(FACT_SALES, 2, product_key=7).staged_after_the_sound_one(spark, tmp_path)
    rule = "gold.fact_sales.reference_product_key"
    waive(lake, Waived(rule), NOW.date(), "the shop merges its catalogue", known=[rule], now=NOW)
    known = {one.rule: one for one in check(Heads(lake), now=NOW) if one.outcome != "passed"}
    assert known[rule].outcome == "waived"
    assert known[rule].observed == f"1 refer to nothing; waived until {NOW.date()}"
    with pytest.raises(Refused):
        check(Heads(lake), now=NOW + timedelta(days=1))


def test_a_waiver_names_a_rule_a_day_to_come_and_a_reason(spark: SparkSession, tmp_path: Path) -> None:
    lake, known = Star().staged(spark, tmp_path), rules()
    assert len(known) == len(set(known)) > 100
    with pytest.raises(ConfigurationError, match=r"did you mean gold\.fact_sales\.unique_key"):
        waive(lake, Waived("gold.fact_sales.unique_keys"), NOW.date(), "why", known=known, now=NOW)
    with pytest.raises(ConfigurationError, match="is past"):
        waive(lake, Waived(known[0]), date(2024, 1, 31), "why", known=known, now=NOW)
    with pytest.raises(ConfigurationError, match="no source is called shopp"):
        waive(lake, Waived(known[0], "shopp"), NOW.date(), "why", known=known, now=NOW)
    with pytest.raises(ConfigurationError, match="--key is empty"):
        waive(lake, Waived(known[0], "shop", " "), NOW.date(), "why", known=known, now=NOW)
    with pytest.raises(ConfigurationError, match="say why"):
        waive(lake, Waived(known[0]), NOW.date(), " ", known=known, now=NOW)


def test_fewer_rows_than_published_only_warn(spark: SparkSession, tmp_path: Path) -> None:
    """A day is gone from silver and gold alike: nothing is wrong with what is left, but somebody should look."""
    star = Star()
    del star.rows[FACT_SALES.name][2], star.rows[ORDER_LINES.name][2]
    heads = Heads(star.staged_after_the_sound_one(spark, tmp_path))
    past = {f"{table.name}.row_count": [10.0] for table in (FACT_SALES, ORDER_LINES)}
    verdicts = judge(heads, past, now=NOW)
    assert {one.rule: (one.outcome, one.observed, one.threshold) for one in verdicts if one.outcome != "passed"} == {
        "silver.order_lines.row_count": ("warned", "2 rows", "at least 9"),
        "gold.fact_sales.row_count": ("warned", "2 rows", "at least 9"),
    }


def test_what_meets_a_limit_of_the_past_exactly_does_not_warn(spark: SparkSession, tmp_path: Path) -> None:
    """Three lines, of which the newest is 22 days old."""
    staged = Heads(Star().staged(spark, tmp_path))
    rows, days = f"{ORDER_LINES.name}.row_count", f"{ORDER_LINES.name}.days_behind"

    def warned(past: dict[str, list[float]]) -> set[str]:
        return {one.rule for one in judge(staged, past, now=NOW) if one.outcome != "passed"}

    limits = load_thresholds().history
    fewer, later = 1 - limits.max_fewer_rows, limits.max_days_later
    assert warned({rows: [100.0, 3.0 / fewer], days: [22.0 - later, 1.0]}) == set()
    assert warned({rows: [3.0, 4.0 / fewer], days: [21.0 - later, 1.0]}) == {rows, days}


def test_verdicts_report_and_pages_hold_no_personal_value_and_fetch_nothing(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Star().add(DIM_CUSTOMER).staged_after_the_sound_one(spark, tmp_path)
    heads = Heads(lake)
    with pytest.raises(Refused) as refused:
        check(heads, now=NOW)
    rows = {row["rule"]: row for row in small_rows(tmp_path, QUALITY_RESULTS)}
    assert rows["gold.dim_customer.unique_key"]["verdict"] == "failed"
    assert rows["gold.dim_customer.unique_key"]["examples"] == ["1"]
    assert rows["gold.dim_customer.not_null"]["verdict"] == "passed"

    report = write_report(heads, refused.value.verdicts, None, now=NOW)
    index = build_docs(tmp_path)
    page = next(index.parent.rglob("validations/gold/dim_customer/**/*.html"))
    for written in (report, index, page, *tmp_path.rglob("reports/quality/results/**/*.json")):
        text = written.read_text(encoding="utf-8")
        assert "ada@example.org" not in text
        assert "https://" not in text
    assert "nothing was published" in report.read_text(encoding="utf-8")
    assert "1 keys twice, for example 1" in page.read_text(encoding="utf-8")
    before = page.stat().st_mtime_ns
    build_docs(tmp_path)
    assert page.stat().st_mtime_ns == before
