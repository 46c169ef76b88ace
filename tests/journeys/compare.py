"""What a whole lake publishes, to hold one lake against another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from lakehouse.published import open_published
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED

AS_OF = date(2011, 3, 1)


def contents(lake: Path, tables: Iterable[Table] = PUBLISHED) -> dict[str, list[tuple[Any, ...]]]:
    """Published table -> its rows over the business columns, sorted."""
    found = {}
    with open_published(lake) as published:
        there = set(published.table_names())
        for table in tables:
            if table.name in there:
                columns = ", ".join(f'"{name}"' for name in table.business_columns)
                # As text: Python's datetime does not reach as far as the first and last instant.
                rows = published.sql(f"SELECT CAST(t AS VARCHAR) FROM (SELECT {columns} FROM {table.name}) AS t")
                found[table.name] = sorted(rows.fetchall())
    return found


def one(lake: Path, query: str) -> Any:
    """The only value that a query gives."""
    with open_published(lake) as published:
        return published.sql(query).fetchall()[0][0]
