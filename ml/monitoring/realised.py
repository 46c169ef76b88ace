"""What came true of what models said, once the horizon of the prediction is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

STEPS = 1_000
"""Probabilities are told apart to a thousandth: so customers can be counted instead of collected."""
WEEK = 7


def churn_outcomes(predictions: DataFrame, orders: DataFrame, *, horizon_days: int) -> DataFrame:
    """Grain: one probability, to a thousandth: `said`, `customers`, and how many of them `left`.

    `predictions` are rows of gold.customer_predictions of one day, all of whose horizon is over. A customer left who
    has no order from predicted_on on within the horizon.
    """
    day = F.col("predicted_on")
    said = predictions.where("churn_probability IS NOT NULL").select(
        "source_system",
        "customer_durable_key",
        "predicted_on",
        F.round(F.col("churn_probability") * STEPS).alias("said"),
    )
    came = orders.select("source_system", "customer_durable_key", "order_date").distinct()
    within = (F.col("order_date") >= day) & (F.col("order_date") < F.date_add(day, horizon_days))
    back = said.join(came, ["source_system", "customer_durable_key"]).where(within)
    back = back.select("source_system", "customer_durable_key", F.lit(1).alias("_came")).distinct()
    joined = said.join(back, ["source_system", "customer_durable_key"], "left")
    return joined.groupBy((F.col("said") / STEPS).alias("said")).agg(
        F.count("*").alias("customers"), F.count_if(F.col("_came").isNull()).alias("left")
    )


def churn_measures(outcomes: Sequence[tuple[float, int, int]]) -> dict[str, float]:
    """Measures of (probability, customers, of whom left), one entry per probability: roc_auc, brier, the share that
    left (`rate`) and the one that was said (`said_rate`). Empty where nobody is left to judge, or all did alike."""
    rows = sorted(outcomes)
    total, left = sum(n for _, n, _ in rows), sum(gone for _, _, gone in rows)
    if not total or left in (0, total):
        return {}
    stayed_below, pairs = 0, 0.0
    for _, customers, gone in rows:
        stayed = customers - gone
        pairs += gone * (stayed_below + stayed / 2)
        stayed_below += stayed
    squares = sum(gone * (1 - said) ** 2 + (customers - gone) * said**2 for said, customers, gone in rows)
    return {
        "roc_auc": pairs / (left * (total - left)),
        "brier": squares / total,
        "rate": left / total,
        "said_rate": sum(said * customers for said, customers, _ in rows) / total,
    }


def demand_measures(forecasts: DataFrame, actual: DataFrame, *, until: date) -> list[dict[str, Any]]:
    """One entry per level and measure: `wape` and `coverage_95` of the weeks that are over at `until`.

    `actual` has source_system, currency, series_level, series_value, measure, week_start, value; a week without a row
    is one without sales. Series are joined, never collected.
    """
    last = until - timedelta(days=WEEK)
    over = forecasts.where(F.col("week_start") <= F.lit(last))
    key = ["source_system", "currency", "series_level", "series_value", "measure", "week_start"]
    joined = over.join(actual.select(*key, "value"), key, "left").na.fill(0.0, ["value"])
    inside = F.col("value").between(F.col("low_95"), F.col("high_95"))
    found = joined.groupBy("series_level", "measure").agg(
        F.sum(F.abs(F.col("forecast") - F.col("value"))).alias("missed"),
        F.sum("value").alias("sold"),
        F.avg(inside.cast("double")).alias("coverage_95"),
    )
    return [row.asDict() for row in found.collect()]
