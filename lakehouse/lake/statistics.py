"""Which columns have their least and greatest value noted, in Delta's log and in the files: none that may be personal.

The log keeps what it notes as long as the lake is there, in clear. Counts of rows, and statistics of keys and days, by
which files are skipped, stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from deltalake import ColumnProperties, WriterProperties

from lakehouse.tables.bronze import TECHNICAL
from lakehouse.tables.model import Column, Table

INDEXED = "delta.dataSkippingStatsColumns"
_MOST = 32
"""So many columns have statistics where nothing is said."""
_ORDERED = ("STRING", "BIGINT", "INT", "DOUBLE", "DATE", "TIMESTAMP", "DECIMAL")
_OURS = frozenset(column.name for column in TECHNICAL)


def hidden_columns(table: Table) -> tuple[str, ...]:
    """Columns whose values are noted nowhere beside the rows. A source's own column may hold anything."""
    return tuple(one.name for one in table.columns if _is_hidden(table, one))


def _is_hidden(table: Table, column: Column) -> bool:
    return column.field.personal or (table.layer == "bronze" and column.name not in _OURS)


def indexed(table: Table) -> dict[str, str]:
    """The property of a table that says so; none for tables without such columns, which have Delta's own choice."""
    hidden = hidden_columns(table)
    if not hidden:
        return {}
    first = table.columns if table.layer == "bronze" else table.columns[:_MOST]
    names = [
        one.name
        for one in first
        if one.name not in hidden and one.name not in table.partitioned_by and one.type.startswith(_ORDERED)
    ]
    return {INDEXED: ",".join(names)}


def to_be_set(present: Mapping[str, str | None], table: Table) -> dict[str, str]:
    """What of that a table that is there does not say yet: it was made by older code."""
    return {name: value for name, value in indexed(table).items() if present.get(name) != value}


def of_files(table: Table) -> WriterProperties:
    """How delta-rs writes the files of the table. Compressed as it does by itself, which it does not under properties
    that say nothing of it."""
    without = ColumnProperties(statistics_enabled="NONE")
    return WriterProperties(
        compression="SNAPPY", column_properties=dict.fromkeys(hidden_columns(table), without) or None
    )
