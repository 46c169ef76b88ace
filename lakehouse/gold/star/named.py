"""What silver rows name, kept in step with rows that come and go.

For each member that changed rows name, the difference of rows inserted and deleted tells cheaply whether it is still
named: more inserts than deletes mean yes. Only for the others the tables are searched.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import same_values, union
from lakehouse.gold.refresh import NET, weight
from lakehouse.lake import Lake
from lakehouse.lake.changes import Changes
from lakehouse.tables.model import Table


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
