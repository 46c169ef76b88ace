"""The two groups of each campaign, contacted and held out, as sums over their customers. No customer is collected.

A customer belongs to the group that chance put them in: one who was held out and contacted all the same counts as held
out (intention to treat), for whoever breaks the rule was not drawn at random.
"""

from __future__ import annotations

from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.campaigns.journeys import CUSTOMER, is_over, window_end
from lakehouse.tables.types import MONEY

CAMPAIGN = ["source_system", "campaign_id"]
ARM = [*CAMPAIGN, "is_holdout"]
OUTCOMES = ("orders", "revenue", "margin")
COVARIATE = "before"


def members(touches: DataFrame, *, window_days: int, as_of: date) -> DataFrame:
    """Grain: one customer of one campaign: the group, the first contact (or the time of not being contacted), and
    whether the window that begins with it is over."""
    return (
        touches.groupBy(*CAMPAIGN, "customer_id")
        .agg(F.max("is_holdout").alias("is_holdout"), F.min("touched_at").alias("_start"))
        .withColumn("_end", window_end(F.col("_start"), window_days))
        .withColumn("is_over", is_over(F.col("_end"), as_of))
    )


def sizes(people: DataFrame) -> DataFrame:
    """`customers` by campaign, group and whether their window is over."""
    return people.groupBy(*ARM, "is_over").agg(F.count("*").alias("customers"))


def outcomes(people: DataFrame, orders: DataFrame, *, pre_period_days: int) -> DataFrame:
    """Grain: one customer in one currency, of those with an order: what they bought in the window, and spent before."""
    bought = orders.select(*CUSTOMER, "currency", "ordered_at", "net_revenue", "margin_net_of_returns")
    at, start = F.col("ordered_at"), F.col("_start")
    since = start - F.expr(f"INTERVAL {pre_period_days * 24} HOURS")
    near = people.where("is_over").join(bought, CUSTOMER).where((at >= since) & (at < F.col("_end")))
    within = at >= start

    def total(amount: Column, counts: Column) -> Column:
        return F.coalesce(F.sum(F.when(counts, amount)), F.lit(0)).cast(MONEY)

    return near.groupBy(*ARM, "customer_id", "currency").agg(
        F.count_if(within).cast(MONEY).alias("orders"),
        total(F.col("net_revenue"), within).alias("revenue"),
        total(F.col("margin_net_of_returns"), within).alias("margin"),
        total(F.col("net_revenue"), ~within).alias(COVARIATE),
        F.count_if(within & F.col("margin_net_of_returns").isNotNull()).alias("costed"),
    )


def sums(rows: DataFrame) -> DataFrame:
    """Sums, squares and products over the customers of each group: as many rows as campaigns have groups.

    Customers without any order add nothing to them; `sizes` counts these too. Exact, in decimals.
    """
    products = [F.sum(F.col(name) * F.col(COVARIATE)).alias(f"{name}_x") for name in OUTCOMES]
    squares = [F.sum(F.col(name) * F.col(name)).alias(f"{name}_2") for name in (*OUTCOMES, COVARIATE)]
    plain = [F.sum(name).alias(name) for name in (*OUTCOMES, COVARIATE, "costed")]
    return rows.groupBy(*ARM, "currency").agg(*plain, *squares, *products)
