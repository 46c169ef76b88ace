"""The newest order, and the day from which a lake of old orders is to be seen."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from lakehouse.delta.log import table_path
from lakehouse.delta.rows import answer, partition_values
from lakehouse.tables.silver import ORDER_LINES

LONG_AGO = timedelta(days=365)
"""An order older than this is out of the windows and look-backs that the marts end at `as_of`."""


def newest_order(lake: Path) -> date | None:
    """The day of the newest order of all sources, from the rows of the newest month alone; None where there is none."""
    months = partition_values(table_path(lake, ORDER_LINES), ORDER_LINES.partitioned_by[0])
    query = f"SELECT max(order_date) FROM {ORDER_LINES.short_name}"
    for month in sorted(map(str, months), reverse=True):
        # A month may have lost all its rows.
        [(day,)] = answer(lake, ORDER_LINES, query, within={ORDER_LINES.partitioned_by[0]: month})
        if isinstance(day, date):
            return day
    return None


def suiting_day(newest: date, as_of: date) -> date | None:
    """The day from which all orders are seen as recent ones, where `as_of` is long after the newest; None elsewhere."""
    return newest + timedelta(days=1) if as_of - newest > LONG_AGO else None


def advice(newest: date | None, as_of: date) -> str:
    """For people, where the newest order was placed long before the day that the lake is seen from; else empty."""
    if newest is None or (day := suiting_day(newest, as_of)) is None:
        return ""
    years = (as_of - newest).days / 365.25
    return (
        f"the newest order is of {newest}, {years:.1f} years before the day that the lake is seen from ({as_of}): what "
        f'looks back from it finds nothing. --as-of {day} suits, or as_of = "{day}" in conf/lakehouse.toml'
    )
