"""Point-in-time joins: facts are bound to the version of a member that was valid, and again when versions change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import persisted, union_of_all_columns
from lakehouse.gold.star.members import Dimension, with_all_time, without_own_rows
from lakehouse.lake import Lake

FROM, TO = "_from", "_to"


def with_version(
    rows: DataFrame, versions: DataFrame, id_name: str, *, at: Column, take: Mapping[str, str]
) -> DataFrame:
    """Adds columns of the version of a member that was valid at an instant: valid_from <= at < valid_to.

    `take`: column of the version -> name here; all NULL where there is no such version. Versions of a member do not
    overlap, so every row stays one row.
    """
    right = versions.select(
        F.col("source_system").alias("_v_source"),
        F.col(id_name).alias("_v_id"),
        F.col("valid_from").alias("_v_from"),
        F.col("valid_to").alias("_v_to"),
        *(F.col(theirs).alias(ours) for theirs, ours in take.items()),
    )
    # The id first: a large join is sorted by the first eight bytes of its first key, and then row by row.
    is_member = (F.col(id_name) == F.col("_v_id")) & (F.col("source_system") == F.col("_v_source"))
    was_valid = (at >= F.col("_v_from")) & (at < F.col("_v_to"))
    return rows.join(right, is_member & was_valid, "left").drop("_v_source", "_v_id", "_v_from", "_v_to")


def differing_spans(old: DataFrame, new: DataFrame, keys: Sequence[str], values: Sequence[str]) -> DataFrame:
    """For each member the spans of time [_from, _to) in which another version, or other values of it, became valid.

    Both frames hold exactly one version of each member at any instant. A pair (valid_from, values) is valid from
    valid_from to its own valid_to in each of them; they differ from the earlier of these two ends to the later.
    """
    identity = [*keys, "valid_from", *values]
    both = old.select(*identity, "valid_to").unionByName(new.select(*identity, "valid_to"))
    ends = both.groupBy(*identity).agg(
        F.count("*").alias("_sides"), F.min("valid_to").alias("_first_end"), F.max("valid_to").alias(TO)
    )
    start = F.when(F.col("_sides") == 2, F.col("_first_end")).otherwise(F.col("valid_from"))
    return ends.withColumn(FROM, start).where(F.col(FROM) < F.col(TO)).select(*keys, FROM, TO)


def at_all_times(versions: DataFrame, members: DataFrame, keys: Sequence[str]) -> DataFrame:
    """The versions of the members, and for those without any the inferred one."""
    own = versions.join(members, list(keys), "leftsemi")
    inferred = without_own_rows(members, own, keys)
    return with_all_time(union_of_all_columns(own, inferred))


def changed_members(lake: Lake, dimension: Dimension) -> DataFrame | None:
    """Members whose versions changed and that published facts may be bound to; None where no version changed.

    What the published dimension does not hold no published fact is bound to: customers and products that are new.
    """
    rows = lake.changes(dimension.own).rows
    if rows is None:
        return None
    keys = list(dimension.keys)
    published = lake.read_published(dimension.table).select(*keys)
    return rows.select(*keys).distinct().join(published, keys, "leftsemi")


def before_and_after(lake: Lake, dimension: Dimension) -> tuple[DataFrame, DataFrame] | None:
    """All versions, as published and as they are now, of the members whose versions changed; None where there are none.

    Both facts ask, and it is worked out once.
    """
    name = dimension.own.name

    def members() -> DataFrame | None:
        changed = changed_members(lake, dimension)
        known = None if changed is None else persisted(changed)
        return known if known is not None and known.count() else None

    known = lake.memo(("changed members", name), members)
    if known is None:
        return None
    sides = {"old": lake.read_published(dimension.own), "new": lake.read(dimension.own)}
    old, new = (
        lake.memo((f"{side} versions", name), partial(persisted, at_all_times(rows, known, dimension.keys)))
        for side, rows in sides.items()
    )
    return old, new
