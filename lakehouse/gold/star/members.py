"""Dimensions whose members have rows of their own, and are inferred where facts name one that has none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union, union_of_all_columns
from lakehouse.gold.refresh import NET, counted, is_full
from lakehouse.gold.star.keys import first_instant, last_instant
from lakehouse.gold.star.named import all_named, net_named, still_named, totals
from lakehouse.lake import Lake
from lakehouse.tables.model import Table


@dataclass(frozen=True)
class Dimension:
    """A dimension, the silver table of its members' own rows, and the tables of facts that name members."""

    table: Table
    own: Table
    id_name: str
    facts: tuple[Table, ...]
    """Every row of these has a member: the unknown one of its source (id NULL) where it names none."""

    @property
    def keys(self) -> tuple[str, str]:
        return ("source_system", self.id_name)

    @property
    def reads(self) -> tuple[Table, ...]:
        return (self.own, *self.facts)


Derive = Callable[[DataFrame, DataFrame], DataFrame]
"""(own rows of some members, the keys of those that facts name) -> all rows of these members."""


def without_own_rows(named: DataFrame, own: DataFrame, keys: Sequence[str]) -> DataFrame:
    """The named members that have no row of their own; the unknown ones (id NULL) never have one."""
    return named.join(own.select(*keys).distinct(), list(keys), "leftanti")


def with_inferred(own: DataFrame, named: DataFrame, keys: Sequence[str]) -> DataFrame:
    """The members' own rows and, for members without, one row of NULLs; `is_inferred` tells them apart."""
    inferred = without_own_rows(named.select(*keys).distinct(), own, keys)
    # The unknown member is no stand-in: nothing will ever complete it.
    inferred = inferred.withColumn("is_inferred", F.col(keys[-1]).isNotNull())
    return union_of_all_columns(own.withColumn("is_inferred", F.lit(False)), inferred)


def with_all_time(rows: DataFrame) -> DataFrame:
    """Members without a version of their own are valid always; so completing one changes no key."""
    return (
        rows.withColumn("valid_from", F.coalesce("valid_from", first_instant()))
        .withColumn("valid_to", F.coalesce("valid_to", last_instant()))
        .withColumn("is_current", F.coalesce("is_current", F.lit(True)))
    )


def refresh_dimension(lake: Lake, dimension: Dimension, derive: Derive) -> None:
    """Derives again the members that may not be what they were."""
    keys = dimension.keys
    if is_full(lake, dimension.table, dimension.reads):
        lake.replace_all(dimension.table, derive(lake.read(dimension.own), all_named(lake, dimension.facts, keys)))
    elif nets := _nets(lake, dimension):
        with counted(totals(union(nets), keys)) as touched:
            if touched is None:
                return
            own = lake.read(dimension.own).join(touched, list(keys), "leftsemi")
            named = still_named(lake, dimension.facts, without_own_rows(touched, own, keys), keys)
            lake.replace_keys(dimension.table, derive(own, named), touched.select(*keys))


def _nets(lake: Lake, dimension: Dimension) -> list[DataFrame]:
    """Members whose own rows changed; and those without own rows that facts name more or less often than before."""
    own = lake.read(dimension.own)
    named = net_named([lake.changes(table) for table in dimension.facts], dimension.keys)
    nets = [without_own_rows(net, own, dimension.keys) for net in named]
    if (rows := lake.changes(dimension.own).rows) is not None:
        nets.append(rows.select(*dimension.keys, F.lit(0).cast("bigint").alias(NET)))
    return nets
