"""Frame-to-frame steps that every layer shares."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from lakehouse.tables.column_names import in_backticks

CHECKPOINTS = "spark.checkpoint.dir"


def content_hash(names: Iterable[str], maps: Iterable[str] = ()) -> Column:
    """A hash of the columns, NULL counting as a value of its own (Spark's xxhash64 alone would skip it).

    `maps` are those of `names` that hold maps, which Spark cannot hash as they are.
    """
    mapped = set(maps)
    values = [f"to_json({in_backticks(name)})" if name in mapped else in_backticks(name) for name in names]
    # As one text: each part written in Python is a message or more to the JVM.
    return F.expr(f"xxhash64({', '.join(f'{value} IS NULL, {value}' for value in values)})")


def surrogate_key(*parts: Column) -> Column:
    """A surrogate key: the same for the same parts on every rebuild.

    NULL differs from every text; no two lists run together.
    """
    return F.xxhash64(
        *(
            F.coalesce(F.concat(F.length(part.cast("string")), F.lit(":"), part.cast("string")), F.lit("-"))
            for part in parts
        )
    )


def union(frames: Iterable[DataFrame]) -> DataFrame:
    """The rows of all frames, of which there must be one."""
    return reduce(DataFrame.unionByName, frames)


def persisted(rows: DataFrame) -> DataFrame:
    """Kept from their first use on, until they are unpersisted; what an executor loses is worked out again."""
    return rows.persist(StorageLevel.MEMORY_AND_DISK)


def checkpointed(rows: DataFrame) -> DataFrame:
    """A checkpoint: the rows as they are now, without the plan that they come from.

    Spark works out anew what is held of a table when that table is written, and plans every such frame again. On a
    cluster an executor that dies must not take them along: where the session names a folder for it, they are there.
    """
    if rows.sparkSession.conf.get(CHECKPOINTS, ""):
        return rows.checkpoint()
    return rows.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK)


def same_values(left: DataFrame, right: DataFrame, names: Iterable[str]) -> Column:
    """Null-safe equality of the columns of that name."""
    return reduce(lambda one, other: one & other, (left[name].eqNullSafe(right[name]) for name in names))
