"""Who writes a table: Spark, or this process where that is enough."""

from __future__ import annotations

from typing import Protocol

from pyspark.sql import DataFrame

from lakehouse import small_writes, spark_writes
from lakehouse.tables.model import Table

MOST_LINES = 1_000_000
"""Order lines of a lake up to which rows are taken to this process. Tables that it writes have a row
for a line, day, customer, product, companion or credit of these lines: a small multiple of them at most."""


class Writes(Protocol):
    """A module that writes tables. All raise where a constraint is broken."""

    def append(self, path: str, table: Table, rows: DataFrame) -> None: ...

    def replace(self, path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
        """Replaces the rows for which the condition holds, or all."""

    def delete(self, path: str, table: Table, gone: DataFrame) -> None:
        """Deletes the rows that have the values of one of `gone` in its columns, null-safe."""


def is_small(table: Table, lines: int) -> bool:
    """Whether this process writes the table, in a lake of so many order lines."""
    return table.layer in ("gold", "ops") and not table.deletion_vectors and lines <= MOST_LINES


def writes_of(table: Table, lines: int) -> Writes:
    return small_writes if is_small(table, lines) else spark_writes
