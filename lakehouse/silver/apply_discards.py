"""Rows that a person has discarded: they are never accepted, whatever the rules say of them."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from lakehouse.tables.bronze import ROW_ORIGIN
from lakehouse.tables.reasons import RowReason, RowStatus


def with_discards(rows: DataFrame, discards: DataFrame | None, feed: str, file_kind: str) -> DataFrame:
    """Adds `_is_discarded`. `discards` has `feed`, `file_kind` and the places of rows; None where there are none."""
    if discards is None:
        return rows.withColumn("_is_discarded", F.lit(False))
    mine = discards.where((F.col("feed") == feed) & (F.col("file_kind") == file_kind))
    marked = mine.select(*ROW_ORIGIN, F.lit(True).alias("_is_discarded"))
    return rows.join(marked, list(ROW_ORIGIN), "left").withColumn(
        "_is_discarded", F.coalesce("_is_discarded", F.lit(False))
    )


def with_discarded_repeats(rows: DataFrame, discards: DataFrame | None) -> DataFrame:
    """What says again what a discarded row says is discarded too: which of equal rows stands for them is no matter.

    `rows` have `_key`, `_version`, `_content` and `_position`.
    """
    if discards is None:
        return rows
    same = Window.partitionBy("_key", "_version", "_content", "_position")
    return rows.withColumn("_is_discarded", F.max("_is_discarded").over(same))


def with_discarded(reasons: Column) -> Column:
    """The reasons, and beside them that the row is discarded where it is (array)."""
    return F.when(F.col("_is_discarded"), F.array_append(reasons, F.lit(RowReason.DISCARDED))).otherwise(reasons)


def contradicting(quarantine: DataFrame, discards: DataFrame | None) -> DataFrame:
    """The rows in quarantine whose status is not what was decided since: they are to be derived again."""
    is_discarded = F.col("status") == RowStatus.DISCARDED
    if discards is None:
        return quarantine.where(is_discarded)
    place = ["feed", "file_kind", *ROW_ORIGIN]
    wanted = discards.select(*place, F.lit(True).alias("_is_wanted"))
    joined = quarantine.join(wanted, place, "left")
    return joined.where(is_discarded != F.coalesce("_is_wanted", F.lit(False)))
