"""Sharing out whole units by weight, exactly and in any order of rows: the method of largest remainders (Hamilton)."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

UNITS = "DECIMAL(19,0)"
"""Money in units of 0.0001, or coarser."""
_DECIMALS = 4


def in_units(amount: Column) -> Column:
    """An amount of money in units of 0.0001."""
    units: Column = (amount * 10**_DECIMALS).cast(UNITS)
    return units


def in_money(units: Column) -> Column:
    return (units * F.expr("0.0001BD")).cast("DECIMAL(18,4)")


def with_share(
    rows: DataFrame, total: str, weight: str, *, within: Sequence[str], ties: Sequence[str], into: str
) -> DataFrame:
    """Adds `into`: each row's share of `total`, which all rows of a group hold alike, by its `weight`.

    The shares of a group add up to the total; what whole units leave over goes to the largest remainders, among equals
    to the first by `ties`. No share is more than the weight where the total is not more than all weights. 0 where
    nothing weighs.
    """
    group = Window.partitionBy(*within)
    product, whole = f"CAST({total} AS {UNITS}) * CAST({weight} AS {UNITS})", "CAST(_all_weights AS DECIMAL(29,0))"
    rows = rows.withColumn("_all_weights", F.sum(weight).over(group))
    parts = {
        "_floor": F.expr(f"CASE WHEN _all_weights > 0 THEN ({product}) div {whole} ELSE 0 END"),
        "_rest": F.expr(f"CASE WHEN _all_weights > 0 THEN ({product}) % {whole} ELSE 0 END"),
    }
    rows = rows.withColumns(parts)
    in_turn = group.orderBy(F.desc("_rest"), *ties)
    left = F.col(total).cast(UNITS) - F.sum("_floor").over(group)
    gets_one = (F.row_number().over(in_turn) <= left) & (F.col("_all_weights") > 0)
    share = F.col("_floor") + F.when(gets_one, 1).otherwise(0)
    return rows.withColumn(into, share.cast(UNITS)).drop("_all_weights", "_floor", "_rest")
