"""Who writes a table: Spark, or this process where that is enough."""

from __future__ import annotations

from typing import Protocol

from pyspark.sql import DataFrame

from lakehouse.lake import arrow_writer, spark_writer
from lakehouse.tables.model import Table

MOST_LINES = 1_000_000
"""Rows behind a table up to which it is taken to this process: for gold the order lines of the lake, of which its
tables have a row for a line, day, customer, product, companion or credit, a small multiple of them at most; for silver
the rows of bronze."""


class Writer(Protocol):
    """A module that writes tables. All raise where a constraint is broken."""

    def append(self, path: str, table: Table, rows: DataFrame) -> None: ...

    def append_any(self, path: str, table: Table, rows: DataFrame) -> bool:
        """Appends; commits nothing where there are no rows. Returns whether there were any."""

    def replace(self, path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
        """Replaces the rows for which the condition holds, or all."""

    def delete(self, path: str, table: Table, gone: DataFrame) -> None:
        """Deletes the rows that have the values of one of `gone` in its columns, null-safe."""

    def apply_difference(self, path: str, table: Table, changed: DataFrame) -> bool:
        """Deletes and appends what `difference.difference` found. Returns whether it found anything."""


def writer_of(rows_behind: int) -> Writer:
    """Who writes a table with so many rows behind it. (See MOST_LINES.)"""
    return arrow_writer if rows_behind <= MOST_LINES else spark_writer
