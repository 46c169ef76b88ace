"""Where a row stands: in which file, in which piece of it, and as which row of it."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F


def located(rows: DataFrame, *columns: str | Column) -> DataFrame:
    """With `_at` (the file's URI), `_block` (where the piece that a task reads starts), the file's size and time."""
    return rows.select(
        *columns,
        F.col("_metadata.file_path").alias("_at"),
        F.col("_metadata.file_block_start").alias("_block"),
        F.col("_metadata.file_size").alias("_bytes"),
        F.unix_millis("_metadata.file_modification_time").alias("_changed_at"),
    )


def identified(rows: DataFrame) -> DataFrame:
    """With `_id`, which counts up within a piece of a file."""
    return rows.withColumn("_id", F.monotonically_increasing_id())


def numbered(rows: DataFrame, facts: DataFrame, *, first: int) -> DataFrame:
    """With the facts of each row's file, and `_row_in_file`, counting from `first`.

    The rows of each piece of a file are counted first; their sum over the pieces before is where a piece starts.
    """
    pieces = rows.groupBy("_at", "_block").agg(
        F.min("_id").alias("_first_id"),
        F.count("*").alias("_count"),
        F.max("_bytes").alias("_bytes"),
        F.max("_changed_at").alias("_changed_at"),
    )
    before = Window.partitionBy("_at").orderBy("_block").rowsBetween(Window.unboundedPreceding, -1)
    start = F.coalesce(F.sum("_count").over(before), F.lit(0)) + F.lit(first)
    # The URI names what is not a plain letter by its bytes; a plus sign stands for itself.
    path = F.regexp_replace(F.url_decode(F.replace("_at", F.lit("+"), F.lit("%2B"))), "^file:/+", "/")
    places = pieces.select("_at", "_block", (start - F.col("_first_id")).alias("_shift"), path.alias("_location"))
    places = places.join(F.broadcast(facts), "_location")
    joined = rows.join(F.broadcast(places), ["_at", "_block"], "left")
    is_same = (F.col("_bytes") == F.col("_expected_bytes")) & (F.col("_changed_at") == F.col("_expected_changed_at"))
    number = F.when(is_same, F.col("_id") + F.col("_shift")).otherwise(
        F.raise_error(F.concat(F.lit("changed while it was being read; run again when it is whole: "), F.col("_at")))
    )
    return joined.withColumn("_row_in_file", number)
