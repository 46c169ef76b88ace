"""gold.product_days: what was sold of each product on each day and what came back on it. Product figures start here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union_of_all_columns
from lakehouse.gold.amounts import (
    RETURN_SUMS,
    SUMS,
    completed_sales,
    converted_sources,
    counted_returns,
    returned,
    sums,
)
from lakehouse.gold.refresh import Months, months_changed, refresh_months
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import MART_CURRENCIES
from lakehouse.tables.types import MONEY

READS = (FACT_SALES, FACT_RETURNS, DIM_PRODUCT, MART_CURRENCIES)
DAY = ["source_system", "product_key", "full_date", "month_start", "currency"]
COUNTS = ("orders", "lines", "return_lines", "unpriced_returns")
UNKNOWN_COST = ("cost", "margin")


def product_days(sales: DataFrame, returns: DataFrame, products: DataFrame, *, converted: Sequence[str]) -> DataFrame:
    """Grain: one product, through all versions, on one day in one currency. Sales and returns each on their own day.

    An order of several lines of a product counts once: lines are added up by order first.
    """
    sold = completed_sales(sales, converted).withColumnsRenamed(
        {"order_date": "full_date", "order_month": "month_start"}
    )
    back = counted_returns(returns, converted).withColumnsRenamed(
        {"return_date": "full_date", "return_month": "month_start"}
    )
    by_order = sold.groupBy(*DAY, "order_id").agg(F.count("*").alias("lines"), *sums(SUMS))
    by_order = by_order.drop("order_id").withColumn("orders", F.lit(1).cast("bigint"))
    came = back.groupBy(*DAY).agg(*returned())
    both = union_of_all_columns(by_order, came)
    members = products.select("product_key", "product_durable_key")
    key = ["source_system", "product_durable_key", *DAY[2:]]
    return (
        both.join(members, "product_key").groupBy(*key).agg(*_totals()).withColumn("net_of_returns", net_of_returns())
    )


def _totals() -> list[Column]:
    counts = [F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in COUNTS]
    amounts = zip((*SUMS, *RETURN_SUMS), sums((*SUMS, *RETURN_SUMS)), strict=True)
    known = [total if name in UNKNOWN_COST else F.coalesce(total, F.lit(0)).alias(name) for name, total in amounts]
    return [*counts, *known]


def net_of_returns() -> Column:
    return (F.col("net_revenue") - F.col("refund_amount")).cast(MONEY)


def touched_months(lake: Lake) -> set[date] | None:
    """Months of which facts were replaced: a product's durable key never changes. A new currency concerns all."""
    if lake.changes(MART_CURRENCIES):
        return None
    return months_changed(lake, FACT_SALES) | months_changed(lake, FACT_RETURNS)


def build(lake: Lake, settings: Settings) -> None:
    def rows(months: Months) -> DataFrame:
        sales = months.of(lake.read(FACT_SALES), "order_month")
        returns = months.of(lake.read(FACT_RETURNS), "return_month")
        return product_days(sales, returns, lake.read(DIM_PRODUCT), converted=converted_sources(lake))

    refresh_months(lake, PRODUCT_DAYS, READS, touched_months, rows)


STEP = Step("product_days", READS, (PRODUCT_DAYS,), build)
