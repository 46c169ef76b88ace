"""Scoring: what customers will bring, in closed form, partition by partition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.settings.models import Clv
from ml.clv.lifetime import CurrencyValue, Lifetime
from ml.training import Files

SCHEMA = (
    "source_system string, customer_durable_key bigint, currency string, expected_orders double, p_alive double,"
    " expected_order_value double, clv double, clv_low double, clv_high double, clv_months array<double>,"
    " clv_basis string, clv_method string"
)
"""Grain: one customer. `expected_orders` are days with an order."""


def score(customers: DataFrame, files: Files | None, *, as_of: date, rules: Clv | None = None) -> DataFrame:
    """The customers of `customer_histories(orders, as_of)` with what they are to bring within the horizon from `as_of`
    on: columns as in SCHEMA, NULL where a method says nothing.

    Horizon and discount are those that the model was trained with. Without a model (`files` is None) all customers get
    the mean of all, of revenue net of returns, over the horizon of `rules`: clv_method is `mean`. Memory does not grow
    with the number of customers: no more than a batch of Arrow is in Python at once.
    """
    model = mean_of(customers, rules or Clv()) if files is None else Lifetime.of(files)

    def scored(batches: Iterable[pd.DataFrame]) -> Iterable[pd.DataFrame]:
        for batch in batches:
            yield model.score(batch, as_of)

    return customers.mapInPandas(scored, SCHEMA)


def mean_of(customers: DataFrame, rules: Clv) -> Lifetime:
    """The fallback: how often all customers bought again by day observed, and the mean of what that brought."""
    repeats, mean = F.col("revenue_repeats"), F.col("revenue_mean")
    rows = (
        customers.groupBy("currency")
        .agg(
            F.sum("frequency").alias("bought"),
            F.sum("observed").alias("days"),
            F.try_divide(F.sum(repeats * mean), F.sum(F.when(mean.isNotNull(), repeats))).alias("mean"),
            F.avg("revenue_first").alias("first"),
        )
        .collect()
    )
    days = sum(row["days"] for row in rows)
    return Lifetime(
        method="mean",
        rate=sum(row["bought"] for row in rows) / days if days else 0.0,
        purchases=None,
        values={
            row["currency"]: CurrencyValue("revenue", row["first"] if row["mean"] is None else row["mean"], None)
            for row in rows
        },
        horizon_months=rules.horizon_months,
        discount_rate=rules.discount_rate,
    )
