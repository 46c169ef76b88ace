"""What came true of predictions: counted, not collected, and the same as from the customers one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pyspark.sql import SparkSession

from lakehouse.tables.gold import DIM_PRODUCT
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.gold.scores import CUSTOMER_PREDICTIONS, DEMAND_FORECAST
from ml.monitoring.realised import churn_measures, churn_outcomes, demand_measures
from ml.monitoring.weekly import weekly_levels
from tests.lakes import arrow, frame_of

DAY = date(2024, 1, 1)
HORIZON = 90


def said(key: int, probability: float | None) -> dict[str, object]:
    return {
        "source_system": "s", "customer_durable_key": key, "predicted_on": DAY, "churn_probability": probability
    }  # fmt: skip


def ordered(key: int, days: int) -> dict[str, object]:
    return {"source_system": "s", "customer_durable_key": key, "order_date": DAY + timedelta(days=days)}


def test_a_customer_stayed_who_ordered_from_the_day_on_and_before_the_horizon_ends(spark: SparkSession) -> None:
    predictions = spark.createDataFrame(
        arrow(CUSTOMER_PREDICTIONS, [said(1, 0.2), said(2, 0.2), said(3, 0.9), said(4, 0.9), said(5, None)])
    )
    orders = spark.createDataFrame(
        arrow(ORDER_TOTALS, [ordered(1, 0), ordered(1, 5), ordered(2, -1), ordered(3, 89), ordered(4, 90)])
    )
    found = churn_outcomes(predictions, orders, horizon_days=HORIZON).collect()
    assert sorted((row["said"], row["customers"], row["left"]) for row in found) == [(0.2, 2, 1), (0.9, 2, 1)]


def test_measures_are_those_of_the_customers_one_by_one() -> None:
    # 0.1: stayed, stayed; 0.5: stayed, left; 0.9: left. Of 2 x 3 pairs of one who left and one who stayed 5 are right,
    # and the one of equal probabilities is half right.
    found = churn_measures([(0.9, 1, 1), (0.1, 2, 0), (0.5, 2, 1)])
    assert found["roc_auc"] == pytest.approx(5.5 / 6)
    assert found["brier"] == pytest.approx((2 * 0.01 + 2 * 0.25 + 0.01) / 5)
    assert (found["rate"], found["said_rate"]) == (pytest.approx(0.4), pytest.approx((0.2 + 1 + 0.9) / 5))


@pytest.mark.parametrize("outcomes", [[], [(0.5, 3, 3)], [(0.5, 3, 0)]])
def test_where_all_did_alike_nothing_is_measured(outcomes: list[tuple[float, int, int]]) -> None:
    assert churn_measures(outcomes) == {}


def test_only_weeks_that_are_over_count_and_one_without_sales_is_0(spark: SparkSession) -> None:
    weeks = [DAY + timedelta(weeks=number) for number in range(3)]
    series = {
        "source_system": "s",
        "currency": "GBP",
        "series_level": "total",
        "series_value": "all",
        "measure": "lines",
    }
    forecast = [series | {"week_start": week, "forecast": 10.0, "low_95": 5.0, "high_95": 15.0} for week in weeks]
    actual = spark.createDataFrame(
        [("s", "GBP", "total", "all", "lines", weeks[0], 14.0), ("s", "GBP", "total", "all", "lines", weeks[2], 99.0)],
        "source_system STRING, currency STRING, series_level STRING, series_value STRING, measure STRING,"
        " week_start DATE, value DOUBLE",
    )
    frame = frame_of(spark, arrow(DEMAND_FORECAST, forecast))
    [found] = demand_measures(frame, actual, until=weeks[2])
    assert (found["missed"], found["sold"], found["coverage_95"]) == (4.0 + 10.0, 14.0, 0.5)
    [partly] = demand_measures(frame, actual, until=weeks[2] + timedelta(days=6))
    assert partly["sold"] == 14.0


def test_weeks_are_added_up_by_product_category_and_all_and_only_those_of_the_span(spark: SparkSession) -> None:
    goods = [
        {"source_system": "s", "product_durable_key": key, "product_id": f"P{key}", "category": category}
        for key, category in ((1, "Hats"), (2, "Hats"), (3, None))
    ]
    monday = date(2024, 1, 8)
    sold = [
        {"source_system": "s", "currency": "GBP", "product_durable_key": key,
         "full_date": monday + timedelta(days=days), "lines": lines, "units": 2 * lines, "net_revenue": lines * 10}
        for key, days, lines in ((1, 0, 1), (1, 6, 2), (2, 3, 4), (3, 7, 8), (1, -1, 99), (2, 14, 99))
    ]  # fmt: skip
    found = weekly_levels(
        frame_of(spark, arrow(PRODUCT_DAYS, sold)),
        frame_of(spark, arrow(DIM_PRODUCT, goods)),
        since=monday + timedelta(days=2),
        until=monday + timedelta(days=14),
    )
    lines = {
        (row["series_level"], row["series_value"], row["week_start"]): row["value"]
        for row in found.where("measure = 'lines'").collect()
    }
    second = monday + timedelta(days=7)
    assert lines == {
        ("product", "P1", monday): 3, ("product", "P2", monday): 4, ("product", "P3", second): 8,
        ("category", "Hats", monday): 7, ("category", "unknown", second): 8,
        ("total", "(all)", monday): 7, ("total", "(all)", second): 8,
    }  # fmt: skip
    assert {row["measure"] for row in found.collect()} == {"lines", "units", "revenue"}
