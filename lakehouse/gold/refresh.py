"""What of a table of gold is to be built again, told by what this run changed: all of it, or some of its months.

Facts and marts that grow with the data are partitioned by month, and built again by month: the cost of an incremental
run follows the change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import content_hash, persisted, released
from lakehouse.lake import Lake
from lakehouse.lake.changes import Changes
from lakehouse.tables.model import Table

NET = "_net"
Touched = Callable[[Lake], set[date] | None]
"""The months of a table that are not what they were since this run changed what it reads; None where all may be."""


@dataclass(frozen=True)
class Months:
    """The months of tables that are to be built again."""

    months: frozenset[date] | None
    """None: all there are, and those that are there no more."""

    def of(self, rows: DataFrame, column: str) -> DataFrame:
        """The rows of these months; `column` holds the first day of the month."""
        return rows if self.months is None else rows.where(in_months(column, self.months))

    def replace(self, lake: Lake, table: Table, rows: DataFrame) -> None:
        """Puts `rows` in the place of what a table partitioned by month holds of these months."""
        (month,) = table.partitioned_by
        if self.months is None:
            lake.overwrite(table, rows)
        else:
            lake.replace_where(table, rows, in_months(month, self.months))


def months_due(lake: Lake, writes: Sequence[Table], reads: Sequence[Table], touched: Touched) -> Months | None:
    """The months to build again: all of a table that is new, else those touched; None where there are none."""
    found = None if any(is_full(lake, table, reads) for table in writes) else touched(lake)
    if found is None:
        return Months(None)
    return Months(frozenset(found)) if found else None


def refresh_months(
    lake: Lake,
    table: Table,
    reads: Sequence[Table],
    touched: Touched,
    rows: Callable[[Months], DataFrame],
) -> None:
    """Builds again the months of one table that are not what they were. `rows` gives them."""
    if months := months_due(lake, (table,), reads, touched):
        months.replace(lake, table, rows(months))


def is_full(lake: Lake, writes: Table, reads: Iterable[Table]) -> bool:
    """True where a table is to be made from everything there is."""
    # What Changes.everything says, without asking for changes: that takes a while for every table.
    return lake.rebuild or any(
        lake.published_version(table) is None or lake.was_retyped(table) for table in (writes, *reads)
    )


@contextmanager
def counted(rows: DataFrame) -> Iterator[DataFrame | None]:
    """The rows, worked out at once for several uses; None where there are none.

    Small ones are broadcast from then on, for their size is known.
    """
    rows = persisted(rows)
    try:
        yield rows if rows.count() else None
    finally:
        released(rows)


def weight() -> Column:
    """+1 for an inserted row of a change feed, -1 for a deleted one."""
    return F.when(F.col("_change_type") == "insert", 1).otherwise(-1)


def months_of(rows: DataFrame) -> set[date]:
    """The distinct values of the one column: there are as many as months."""
    return {row[0] for row in rows.distinct().collect()}


def months_of_changes(changes: Changes, column: str) -> set[date]:
    """The distinct values of a column in rows that came or went."""
    if changes.arrow is not None:
        return set(pc.unique(changes.arrow[column]).to_pylist())
    return set() if changes.rows is None else months_of(changes.rows.select(column))


def in_months(column: str, months: Iterable[date]) -> str:
    """SQL condition for rows of these months, in literals: so that only their partitions are read or replaced."""
    return f"{column} IN ({', '.join(f'DATE{month.isoformat()!r}' for month in sorted(months))})"


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
    with counted(members) as named:
        if named is None:
            return set()
        found: set[date] = set()
        for table in facts:
            (month,) = table.partitioned_by
            found |= months_of(lake.read(table).join(named, members.columns, "leftsemi").select(month))
        return found
