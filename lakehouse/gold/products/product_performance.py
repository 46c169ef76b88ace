"""gold.product_performance: what each product brings, whether it rises or falls, and whether it still sells.

What a run costs: one pass over gold.product_days, since rank and class depend on all products at once.
"""

from __future__ import annotations

from datetime import date, timedelta

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.amounts import RETURN_SUMS, SUMS, sums
from lakehouse.gold.products.product_days import COUNTS, net_of_returns
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.marts import Products
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT
from lakehouse.tables.gold.products import PRODUCT_DAYS, PRODUCT_PERFORMANCE
from lakehouse.tables.types import MONEY

GROUP = ["source_system", "currency"]
PRODUCT = [*GROUP, "product_durable_key"]
ABOUT = ("product_id", "product_name", "category", "subcategory", "brand", "is_merchandise")


def product_performance(days: DataFrame, products: DataFrame, rules: Products, *, as_of: date) -> DataFrame:
    """Grain: one product, through all versions, in one currency, that was sold or came back before `as_of`.

    The trend compares the net revenue of the last `trend_days` days before `as_of` with that of as many before.
    """
    known = days.where(F.col("full_date") < F.lit(as_of))
    recent, before = as_of - timedelta(days=rules.trend_days), as_of - timedelta(days=2 * rules.trend_days)
    is_recent = F.col("full_date") >= F.lit(recent)
    is_before = (F.col("full_date") >= F.lit(before)) & ~is_recent
    has_sale = F.col("lines") > 0
    totals = known.groupBy(*PRODUCT).agg(
        *(F.sum(name).alias(name) for name in COUNTS),
        *sums((*SUMS, *RETURN_SUMS)),
        F.min(F.when(has_sale, F.col("full_date"))).alias("first_sold_on"),
        F.max(F.when(has_sale, F.col("full_date"))).alias("last_sold_on"),
        _revenue_where(is_recent).alias("recent_revenue"),
        _revenue_where(is_before).alias("previous_revenue"),
    )
    about = products.where("is_current").select("product_durable_key", *ABOUT)
    named = totals.join(about, "product_durable_key", "left")
    # What is sold without a product is none to be ranked among the others.
    is_ranked = F.col("product_id").isNotNull() & F.coalesce("is_merchandise", F.lit(True))
    named = named.withColumn("is_merchandise", is_ranked)
    return ranked(named, rules).withColumns(
        {
            "net_of_returns": net_of_returns(),
            "margin_rate": F.try_divide(F.col("margin").cast("double"), F.col("costed_revenue").cast("double")),
            "return_rate": F.try_divide(F.col("returned_units").cast("double"), F.col("units").cast("double")),
            "days_since_last_sale": F.date_diff(F.lit(as_of), "last_sold_on"),
            "revenue_trend": F.try_divide(
                F.col("recent_revenue").cast("double"), F.col("previous_revenue").cast("double")
            )
            - 1,
        }
    )


def _revenue_where(is_in: Column) -> Column:
    return F.coalesce(F.sum(F.when(is_in, F.col("net_revenue"))), F.lit(0)).cast(MONEY)


def ranked(products: DataFrame, rules: Products) -> DataFrame:
    """Adds `revenue_rank` and `abc_class` by net revenue; both NULL for what is no merchandise.

    A product is A while those that bring more than it bring less than `abc_a` of the whole; equals share a class.
    """
    is_ranked = F.coalesce("is_merchandise", F.lit(True))
    revenue = F.when(is_ranked, F.col("net_revenue")).otherwise(F.lit(0))
    group = (*(F.col(name) for name in GROUP), is_ranked)
    best_first = Window.partitionBy(*group).orderBy(F.desc("net_revenue"))
    equals = Window.partitionBy(*group, "net_revenue")
    better = F.sum(revenue).over(best_first) - F.sum(revenue).over(equals)
    share = F.try_divide(better.cast("double"), F.sum(revenue).over(Window.partitionBy(*group)).cast("double"))
    letter = F.when(share < rules.abc_a, "A").when(share < rules.abc_b, "B").otherwise("C")
    return products.withColumns(
        {
            "revenue_rank": F.when(is_ranked, F.rank().over(best_first)),
            "abc_class": F.when(is_ranked, letter),
        }
    )


def build(lake: Lake, settings: Settings) -> None:
    rows = product_performance(
        lake.read(PRODUCT_DAYS), lake.read(DIM_PRODUCT), settings.analytics.products, as_of=lake.as_of
    )
    lake.overwrite(PRODUCT_PERFORMANCE, rows)


STEP = Step("product_performance", (PRODUCT_DAYS, DIM_PRODUCT), (PRODUCT_PERFORMANCE,), build, follows_as_of=True)
