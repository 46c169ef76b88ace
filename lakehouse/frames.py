"""Frame-to-frame steps that every layer shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from functools import reduce
from typing import Protocol
from weakref import WeakKeyDictionary

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, StructField, StructType
from pyspark.storagelevel import StorageLevel

from lakehouse.tables.column_names import in_backticks

CHECKPOINTS = "spark.checkpoint.dir"


class Holder(Protocol):
    """Holds rows for the session of an engine that has no store of its own for them."""

    def hold(self, rows: DataFrame) -> DataFrame:
        """The rows as they are now, without the plan that they come from."""

    def release(self, rows: DataFrame) -> None:
        """They are not asked for any more."""


_HOLDERS: MutableMapping[SparkSession, Holder] = WeakKeyDictionary()


def hold_by(session: SparkSession, holder: Holder) -> None:
    """From now on rows of the session are held so, and not by the session itself."""
    _HOLDERS[session] = holder


def pays_for_each_group(rows: DataFrame) -> bool:
    """Whether a window costs the engine of these rows by its groups, and not by its rows: see lakehouse/groups.py."""
    return rows.sparkSession in _HOLDERS


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


def union_of_all_columns(one: DataFrame, other: DataFrame) -> DataFrame:
    """The rows of both, each with the columns of both: NULL, of the other's type, where it has none of its own.

    Spark's own `allowMissingColumns` does the same, but Sail leaves such a column without a type.
    """
    mine, theirs = dict(one.dtypes), dict(other.dtypes)
    return _filled(one, mine, theirs).unionByName(_filled(other, theirs, mine))


def _filled(rows: DataFrame, there: Mapping[str, str], wanted: Mapping[str, str]) -> DataFrame:
    missing = {name: F.lit(None).cast(kind) for name, kind in wanted.items() if name not in there}
    return rows.withColumns(missing) if missing else rows


def persisted(rows: DataFrame) -> DataFrame:
    """Kept from their first use on, or from now, until they are released; what executors lose is worked out again."""
    holder = _HOLDERS.get(rows.sparkSession)
    return holder.hold(rows) if holder else rows.persist(StorageLevel.MEMORY_AND_DISK)


def released(rows: DataFrame) -> None:
    """Lets go of what `persisted` gave."""
    holder = _HOLDERS.get(rows.sparkSession)
    if holder:
        holder.release(rows)
    else:
        rows.unpersist()


def checkpointed(rows: DataFrame) -> DataFrame:
    """A checkpoint: the rows as they are now, without the plan that they come from.

    Spark works out anew what is held of a table when that table is written, and plans every such frame again. On a
    cluster an executor that dies must not take them along: where the session names a folder for it, they are there.
    """
    if holder := _HOLDERS.get(rows.sparkSession):
        return holder.hold(rows)
    if rows.sparkSession.conf.get(CHECKPOINTS, ""):
        return rows.checkpoint()
    return rows.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK)


def same_values(left: DataFrame, right: DataFrame, names: Iterable[str]) -> Column:
    """Null-safe equality of the columns of that name."""
    return reduce(lambda one, other: one & other, (left[name].eqNullSafe(right[name]) for name in names))


def nullable(schema: StructType) -> StructType:
    """The same columns without comments, each of which may be NULL.

    Sail takes a column that may not be NULL for one after outer joins too, and comments for part of a type.
    """
    return StructType([StructField(one.name, _nullable(one.dataType), True) for one in schema])


def _nullable(kind: DataType) -> DataType:
    if isinstance(kind, StructType):
        return nullable(kind)
    if isinstance(kind, ArrayType):
        return ArrayType(_nullable(kind.elementType), True)
    if isinstance(kind, MapType):
        return MapType(_nullable(kind.keyType), _nullable(kind.valueType), True)
    return kind
