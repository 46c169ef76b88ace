"""Weekly sums by product from days, and the bounded frame of them that forecasts start from.

All that is revenue counts, postage and fees too, so that the total is the shop's: `is_merchandise` is not asked for.
Products beyond the largest are added up by category into one series each.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

UNKNOWN = "unknown"
"""Category of products that have none."""
RECENT_WEEKS = 26
"""Products are ranked by revenue of the last so many weeks."""
MEASURES = ("lines", "revenue", "units")
COLUMNS = ("currency", "product_durable_key", "product_id", "category", "week_start", *MEASURES)


def last_week(as_of: date) -> date:
    """Monday of the last week that is over at `as_of`, the first day of which nothing is known."""
    return as_of - timedelta(days=as_of.weekday() + 7)


def weekly_sales(days: DataFrame, products: DataFrame, *, as_of: date, most_products: int) -> DataFrame:
    """Grain: one product, or the small ones of a category together (key NULL), in one week with a sale, by currency.

    Takes gold.product_days and current rows of gold.dim_product of one source. Weeks are full ones: the one that
    `as_of` is in is left out, and the one of the source's first sale where that was no Monday. At most
    (most_products + categories) x weeks rows for each currency.
    """
    monday = F.trunc("full_date", "week").cast("date")
    sold = days.where((F.col("lines") > 0) & (F.col("full_date") < F.lit(last_week(as_of) + timedelta(days=7))))
    first = sold.agg(F.min("full_date").alias("_first"))
    full = sold.crossJoin(first).withColumn("week_start", monday).where(F.col("week_start") >= F.col("_first"))
    sums = [
        F.sum("lines").alias("lines"),
        F.sum("net_revenue").alias("revenue"),
        F.sum("units").alias("units"),
    ]
    by_week = full.groupBy("currency", "product_durable_key", "week_start").agg(*sums)
    named = by_week.join(_members(products), "product_durable_key", "left").withColumn(
        "category", F.coalesce("category", F.lit(UNKNOWN))
    )
    largest = _largest(named, as_of, most_products)
    key = ["currency", "product_durable_key"]
    kept = named.join(largest, key, "left").withColumns(
        {
            "product_durable_key": F.when(F.col("_kept"), F.col("product_durable_key")),
            "product_id": F.when(F.col("_kept"), F.col("product_id")),
        }
    )
    totals = [F.sum(name).cast("double").alias(name) for name in MEASURES]
    return kept.groupBy(*COLUMNS[:5]).agg(*totals).select(*COLUMNS)


def _members(products: DataFrame) -> DataFrame:
    return products.where("is_current").select("product_durable_key", "product_id", "category")


def _largest(weeks: DataFrame, as_of: date, most: int) -> DataFrame:
    """Keys of the products with a series of their own, in each currency."""
    since = last_week(as_of) - timedelta(weeks=RECENT_WEEKS - 1)
    recent = F.sum(F.when(F.col("week_start") >= F.lit(since), F.col("revenue")).otherwise(F.lit(0)))
    ranked = weeks.groupBy("currency", "product_durable_key").agg(
        recent.alias("_recent"), F.max("week_start").alias("_last")
    )
    order = Window.partitionBy("currency").orderBy(F.desc("_recent"), F.desc("_last"), F.asc("product_durable_key"))
    kept = ranked.withColumn("_place", F.row_number().over(order)).where(F.col("_place") <= most)
    return kept.select("currency", "product_durable_key", F.lit(True).alias("_kept"))


def collected(weeks: DataFrame) -> pd.DataFrame:
    """The rows in this process, in an order that does not depend on Spark's."""
    frame = weeks.toPandas()
    frame["week_start"] = pd.to_datetime(frame["week_start"])
    for name in MEASURES:
        frame[name] = frame[name].astype(float)
    return frame.sort_values(["currency", "category", "product_durable_key", "week_start"]).reset_index(drop=True)
