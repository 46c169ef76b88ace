"""How many rows stand behind a table before it is written: what decides who writes it."""

from __future__ import annotations

from lakehouse.lake import Lake
from lakehouse.tables.model import Table
from lakehouse.tables.silver import ORDER_LINES


def rows_behind(lake: Lake, table: Table) -> int:
    """Order lines; for silver, where they are not counted before they are written, the rows of bronze."""
    return lake.count_layer("bronze") if table.layer == "silver" else lake.count(ORDER_LINES)
