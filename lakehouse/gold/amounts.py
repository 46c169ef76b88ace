"""What all marts share: which lines and returns count, and their amounts in the currency of the mart.

Revenue is that of completed lines. Returns of lines that are not completed are left out, for these are no revenue to
begin with; returns whose line is not known count. Amounts are converted line by line, each at the rate of its own day,
and rounded to four places; what is worked out of two of them (net, margin) is worked out after that, so that totals
add up.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.tables.gold.sales import MART_CURRENCIES
from lakehouse.tables.types import MONEY

COMPLETED = "completed"
SUMS = ("units", "gross_revenue", "discount", "net_revenue", "costed_revenue", "cost", "margin")
RETURN_SUMS = ("returned_units", "refund_amount")


def converted_sources(lake: Lake) -> list[str]:
    """The sources whose marts are in the reporting currency: there are few sources."""
    return sorted(row["source_system"] for row in small_rows(lake.root, MART_CURRENCIES) if row["is_converted"])


def in_mart_currency(rows: DataFrame, amounts: Iterable[str], converted: Iterable[str]) -> DataFrame:
    """The amounts, and `currency`, in the currency of the mart of their source."""
    is_converted = F.col("source_system").isin(list(converted))

    def amount(name: str) -> Column:
        return F.when(is_converted, (F.col(name) * F.col("reporting_rate")).cast(MONEY)).otherwise(F.col(name))

    currency = F.when(is_converted, F.col("reporting_currency")).otherwise(F.col("currency"))
    return rows.withColumns({**{name: amount(name) for name in amounts}, "currency": currency})


def completed_sales(sales: DataFrame, converted: Iterable[str]) -> DataFrame:
    """The completed lines of `fact_sales`, with `units` and `costed_revenue` beside their amounts."""
    completed = sales.where(F.col("order_status") == COMPLETED)
    amounts = in_mart_currency(completed, ("gross_revenue", "discount", "cost"), converted)
    net = (F.col("gross_revenue") - F.col("discount")).cast(MONEY)
    has_cost = F.col("cost").isNotNull()
    return (
        amounts.withColumn("net_revenue", net)
        .withColumn("margin", (F.col("net_revenue") - F.col("cost")).cast(MONEY))
        .withColumn("costed_revenue", F.when(has_cost, F.col("net_revenue")).otherwise(F.lit(0).cast(MONEY)))
        .withColumn("units", F.col("quantity").cast("bigint"))
    )


def counted_returns(returns: DataFrame, converted: Iterable[str]) -> DataFrame:
    """The rows of `fact_returns` that count, with `returned_units` beside their amounts."""
    counts = F.coalesce("order_status", F.lit(COMPLETED)) == COMPLETED
    rows = in_mart_currency(returns.where(counts), ("refund_amount",), converted)
    return rows.withColumn("returned_units", F.col("quantity").cast("bigint"))


def sums(names: Iterable[str]) -> list[Column]:
    """Totals of amounts and units; NULL where none of the rows has a value."""
    return [F.sum(name).cast("bigint" if name.endswith("units") else MONEY).alias(name) for name in names]


def returned() -> list[Column]:
    """Totals of counted returns: `return_lines`, `returned_units`, `unpriced_returns`, `refund_amount`."""
    unpriced = F.count_if(F.col("refund_amount").isNull()).alias("unpriced_returns")
    return [F.count("*").alias("return_lines"), unpriced, *sums(RETURN_SUMS)]
