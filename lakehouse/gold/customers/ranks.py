"""Ranks and running totals of a large table without sorting it in one task.

Equal values are grouped first. The distinct values are cut into some hundred ranges, each is summed up in a task of its
own, and the totals of the ranges before it are added. Where the cuts lie decides how the work is shared, never what
comes out, so the cuts may be rough.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

RANGES = 100
_CUTS = f"array({', '.join(f'{number / RANGES}D' for number in range(1, RANGES))})"


def with_totals_below(values: DataFrame, group: Sequence[str], value: str, names: Sequence[str]) -> DataFrame:
    """Adds `_below_<name>` for each of the names: its total over all rows of the group with a smaller value.

    `values` holds one row per group and value. Totals are zero for the smallest value.
    """
    cuts = values.groupBy(*group).agg(F.expr(f"percentile_approx(`{value}`, {_CUTS}, 1000)").alias("_cuts"))
    in_range = F.size(F.filter("_cuts", lambda cut: cut <= F.col(value)))
    ranged = values.join(F.broadcast(cuts), list(group)).withColumn("_range", in_range).drop("_cuts")
    earlier_ranges = Window.partitionBy(*group).orderBy("_range").rowsBetween(Window.unboundedPreceding, -1)
    before = (
        ranged.groupBy(*group, "_range")
        .agg(*(F.sum(name).alias(name) for name in names))
        .select(*group, "_range", *(F.sum(name).over(earlier_ranges).alias(f"_before_{name}") for name in names))
    )
    smaller = Window.partitionBy(*group, "_range").orderBy(value).rowsBetween(Window.unboundedPreceding, -1)
    below = {
        f"_below_{name}": F.coalesce(F.sum(name).over(smaller), F.lit(0)) + F.coalesce(f"_before_{name}", F.lit(0))
        for name in names
    }
    found = ranged.join(F.broadcast(before), [*group, "_range"]).withColumns(below)
    return found.drop("_range", *(f"_before_{name}" for name in names))
