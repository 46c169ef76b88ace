"""Which tables there are: those of publications, all of them, and everything that can be asked for by name."""

from __future__ import annotations

from lakehouse.tables import gold, ops, silver
from lakehouse.tables.model import Table, View
from lakehouse.tables.views import VIEWS

PUBLISHED: tuple[Table, ...] = (*silver.TABLES, *gold.TABLES)
"""A publication names a version of each."""
ALL: tuple[Table, ...] = (*PUBLISHED, *ops.TABLES)
"""All but those of bronze, which the sources declare."""
DECLARED: dict[str, Table | View] = {one.name: one for one in ALL} | {one.name: one for one in VIEWS}
