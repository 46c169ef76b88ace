"""Customers without a prediction, and forecasts that do not add up, are found."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST
from quality.checks.predictions import prediction_checks
from quality.heads import Heads
from tests.lakes import write
from tests.quality.star import AS_OF

DAY = date(2024, 2, 1)
BEFORE = {"source_system": "s", "customer_durable_key": 1, "customer_id": "A", "order_date": date(2024, 1, 31)}
GUEST = BEFORE | {"customer_durable_key": 9, "customer_id": None}
ON_THE_DAY = BEFORE | {"customer_durable_key": 2, "order_date": DAY}
PREDICTED = {"source_system": "s", "customer_durable_key": 1, "predicted_on": DAY}
SERIES = {"source_system": "s", "currency": "GBP", "measure": "revenue", "week_start": DAY}
TOTAL = SERIES | {"series_level": "total", "series_value": "all", "forecast": 10.0}
CATEGORIES = [
    SERIES | {"series_level": "category", "series_value": name, "category": name, "forecast": value}
    for name, value in (("Hats", 7.0), ("Bags", 3.0))
]
PRODUCTS = [
    SERIES | {"series_level": "product", "series_value": name, "category": category, "forecast": value}
    for name, category, value in (("P1", "Hats", 4.0), ("P2", "Hats", 3.0), ("P3", "Bags", 3.0))
]


def broken(spark: SparkSession, root: Path) -> set[str]:
    heads = Heads(Lake(spark, root, run_id="r", as_of=AS_OF))
    return {check.code for check in prediction_checks() if check.measure(heads).figure}


@pytest.mark.parametrize(
    ("orders", "predictions", "rules"),
    [
        ([BEFORE, BEFORE, GUEST, ON_THE_DAY], [PREDICTED], set()),
        ([BEFORE], [], {"every_customer"}),
        ([ON_THE_DAY], [PREDICTED | {"customer_durable_key": 2}], {"every_customer"}),
    ],
    ids=["guests and those who came on the day have none", "one is missing", "one has no order before"],
)
def test_just_those_who_ordered_before_the_day_have_a_prediction(
    spark: SparkSession,
    tmp_path: Path,
    orders: list[dict[str, object]],
    predictions: list[dict[str, object]],
    rules: set[str],
) -> None:
    write(tmp_path, ORDER_TOTALS, orders)
    # One of another source gives the day where there is no other.
    other = {"source_system": "t", "customer_durable_key": 5}
    write(tmp_path, ORDER_TOTALS, [BEFORE | other], mode="append")
    write(tmp_path, CUSTOMER_PREDICTIONS, [*predictions, PREDICTED | other])
    assert broken(spark, tmp_path) == rules


@pytest.mark.parametrize(
    ("rows", "rules"),
    [
        ([TOTAL, *CATEGORIES, *PRODUCTS], set()),
        ([TOTAL | {"forecast": 10.001}, *CATEGORIES, *PRODUCTS], {"categories_add_up"}),
        ([TOTAL, *CATEGORIES, *PRODUCTS[:-1]], {"products_add_up"}),
        ([*CATEGORIES, *PRODUCTS], {"categories_add_up"}),
        ([TOTAL | {"forecast": 10 + 1e-9}, *CATEGORIES, *PRODUCTS], set()),
    ],
    ids=["sound", "a little more", "a product lost", "no total", "rounding of the machine"],
)
def test_forecasts_that_do_not_add_up_are_found(
    spark: SparkSession, tmp_path: Path, rows: list[dict[str, object]], rules: set[str]
) -> None:
    write(tmp_path, DEMAND_FORECAST, rows)
    assert broken(spark, tmp_path) == rules
