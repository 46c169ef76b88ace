"""What silver rows name (customers, products, places), kept in step with rows that come and go.

For each thing that changed rows name, the difference of rows inserted and deleted tells cheaply whether it is still
named: more inserts than deletes mean yes. Only for the others the tables are searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.storagelevel import StorageLevel

from lakehouse.lake import Changes, Lake
from lakehouse.tables.model import Table

NET = "_net"


@dataclass(frozen=True)
class Naming:
    """A table, and what its rows name."""

    table: Table
    names: Callable[[DataFrame], DataFrame]
    """Rows -> one row per naming, with the columns that identify what is named; other columns stay."""


@contextmanager
def kept(rows: DataFrame) -> Iterator[DataFrame]:
    """The rows, worked out once for several uses. Small ones are broadcast from then on, for their size is known."""
    rows = rows.persist(StorageLevel.MEMORY_AND_DISK)
    try:
        yield rows
    finally:
        rows.unpersist()


def matching(left: DataFrame, right: DataFrame, names: Sequence[str], how: str = "leftsemi") -> DataFrame:
    """Rows of `left` that have, or (leftanti) have not, their like in `right`; NULL is like NULL."""
    same = (F.col(f"_l.{name}").eqNullSafe(F.col(f"_r.{name}")) for name in names)
    return left.alias("_l").join(right.alias("_r"), reduce(lambda one, other: one & other, same), how)


def union(frames: Sequence[DataFrame]) -> DataFrame:
    return reduce(DataFrame.unionByName, frames)


def weight() -> Column:
    """+1 for an inserted row of a change feed, -1 for a deleted one."""
    return F.when(F.col("_change_type") == "insert", 1).otherwise(-1)


def all_named(lake: Lake, namings: Sequence[Naming], keys: Sequence[str]) -> DataFrame:
    """Everything that the tables name now, once."""
    return union([naming.names(lake.read(naming.table)).select(*keys) for naming in namings]).distinct()


def net_named(changes: Mapping[str, Changes], namings: Sequence[Naming], keys: Sequence[str]) -> list[DataFrame]:
    """For each table that changed: what its changed rows name, with `_net` (rows inserted - rows deleted)."""
    return [
        naming.names(rows).select(*keys, weight().alias(NET))
        for naming in namings
        if (rows := changes[naming.table.name].rows) is not None
    ]


def totals(nets: Sequence[DataFrame], keys: Sequence[str]) -> DataFrame:
    return union(nets).groupBy(*keys).agg(F.sum(NET).alias(NET))


def still_named(lake: Lake, namings: Sequence[Naming], candidates: DataFrame, keys: Sequence[str]) -> DataFrame:
    """Those of the candidates (with `_net`) that rows of the tables name now."""
    sure = candidates.where(F.col(NET) > 0).select(*keys)
    unsure = candidates.where(F.col(NET) <= 0).select(*keys)
    if unsure.isEmpty():
        return sure
    found = [matching(naming.names(lake.read(naming.table)).select(*keys), unsure, keys) for naming in namings]
    return union([sure, *found]).distinct()
