"""The months that spans of versions reach: from the first instant to the last, and never one too few."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.gold.star.fact_sales import months_between
from lakehouse.gold.star.versions import FROM, TO
from lakehouse.tables.types import FIRST_INSTANT, LAST_INSTANT

MONTHS = [date(1700, 1, 1), date(2023, 12, 1), *(date(2024, month, 1) for month in range(1, 7)), date(2150, 1, 1)]


def reached(spark: SparkSession, *spans: tuple[str, str]) -> list[date]:
    rows = spark.createDataFrame(spans, f"{FROM} STRING, {TO} STRING")
    condition = months_between(rows.select(*(F.col(name).cast("timestamp").alias(name) for name in (FROM, TO))))
    assert condition is not None
    months = spark.createDataFrame([(month,) for month in MONTHS], "order_month DATE")
    return [row[0] for row in months.where(condition).orderBy("order_month").collect()]


@pytest.mark.parametrize(
    ("span", "within"),
    [
        ((FIRST_INSTANT, LAST_INSTANT), MONTHS),
        ((FIRST_INSTANT, "2024-01-31 23:30:00"), MONTHS[:4]),
        (("2024-03-01 00:30:00", "2024-03-31 12:00:00"), MONTHS[3:6]),
        (("2024-05-31 12:00:00", LAST_INSTANT), MONTHS[6:]),
    ],
)
def test_every_month_with_a_day_in_the_span_is_reached(
    spark: SparkSession, span: tuple[str, str], within: list[date]
) -> None:
    """With the day on either side that zones may move it by: of the 1st of March the end of February, and so on."""
    found = reached(spark, span)
    assert set(within) <= set(found)
    assert len(found) - len(within) <= 1


def test_the_earliest_and_the_latest_of_several_spans_count(spark: SparkSession) -> None:
    found = reached(spark, ("2024-04-10", "2024-04-11"), ("2024-02-10", "2024-02-11"))
    assert found == MONTHS[3:6]


def test_no_span_reaches_nothing(spark: SparkSession) -> None:
    assert months_between(spark.createDataFrame([], f"{FROM} TIMESTAMP, {TO} TIMESTAMP")) is None
