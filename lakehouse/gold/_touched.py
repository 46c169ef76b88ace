"""Which months of a mart are not what they were, told by what this run changed in the star."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import content_hash
from lakehouse.gold._named import NET, kept, weight
from lakehouse.gold.months import months_of, months_of_changes
from lakehouse.lake import Lake
from lakehouse.tables.model import Table


def net_changed(lake: Lake, table: Table, names: Sequence[str]) -> DataFrame | None:
    """The rows over some columns of a table that came or went; a row replaced by an equal one did neither.

    None where the table did not change. Facts are replaced by whole months: most of their changes are none.
    """
    rows = lake.changes(table).rows
    if rows is None:
        return None
    return rows.groupBy(*names).agg(F.sum(weight()).alias(NET)).where(F.col(NET) != 0).select(*names)


def months_changed(lake: Lake, table: Table) -> set[date]:
    """The months of a table by months of which rows came or went, or are not what they were."""
    (month,) = table.partitioned_by

    def found() -> set[date]:
        changes = lake.changes(table)
        rows = changes.rows
        if rows is None or changes.arrow is not None:
            return months_of_changes(changes, month)
        content = content_hash(table.business_columns).alias("_content")
        nets = rows.groupBy(month, content).agg(F.sum(weight()).alias(NET))
        return months_of(nets.where(F.col(NET) != 0).select(month))

    months: set[date] = lake.memo(("changed months", table.name, lake.version(table)), found)
    return months


def restated(lake: Lake, dimension: Table, names: Sequence[str]) -> DataFrame | None:
    """Keys of members that are what they were but for some of these columns; None where no member changed.

    Facts do not change with them. Members that are new or gone are left out: facts that name these change.
    """
    rows = lake.changes(dimension).rows
    if rows is None:
        return None
    (key,) = dimension.key
    nets = rows.groupBy(key, *names).agg(F.sum(weight()).alias(NET))
    both = (F.min(NET) < 0) & (F.max(NET) > 0)
    return nets.groupBy(key).agg(both.alias("_is_restated")).where("_is_restated").select(key)


def months_naming(lake: Lake, members: DataFrame | None, facts: Sequence[Table]) -> set[date]:
    """Months of the facts that name any of the members."""
    if members is None:
        return set()
    with kept(members) as named:
        if named is None:
            return set()
        found: set[date] = set()
        for table in facts:
            (month,) = table.partitioned_by
            found |= months_of(lake.read(table).join(named, members.columns, "leftsemi").select(month))
        return found
