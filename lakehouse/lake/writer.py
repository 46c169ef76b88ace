"""Who writes a table: Spark, or this process where that is enough."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa
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

    def replace_all(self, path: str, table: Table, rows: DataFrame) -> bool | None:
        """Replaces all rows; commits nothing where they are there already. Returns whether they were not.

        None where this writer does not compare: nothing was written then.
        """

    def net_changes(self, path: str, base: int, head: int) -> pa.Table | None:
        """Rows that came and went between two versions, told apart by `_change_type`; None where Spark must tell."""


_HERE: Writer = arrow_writer
_BY_SPARK: Writer = spark_writer


def writer_of(path: str, table: Table, rows_behind: Callable[[], int]) -> Writer:
    """Who writes a table with so many rows behind it. (See MOST_LINES.)"""
    if table.layer == "bronze" or not arrow_writer.can_write(path, table):
        return _BY_SPARK
    return _HERE if rows_behind() <= MOST_LINES else _BY_SPARK
