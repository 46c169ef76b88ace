"""Months: what facts are partitioned by, and built again by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow.compute as pc
from pyspark.sql import DataFrame

from lakehouse.lake.changes import Changes


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
