"""What follows from the canonical columns: the days are those of the source's clocks."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.settings import Calendar
from lakehouse.silver.derived_columns import reasons_of_time, with_country, with_worked_out_columns
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.silver import CAMPAIGN_SPEND, CUSTOMERS

AS_OF = date(2024, 2, 1)


def told(spark: SparkSession, happened_at: str, *times: tuple[str, str]) -> DataFrame:
    """Rows that happened at an instant in UTC, which the clocks of the source showed as `_local`."""
    schema = "at STRING, local STRING"
    return spark.createDataFrame(list(times), schema).select(
        F.col("at").cast("timestamp").alias(happened_at),
        F.col("local").cast("timestamp").alias("_local"),
        F.lit("EUR").alias("currency"),
        F.lit(None).cast("string").alias("ship_country_name"),
        *(F.lit(1).cast("decimal(18,4)").alias(name) for name in ("quantity", "unit_price", "discount")),
        *(F.lit(None).cast("decimal(18,4)").alias(name) for name in ("gross_amount", "net_amount")),
    )


@pytest.mark.parametrize(
    ("feed", "names"),
    [
        ("order_lines", ("ordered_at", "order_date", "order_month")),
        ("returns", ("returned_at", "return_date", "return_month")),
    ],
)
def test_day_and_month_are_those_that_the_clocks_of_the_source_showed(
    spark: SparkSession, feed: str, names: tuple[str, str, str]
) -> None:
    berlin = [
        ("2024-01-04 23:30:00", "2024-01-05 00:30:00"),
        ("2024-01-31 22:30:00", "2024-01-31 23:30:00"),
        ("2024-01-31 23:30:00", "2024-02-01 00:30:00"),
    ]
    new_york = [("2024-03-01 04:30:00", "2024-02-29 23:30:00")]
    rows = with_worked_out_columns(told(spark, names[0], *berlin, *new_york), FEEDS[feed], ())
    found = [tuple(map(str, row)) for row in rows.orderBy(names[0]).select(*names[1:]).collect()]
    assert found == [
        ("2024-01-05", "2024-01-01"),
        ("2024-01-31", "2024-01-01"),
        ("2024-02-01", "2024-02-01"),
        ("2024-02-29", "2024-02-01"),
    ]


def test_the_day_of_as_of_is_here_and_the_one_after_it_is_the_future(spark: SparkSession) -> None:
    times = [
        ("2024-01-31 22:30:00", "2024-01-31 23:30:00"),
        ("2024-01-31 23:30:00", "2024-02-01 00:30:00"),
        ("2024-02-01 22:59:59", "2024-02-01 23:59:59"),
        ("2024-02-01 23:00:00", "2024-02-02 00:00:00"),
    ]
    reasons = reasons_of_time(FEEDS["order_lines"], F.lit(AS_OF), Calendar())
    found = told(spark, "ordered_at", *times).orderBy("ordered_at").select(reasons).collect()
    assert [codes for [codes] in found] == [[], [], [], ["in_future:ordered_at"]]


def test_a_day_without_a_time_is_held_against_as_of_and_the_calendar_alike(spark: SparkSession) -> None:
    calendar = Calendar(first_day=date(2024, 1, 1), last_day=date(2024, 2, 3))
    days = ["2023-12-31", "2024-01-01", "2024-02-01", "2024-02-02", "2024-02-04"]
    feed = FEEDS[CAMPAIGN_SPEND.short_name]
    rows = spark.createDataFrame([(day,) for day in days], "day STRING").select(F.expr("CAST(day AS DATE)").alias("d"))
    reasons = reasons_of_time(feed, F.lit(AS_OF), calendar)
    found = rows.withColumnRenamed("d", "spend_date").orderBy("spend_date").select(reasons).collect()
    future, outside = "in_future:spend_date", "outside_calendar:spend_date"
    assert [sorted(codes) for [codes] in found] == [[outside], [], [], [future], [future, outside]]


def test_what_happens_at_no_time_is_never_in_the_future(spark: SparkSession) -> None:
    reasons = reasons_of_time(FEEDS[CUSTOMERS.short_name], F.lit(AS_OF), Calendar())
    assert spark.range(1).select(reasons).collect()[0][0] == []


def test_a_country_that_is_known_has_its_code_and_name_and_any_other_keeps_its_text(spark: SparkSession) -> None:
    sent = [(1, "united KINGDOM"), (2, "de"), (3, "Atlantis"), (4, "Unspecified"), (5, None)]
    rows = spark.createDataFrame(sent, "place INT, country_name STRING")
    found = with_country(rows, "country_name", "country_code").orderBy("place")
    assert [tuple(row) for row in found.select("country_name", "country_code").collect()] == [
        ("United Kingdom", "GB"), ("Germany", "DE"), ("Atlantis", None), (None, None), (None, None),
    ]  # fmt: skip
