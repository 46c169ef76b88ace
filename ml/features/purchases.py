"""What a customer's orders before a cut-off say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.tables.fields.features import WINDOWS
from lakehouse.tables.types import MONEY

CUSTOMER = ["source_system", "customer_durable_key"]
AT = [*CUSTOMER, "cut_off"]
_AMOUNTS = ("gross_revenue", "discount", "net_revenue", "margin")
_DAYS_OF_MONEY = (90, 365)


def before_cut_offs(rows: DataFrame, day: Column, cut_offs: Sequence[date]) -> DataFrame:
    """Each row once for each of the cut-offs that lies after its day: `cut_off`, and `_ago`, whole days, at least 1."""
    known = rows.withColumn("cut_off", F.explode(F.array(*(F.lit(one) for one in cut_offs))))
    return known.withColumn("_ago", F.date_diff("cut_off", day)).where("_ago >= 1")


def days_with_orders(orders: DataFrame) -> DataFrame:
    """Grain: one customer, day and currency. Guests are left out.

    `_gap`: days since the customer's last day with orders before, where there was one; on one row of each day only.
    """
    by_customer = Window.partitionBy(*CUSTOMER).orderBy("order_date", "currency")
    # Everything after it is by customer: one shuffle serves all of it.
    known = orders.where("customer_id IS NOT NULL").repartition("customer_durable_key")
    days = known.groupBy(*CUSTOMER, "order_date", "currency").agg(
        F.max("customer_id").alias("customer_id"),
        F.count("*").alias("orders"),
        *(F.sum(name).alias(name) for name in ("units", "lines", *_AMOUNTS)),
    )
    gap = F.date_diff("order_date", F.lag("order_date").over(by_customer))
    # A second currency of the same day is no day of its own: its gap is 0.
    return days.withColumn("_since", gap).withColumns(
        {"_gap": F.when(F.col("_since") > 0, F.col("_since")), "_is_day": F.coalesce(F.col("_since"), F.lit(1)) > 0}
    )


def purchases(orders: DataFrame, cut_offs: Sequence[date]) -> DataFrame:
    """Grain: one customer (`customer_id`, `customer_durable_key`) who ordered before the cut-off.

    Money is that of the orders in the main currency, `currency`: no two are added up.
    """
    rows = before_cut_offs(days_with_orders(orders), F.col("order_date"), cut_offs)
    by_currency = rows.groupBy(*AT, "currency").agg(
        F.max("customer_id").alias("customer_id"),
        F.min("_ago").alias("_last"),
        F.max("_ago").alias("_first"),
        F.count_if("_is_day").alias("_days"),
        F.count("_gap").alias("_gaps"),
        F.sum("_gap").alias("_gap"),
        F.sum(F.col("_gap") * F.col("_gap")).alias("_gap_squared"),
        *(F.sum(name).alias(name) for name in ("orders", "units", "lines")),
        *(_within(days, "orders", 0).alias(f"orders_{days}d") for days in WINDOWS),
        *(F.sum(name).cast(MONEY).alias(name) for name in ("gross_revenue", "discount", "net_revenue")),
        *(_within(days, "net_revenue", 0).cast(MONEY).alias(f"revenue_{days}d") for days in _DAYS_OF_MONEY),
        _within(365, "margin", None).cast(MONEY).alias("margin_365d"),
    )
    return _with_ratios(_over_currencies(by_currency))


def _within(days: int, name: str, none: int | None) -> Column:
    value = F.when(F.col("_ago") <= days, F.col(name))
    return F.sum(value if none is None else F.coalesce(value, F.lit(none)))


def _over_currencies(rows: DataFrame) -> DataFrame:
    """Counts of all currencies, and the amounts of the main one with the number of orders in it, `_main_orders`."""
    money = ("currency", "gross_revenue", "discount", "net_revenue", "revenue_90d", "revenue_365d", "margin_365d")
    counts = ("_days", "_gaps", "_gap", "_gap_squared", "orders", "units", "lines")
    in_main = F.struct(*money, F.col("orders").alias("_main_orders"))
    return (
        rows.groupBy(*AT)
        .agg(
            F.max("customer_id").alias("customer_id"),
            F.min("_last").alias("_last"),
            F.max("_first").alias("_first"),
            *(F.sum(name).alias(name) for name in (*counts, *(f"orders_{days}d" for days in WINDOWS))),
            F.max_by(in_main, F.struct("orders", "currency")).alias("_main"),
        )
        .select("*", "_main.*")
        .drop("_main")
    )


def _with_ratios(rows: DataFrame) -> DataFrame:
    # Who has no gap has no mean of them: NULL by 0 is NULL for Spark, and an error for Sail.
    gaps = F.nullif(F.col("_gaps"), F.lit(0))
    mean = F.col("_gap") / gaps
    # From whole numbers: the same whatever the order in which they were added up.
    variance = (gaps * F.col("_gap_squared") - F.col("_gap") * F.col("_gap")) / (gaps * gaps)
    return rows.withColumnsRenamed({"net_revenue": "revenue_before", "orders": "orders_before"}).withColumns(
        {
            "days_since_last_order": F.col("_last"),
            "age_days": F.col("_first"),
            "repeat_days": F.col("_days") - 1,
            "repeat_span_days": F.col("_first") - F.col("_last"),
            "mean_gap_days": mean,
            "sd_gap_days": F.sqrt(variance),
            "last_gap_ratio": F.col("_last") / mean,
            "units_per_order": F.col("units") / F.col("orders_before"),
            "lines_per_order": F.col("lines") / F.col("orders_before"),
            "mean_order_revenue": (F.col("revenue_before") / F.col("_main_orders")).cast(MONEY),
            "discount_share": F.try_divide(F.col("discount").cast("double"), F.col("gross_revenue").cast("double")),
        }
    )
