"""A discount that is stated for a whole order, shared out over its lines: by worth, exactly, in any order of rows."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.shares import UNITS, in_money, in_units, with_share
from lakehouse.sources.mapping.currencies import MINOR_DIGITS, USUAL_DIGITS
from lakehouse.tables.reasons import Outcome, RowReason
from lakehouse.tables.types import MONEY

_HELPERS = ("_stated", "_worth", "_clashes", "_step", "_coarse_stated", "_coarse_worth", "_share")
_COARSE = {"_coarse_stated": "_stated", "_coarse_worth": "_worth"}
_GROUP = ("_unit", "_outcome")


def with_order_discount(judged: DataFrame) -> DataFrame:
    """Judged lines with their share of `order_discount` in `discount`, the shares adding up to what is stated.

    One line may state it, or all of them alike. Shares are whole units of the currency (cents), of 0.0001 where any
    amount of the order is finer; what is left over goes to the lines with the largest remainders, then to the first.
    Lines of an order that states two, that has two currencies, or whose lines are worth less are in quarantine.
    """
    rows = _with_clashes(judged).withColumns(
        {name: (F.col(of) / F.col("_step")).cast(UNITS) for name, of in _COARSE.items()}
    )
    rows = with_share(rows, "_coarse_stated", "_coarse_worth", within=_GROUP, ties=("line_number",), into="_share")
    is_accepted = F.col("_outcome") == Outcome.ACCEPTED
    clash = is_accepted & F.col("_clashes")
    share = F.when(is_accepted & ~clash, in_money(F.col("_share") * F.col("_step"))).otherwise(F.lit(0))
    return rows.withColumns(
        {
            "discount": (F.col("discount") + share).cast(MONEY),
            "net_revenue": (F.col("net_revenue") - share).cast(MONEY),
            "_outcome": F.when(clash, Outcome.QUARANTINED).otherwise(F.col("_outcome")),
            "_reasons": F.when(clash, F.array(F.lit(RowReason.ORDER_DISCOUNT))).otherwise(F.col("_reasons")),
        }
    ).drop(*_HELPERS)


def _with_clashes(judged: DataFrame) -> DataFrame:
    """The lines with what their order states and what each is worth, in units of 0.0001; whether that goes together;
    and of how many such units shares are made."""
    order = Window.partitionBy(*_GROUP)
    worth = F.when(F.col("_outcome") == Outcome.ACCEPTED, in_units(F.col("net_revenue"))).otherwise(F.lit(0))
    rows = judged.withColumns({"_worth": worth.cast(UNITS), "_stated": in_units(F.col("order_discount"))})
    least, most = F.min("_stated").over(order), F.max("_stated").over(order)
    stated = F.coalesce(most, F.lit(0)).cast(UNITS)
    clashes = (
        F.coalesce(least != most, F.lit(False))
        | ((stated > 0) & (F.min("currency").over(order) != F.max("currency").over(order)))
        | (stated > F.sum("_worth").over(order))
    )
    rows = rows.withColumns({"_clashes": clashes, "_stated": stated})
    unit = _unit_of_currency()
    is_coarse = F.min((F.col("_worth") % unit == 0) & (F.col("_stated") % unit == 0)).over(order)
    return rows.withColumn("_step", F.when(is_coarse, unit).otherwise(F.lit(1)).cast(UNITS))


def _unit_of_currency() -> Column:
    """The smallest unit of the row's currency, in units of 0.0001."""
    unit = F.lit(10 ** (4 - USUAL_DIGITS))
    for digits in sorted(set(MINOR_DIGITS.values())):
        listed = [code for code, one in MINOR_DIGITS.items() if one == digits]
        unit = F.when(F.col("currency").isin(listed), F.lit(10 ** (4 - digits))).otherwise(unit)
    return unit.cast(UNITS)
