"""What silver rows name, kept in step with rows that come and go.

For each member that changed rows name, the difference of rows inserted and deleted tells cheaply whether it is still
named: more inserts than deletes mean yes. Only for the others the tables are searched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import persisted, same_values, union
from lakehouse.lake import Lake
from lakehouse.lake.changes import Changes
from lakehouse.tables.model import Table

NET = "_net"


@contextmanager
def kept(rows: DataFrame) -> Iterator[DataFrame | None]:
    """The rows, worked out at once for several uses; None where there are none.

    Small ones are broadcast from then on, for their size is known.
    """
    rows = persisted(rows)
    try:
        yield rows if rows.count() else None
    finally:
        rows.unpersist()


def weight() -> Column:
    """+1 for an inserted row of a change feed, -1 for a deleted one."""
    return F.when(F.col("_change_type") == "insert", 1).otherwise(-1)


def with_unknown(named: DataFrame, id_name: str) -> DataFrame:
    """What is named and, for each, the unknown member of its source (id NULL): it is there for rows that name none."""
    return named.unionByName(named.withColumn(id_name, F.lit(None).cast("string")))


def all_named(lake: Lake, tables: Sequence[Table], keys: Sequence[str]) -> DataFrame:
    """Every (source, id) that rows of the tables name now, once, and the unknown member of each source."""
    named = union([lake.read(table).select(*keys).distinct() for table in tables])
    return with_unknown(named.distinct(), keys[-1]).distinct()


def net_named(changes: Sequence[Changes], keys: Sequence[str]) -> list[DataFrame]:
    """For each table that changed: the members that rows name more or less often than before, with `_net`."""
    nets = [change.rows.groupBy(*keys).agg(F.sum(weight()).alias(NET)) for change in changes if change.rows is not None]
    return [totals(with_unknown(union(nets), keys[-1]), keys).where(F.col(NET) != 0)] if nets else []


def totals(nets: DataFrame, keys: Sequence[str]) -> DataFrame:
    return nets.groupBy(*keys).agg(F.sum(NET).alias(NET))


def still_named(lake: Lake, tables: Sequence[Table], candidates: DataFrame, keys: Sequence[str]) -> DataFrame:
    """Those of the candidates (with `_net`) that rows of the tables name now."""
    sure = candidates.where(F.col(NET) > 0).select(*keys)
    unsure = candidates.where(F.col(NET) <= 0).select(*keys)
    if unsure.isEmpty():
        return sure
    named = all_named(lake, tables, keys)
    return sure.unionByName(named.join(unsure, same_values(named, unsure, keys), "leftsemi"))
