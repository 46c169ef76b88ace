"""What was sold by week, at the levels of demand: what forecasts are held against once their weeks are over."""

from __future__ import annotations

from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from ml.demand.panel import ALL
from ml.demand.series import MEASURES, UNKNOWN

_WEEK = ["source_system", "currency", "series_level", "series_value", "week_start"]


def weekly_levels(days: DataFrame, products: DataFrame, *, since: date, until: date) -> DataFrame:
    """Grain: one measure of one series in one week with a sale: as in gold.demand_forecast, and its `value`.

    Takes gold.product_days and current rows of gold.dim_product. Days from the week of `since` on and before `until`.
    Products that are forecast together have no series here.
    """
    week = F.trunc("full_date", "week").cast("date")
    sold = days.where((week >= F.trunc(F.lit(since), "week")) & (F.col("full_date") < F.lit(until)))
    members = products.select("product_durable_key", "product_id", F.coalesce("category", F.lit(UNKNOWN)).alias("_of"))
    named = sold.withColumn("week_start", week).join(members, "product_durable_key", "left")
    values = {
        "total": F.lit(ALL),
        "category": F.coalesce("_of", F.lit(UNKNOWN)),
        "product": F.coalesce("product_id", F.concat(F.lit("key "), F.col("product_durable_key").cast("string"))),
    }
    levels = union(
        named.withColumns({"series_level": F.lit(level), "series_value": value}) for level, value in values.items()
    )
    amounts = {"lines": "lines", "units": "units", "revenue": "net_revenue"}
    sums = levels.groupBy(*_WEEK).agg(*(F.sum(amounts[one]).cast("double").alias(one) for one in MEASURES))
    return sums.unpivot([*map(F.col, _WEEK)], [*map(F.col, MEASURES)], "measure", "value")
