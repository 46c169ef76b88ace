"""Dimensions hold the members that sources describe, those that facts merely name, and one unknown one per source."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.gold.star.dim_date import dim_date, public_holidays
from lakehouse.gold.star.versions import FROM, TO, differing_spans
from lakehouse.settings import Calendar, ConfigurationError
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, PRODUCTS, RETURNS
from tests.gold.conftest import Silver, day, values

FIRST_TEXT, LAST_TEXT = "0001-01-01 00:00:00", "9999-12-31 00:00:00"
MARCH, MAY = day("2024-03-01"), day("2024-05-01")


def test_members_that_only_facts_name_are_inferred_and_always_valid(silver: Silver) -> None:
    silver.has(CUSTOMERS, {"customer_id": "known"})
    silver.has(ORDER_LINES, {"customer_id": "known"}, {"customer_id": "sold"})
    silver.has(RETURNS, {"customer_id": "came back", "source_system": "t"})
    times = [F.col(name).cast("string").alias(name) for name in ("valid_from", "valid_to")]
    found = silver.customers().select("source_system", "customer_id", "is_inferred", "email", *times)
    assert values(found, *found.columns) == [
        ("s", "known", False, None, FIRST_TEXT, LAST_TEXT),
        ("s", "sold", True, None, FIRST_TEXT, LAST_TEXT),
        ("s", None, False, None, FIRST_TEXT, LAST_TEXT),
        ("t", "came back", True, None, FIRST_TEXT, LAST_TEXT),
        ("t", None, False, None, FIRST_TEXT, LAST_TEXT),
    ]


def test_a_source_without_facts_has_no_unknown_member(silver: Silver) -> None:
    silver.has(CUSTOMERS, {"customer_id": "known"})
    assert values(silver.customers(), "customer_id") == [("known",)]


def test_completing_an_inferred_member_keeps_its_key(silver: Silver) -> None:
    silver.has(ORDER_LINES, {})
    inferred = values(silver.customers().where("customer_id = 'C'"), "customer_key", "customer_durable_key")
    silver.has(CUSTOMERS, {"valid_to": MARCH}, {"valid_from": MARCH})
    completed = silver.customers().where(F.col("valid_to") == F.lit(MARCH))
    assert values(completed, "customer_key", "customer_durable_key") == inferred


def test_versions_of_a_member_differ_in_key_and_share_the_durable_one(silver: Silver) -> None:
    silver.has(PRODUCTS, {"valid_to": MARCH}, {"valid_from": MARCH})
    products = silver.products()
    assert products.select("product_key").distinct().count() == 2
    assert products.select("product_durable_key").distinct().count() == 1


def test_what_nobody_described_counts_as_merchandise(silver: Silver) -> None:
    silver.has(PRODUCTS, {"product_id": "postage", "is_merchandise": False}).has(ORDER_LINES, {"product_id": "new"})
    assert values(silver.products(), "product_id", "is_merchandise") == [
        ("new", True),
        ("postage", False),
        (None, True),
    ]


# ── when a change of versions makes a difference ───────────────────────────────────────────────────────────────────


def spans(silver: Silver, old: list[dict[str, object]], new: list[dict[str, object]]) -> list[tuple[str, str]]:
    def versions(rows: list[dict[str, object]]) -> DataFrame:
        return Silver(silver.spark).has(CUSTOMERS, *rows).rows(CUSTOMERS)

    found = differing_spans(versions(old), versions(new), ("source_system", "customer_id"), ("city",))
    return values(found.select(F.col(FROM).cast("string"), F.col(TO).cast("string")).distinct(), "*")


def test_a_change_that_facts_cannot_see_makes_no_difference(silver: Silver) -> None:
    assert spans(silver, [{"city": "Bath"}], [{"city": "Bath", "email": "a@b.c"}]) == []


def test_a_move_makes_a_difference_from_that_day_on_alone(silver: Silver) -> None:
    moved = [{"city": "Bath", "valid_to": MARCH}, {"city": "Bonn", "valid_from": MARCH}]
    assert spans(silver, [{"city": "Bath"}], moved) == [("2024-03-01 00:00:00", LAST_TEXT)]


def test_a_late_version_makes_a_difference_for_its_time_alone(silver: Silver) -> None:
    known = [{"city": "Bath", "valid_to": MAY}, {"city": "Bonn", "valid_from": MAY}]
    late = [{"city": "Bath", "valid_to": MARCH}, {"city": "York", "valid_from": MARCH, "valid_to": MAY}, known[1]]
    assert spans(silver, known, late) == [("2024-03-01 00:00:00", "2024-05-01 00:00:00")]


# ── the calendar ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_days_know_their_week_fiscal_year_and_holidays(spark: SparkSession) -> None:
    calendar = Calendar(
        first_day=date(2020, 12, 26), last_day=date(2021, 1, 4), fiscal_year_starts_in=4, holiday_countries=("GB", "US")
    )
    rows = {row["full_date"]: row for row in dim_date(spark, calendar).collect()}
    assert len(rows) == 10
    new_year = rows[date(2021, 1, 1)]
    assert (new_year["date_key"], new_year["iso_year"], new_year["iso_week"]) == (20210101, 2020, 53)
    assert new_year["week_start"] == date(2020, 12, 28)
    assert (new_year["fiscal_year"], new_year["fiscal_quarter"], new_year["fiscal_month"]) == (2021, 4, 10)
    assert (new_year["day_name"], new_year["month_name"], new_year["is_weekend"]) == ("Friday", "January", False)
    assert (new_year["is_holiday"], set(new_year["holidays"])) == (True, {"GB", "US"})
    # Boxing Day 2020 was a Saturday: the Monday is given off instead.
    assert rows[date(2020, 12, 28)]["is_holiday"]
    plain = rows[date(2020, 12, 30)]
    assert (plain["is_holiday"], plain["holiday_name"], plain["holidays"]) == (False, None, {})


def test_a_fiscal_year_from_january_is_the_calendar_year(spark: SparkSession) -> None:
    days = Calendar(first_day=date(2024, 12, 31), last_day=date(2025, 1, 1), holiday_countries=())
    assert values(dim_date(spark, days), "year", "fiscal_year", "fiscal_month", "is_holiday") == [
        (2024, 2024, 12, False),
        (2025, 2025, 1, False),
    ]


def test_a_country_without_a_calendar_is_refused_with_the_place_to_mend() -> None:
    with pytest.raises(ConfigurationError, match="holiday_countries"):
        public_holidays("XX", date(2024, 1, 1), date(2024, 12, 31))
