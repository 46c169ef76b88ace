"""Which months of a mart are not what they were, told by what this run changed in the star."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.gold._named import NET, weight
from lakehouse.gold.months import months_of
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


def months_replaced(lake: Lake, table: Table) -> set[date]:
    """The months of a table by months of which rows came or went."""
    (month,) = table.partitioned_by
    rows = lake.changes(table).rows
    return set() if rows is None else months_of(rows.select(month))
