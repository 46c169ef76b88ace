"""Cases: customers at cut-offs with what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.churn.inputs import ATTRIBUTES, KEYS, NUMBERS

_BUCKETS = 1_000_000


def plain(features: DataFrame) -> DataFrame:
    """The features as models take them: numbers as DOUBLE."""
    return features.select(*KEYS, *(F.col(name).cast("double").alias(name) for name in NUMBERS), *ATTRIBUTES)


def ordered_within(orders: DataFrame, cut_offs: Sequence[date], horizon_days: int) -> DataFrame:
    """Grain: one customer and cut-off with a completed order in the horizon: [cut-off, cut-off + horizon)."""
    ahead = F.date_diff("order_date", "cut_off")
    return (
        orders.where("customer_id IS NOT NULL")
        .withColumn("cut_off", F.explode(F.array(*(F.lit(one) for one in cut_offs))))
        .where((ahead >= 0) & (ahead < horizon_days))
        .select("customer_durable_key", "cut_off")
        .distinct()
    )


def labelled(
    features: DataFrame, orders: DataFrame, *, cut_offs: Sequence[date], horizon_days: int, look_back_days: int
) -> DataFrame:
    """The features of those who ordered in the look-back days before these cut-offs, with `churned`, 0.0 or 1.0."""
    asked = plain(features).where(
        F.col("cut_off").isin(list(cut_offs)) & (F.col("days_since_last_order") <= look_back_days)
    )
    back = ordered_within(orders, cut_offs, horizon_days).withColumn("_back", F.lit(True))
    rows = asked.join(back, ["customer_durable_key", "cut_off"], "left")
    return rows.withColumn("churned", F.col("_back").isNull().cast("double")).drop("_back")


def lapsed_share(orders: DataFrame, *, cut_off: date, horizon_days: int, look_back_days: int) -> float | None:
    """Of those whose last order was before the look-back days, the share that did not come back; None without any."""
    last = F.max(F.when(F.col("order_date") < F.lit(cut_off), F.col("order_date")))
    ahead = F.date_diff("order_date", F.lit(cut_off))
    row = (
        orders.where("customer_id IS NOT NULL")
        .groupBy("customer_durable_key")
        .agg(last.alias("_last"), F.max((ahead >= 0) & (ahead < horizon_days)).alias("_back"))
        .where(F.date_diff(F.lit(cut_off), "_last") > look_back_days)
        .agg(F.avg(F.when(F.col("_back"), 0.0).otherwise(1.0)))
        .first()
    )
    return None if row is None else row[0]


def sampled(cases: DataFrame, share: float) -> DataFrame:
    """So large a share of the customers, each with all cut-offs: the same ones on every day."""
    if share >= 1:
        return cases
    return cases.where(F.pmod(F.xxhash64("customer_durable_key"), F.lit(_BUCKETS)) < int(share * _BUCKETS))


def local(cases: DataFrame) -> pd.DataFrame:
    """The cases in this process, in the order of their keys."""
    return cases.toPandas().sort_values(["cut_off", "customer_durable_key"], ignore_index=True)
