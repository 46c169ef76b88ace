"""Amounts of an order line: what is stated counts to the last decimal, and the rest is worked out from it."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.sources.mapping.codes import codes
from lakehouse.tables.reasons import RowReason
from lakehouse.tables.types import MONEY

AMOUNTS = ("unit_price", "gross_amount", "net_amount")
"""What says how much a line is worth: one of them is enough."""


def gross_revenue(quantity: Column, unit_price: Column) -> Column:
    """Revenue of a line before its discount, where no amount of it is stated."""
    return quantity * unit_price


def with_line_amounts(rows: DataFrame, mapped: Collection[str]) -> DataFrame:
    """Adds `gross_revenue` and `net_revenue`, and works out `discount` and `unit_price` where they are not stated.

    A stated amount is the revenue, whatever the price says: 3 for 10.00 is 10.00. The difference of gross and net
    amount is a discount only where both are stated; `mapped` are the columns that the source gives.
    """
    gross, net, price = (F.col(name) for name in ("gross_amount", "net_amount", "unit_price"))
    if "discount" not in mapped:
        rows = rows.withColumn("discount", F.coalesce((gross - net).try_cast(MONEY), F.col("discount")))
    worth = F.coalesce(gross, net + F.col("discount"), gross_revenue(F.col("quantity"), price))
    rows = rows.withColumn("gross_revenue", worth.try_cast(MONEY))
    rows = rows.withColumn("net_revenue", (F.col("gross_revenue") - F.col("discount")).try_cast(MONEY))
    each = F.try_divide(F.col("gross_revenue"), F.col("quantity")).try_cast(MONEY)
    return rows.withColumn("unit_price", F.coalesce(price, each))


def reasons_of_line_amounts(mapped: Collection[str]) -> Column:
    """Codes for lines that say nothing of their worth, or that are worth more than the lake's money type holds."""
    says_nothing = F.coalesce("gross_amount", "net_amount", "unit_price").isNull() & (F.size("_reasons") == 0)
    named = next((name for name in AMOUNTS if name in mapped), "unit_price")
    given = F.col("quantity").isNotNull() & F.coalesce("gross_amount", "net_amount", "unit_price").isNotNull()
    # A discount that does not read says so itself.
    lost = given & F.col("discount").isNotNull() & (F.col("gross_revenue").isNull() | F.col("net_revenue").isNull())
    return codes(
        F.when(says_nothing, F.lit(RowReason.MISSING.of(named))),
        F.when(lost, F.lit(RowReason.TOO_LARGE.of("gross_revenue"))),
    )
