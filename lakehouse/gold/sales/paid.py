"""Who paid what: revenue of orders whose lines name no method, by the methods of their payments.

An order that was paid in parts counts in parts: its revenue is shared out by the amounts paid, exactly, and what is not
paid stays with no method. Its lines, units and the order itself count with the method that paid most, and so does what
came back of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.gold.amounts import COMPLETED, completed_sales, counted_returns
from lakehouse.shares import in_money, in_units, with_share
from lakehouse.tables.types import MONEY

UNKNOWN = "unknown"
NOT_PAID = (
    "failed", "failure", "declined", "refused", "rejected", "error", "expired", "cancelled", "canceled", "voided",
    "void", "pending", "authorized", "authorised", "unpaid", "open",
)  # fmt: skip
"""States of a payment, in small letters, in which no money moved; in all others, and without one, it did."""
ORDER = ["source_system", "order_id"]
_CELL = ["source_system", "month_start", "currency", "payment_method"]
COUNTED = ("leading_orders", "lines", "return_lines", "units")
SHARED = ("net_revenue", "discount")
AMOUNTS = ("gross_revenue", *SHARED, "refund_amount")


def counts() -> Column:
    """True for a payment in which money moved."""
    return ~F.coalesce(F.lower("payment_status"), F.lit("")).isin(*NOT_PAID)


def parts_of_orders(sales: DataFrame, payments: DataFrame, charges: DataFrame) -> DataFrame:
    """The methods by which orders were paid, each with its weight; `_is_main` for the one that paid most.

    What the order comes to and no payment covers is a part of its own, without a method.
    """
    order = [*ORDER, "currency"]
    method = F.coalesce("payment_method", F.lit(UNKNOWN)).alias("payment_method")
    paid = payments.where(counts()).groupBy(*order, method).agg(F.sum("amount").alias("_paid")).where("_paid > 0")
    named = sales.where(F.col("order_status") == COMPLETED).join(paid.select(*order), order, "leftsemi")
    due = named.groupBy(*order).agg(F.sum("net_revenue").alias("_net"))
    beside = charges.where("NOT is_within_prices").groupBy(*order).agg(F.sum("amount").alias("_beside"))
    known = due.join(paid.groupBy(*order).agg(F.sum("_paid").alias("_all")), order).join(beside, order, "left")
    missing = F.col("_net") + F.coalesce("_beside", F.lit(0)) - F.col("_all")
    unpaid = known.where(missing > 0).select(*order, F.lit(UNKNOWN).alias("payment_method"), missing.alias("_paid"))
    parts = paid.join(due.select(*order), order, "leftsemi").unionByName(unpaid)
    parts = parts.groupBy(*order, "payment_method").agg(in_units(F.sum("_paid")).alias("_weight"))
    by_weight = Window.partitionBy(*order).orderBy(F.desc("_weight"), "payment_method")
    return parts.withColumn("_is_main", F.row_number().over(by_weight) == 1).withColumnRenamed("currency", "_own")


def moved_sales(sales: DataFrame, parts: DataFrame, converted: Sequence[str]) -> DataFrame:
    """What the months' lines without a method give to the methods of their orders, and take from none."""
    lines = completed_sales(sales.withColumn("_own", F.col("currency")), converted)
    day = [*ORDER, "order_date", "currency"]
    first = F.min("line_number").over(Window.partitionBy(*day))
    lines = lines.withColumn("_leads", (F.col("line_number") == first).cast("bigint"))
    lines = lines.withColumnRenamed("order_month", "month_start")
    nameless = (
        lines.where("payment_method IS NULL")
        .groupBy(*day, "_own", "month_start")
        .agg(
            F.sum("_leads").alias("leading_orders"),
            F.count("*").alias("lines"),
            F.sum("units").alias("units"),
            *(in_units(F.sum(name)).alias(name) for name in SHARED),
        )
    )
    rows = nameless.join(parts, [*ORDER, "_own"])
    whole = [*day, "_own"]
    for name in SHARED:
        rows = with_share(rows, name, "_weight", within=whole, ties=("payment_method",), into=f"_{name}")
    given = {name: F.when(F.col("_is_main"), F.col(name)).otherwise(0) for name in ("leading_orders", "lines", "units")}
    given |= {name: in_money(F.col(f"_{name}")) for name in SHARED}
    rows = rows.withColumns(given)
    return _moves(rows.withColumn("gross_revenue", F.col("net_revenue") + F.col("discount")))


def moved_returns(returns: DataFrame, sold: DataFrame, parts: DataFrame, converted: Sequence[str]) -> DataFrame:
    """What the months' refunds of lines without a method take from the methods of their orders."""
    line = [*ORDER, "line_number"]
    nameless = sold.where("payment_method IS NULL").select(*line, F.col("currency").alias("_own"))
    back = counted_returns(returns, converted).join(nameless, line)
    rows = back.join(parts.where("_is_main"), [*ORDER, "_own"])
    amounts = {"return_lines": F.lit(1), "refund_amount": F.coalesce("refund_amount", F.lit(0))}
    return _moves(rows.withColumnRenamed("return_month", "month_start").withColumns(amounts))


def _moves(rows: DataFrame) -> DataFrame:
    """Each row once with its method, and once without one and its sign turned; 0 for what it does not tell."""
    there = set(rows.columns)
    told = {name: F.col(name) if name in there else F.lit(0) for name in (*COUNTED, *AMOUNTS)}
    types = dict.fromkeys(COUNTED, "bigint") | dict.fromkeys(AMOUNTS, MONEY)
    given = rows.select(*_CELL, *(told[name].cast(kind).alias(name) for name, kind in types.items()))
    taken = given.withColumns({name: (-F.col(name)).cast(kind) for name, kind in types.items()})
    return given.unionByName(taken.withColumn("payment_method", F.lit(UNKNOWN)))
