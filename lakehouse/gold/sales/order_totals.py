"""gold.order_totals: completed orders with what they brought and what of it came back, for all that counts orders.

Marts by customer read this and not the lines: it is some three times smaller, and an order is counted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold.amounts import SUMS, completed_sales, converted_sources, counted_returns, returned, sums
from lakehouse.gold.refresh import Months, months_changed, months_of, net_changed, refresh_months
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.types import MONEY

READS = (FACT_SALES, FACT_RETURNS, DIM_CUSTOMER, MART_CURRENCIES)
LINE = ["source_system", "order_id", "line_number", "currency"]
RETURNED = ("return_lines", "unpriced_returns", "returned_units", "refund_amount")
ORDER_MONTH = "trunc(order_date, 'MM')"


def with_returns(lines: DataFrame, returns: DataFrame) -> DataFrame:
    """Completed lines and what of each came back; a refund in another currency than the line's is left out."""
    back = returns.where("is_matched").groupBy(*LINE).agg(*returned())
    share = F.col("cost") * F.col("returned_units") / F.col("quantity")
    none = {name: F.coalesce(name, F.lit(0)) for name in RETURNED}
    return lines.join(back, LINE, "left").withColumns(none).withColumn("returned_cost", share.cast(MONEY))


def order_totals(sales: DataFrame, returns: DataFrame, customers: DataFrame, *, converted: Sequence[str]) -> DataFrame:
    """Grain: the completed lines of one order, by day and currency. Its customer is that of its first line.

    `returns` holds at least those of the lines in `sales`, `customers` all versions. Guests are orders of the unknown
    customer. Cost: one shuffle of the lines, by order.
    """
    lines = with_returns(completed_sales(sales, converted), counted_returns(returns, converted))
    order = ["source_system", "order_id", "order_date", "order_month", "currency"]
    names = (*SUMS, "returned_units", "refund_amount", "returned_cost")
    totals = lines.groupBy(*order).agg(
        F.min_by("customer_key", "line_number").alias("customer_key"),
        F.min_by("product_key", "line_number").alias("first_product_key"),
        F.min("ordered_at").alias("ordered_at"),
        F.count("*").alias("lines"),
        F.sum("return_lines").alias("return_lines"),
        F.sum("unpriced_returns").alias("unpriced_returns"),
        *sums(names),
    )
    net = F.col("net_revenue") - F.col("refund_amount")
    margin = F.col("margin") - F.col("refund_amount") + F.col("returned_cost")
    members = customers.select("customer_key", "customer_durable_key", "customer_id")
    return totals.join(members, "customer_key").withColumns(
        {"net_of_returns": net.cast(MONEY), "margin_net_of_returns": margin.cast(MONEY)}
    )


def touched_months(lake: Lake) -> set[date] | None:
    """Months of orders of which a line was replaced, or a return came, went or changed. A new currency concerns all."""
    if lake.changes(MART_CURRENCIES):
        return None
    names = ["return_id", "order_id", "line_number", "order_date", "quantity", "refund_amount", "order_status"]
    returns = net_changed(lake, FACT_RETURNS, [*names, "currency", "reporting_rate", "source_system"])
    months = months_changed(lake, FACT_SALES)
    if returns is not None:
        months |= months_of(returns.where("order_date IS NOT NULL").selectExpr(ORDER_MONTH))
    return months


def build(lake: Lake, settings: Settings) -> None:
    def rows(months: Months) -> DataFrame:
        sales = months.of(lake.read(FACT_SALES), "order_month")
        returns = months.of(lake.read(FACT_RETURNS), ORDER_MONTH)
        return order_totals(sales, returns, lake.read(DIM_CUSTOMER), converted=converted_sources(lake))

    refresh_months(lake, ORDER_TOTALS, READS, touched_months, rows)


STEP = Step("order_totals", READS, (ORDER_TOTALS,), build)
