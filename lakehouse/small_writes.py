"""Writes to small tables from this process, by delta-rs: the same log, constraints and types, without Spark's planning.

To replace a table of a few thousand rows takes Delta in Spark about a second of processor time, most of it around the
commit; here it is some hundredths. For tables without change feed and without deletion vectors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.model import Table

MOST_LINES = 1_000_000
"""Order lines of a lake up to which results are taken to this process. Tables written here have a row
for a day, customer, product, companion or credit of these lines: a small multiple of them at most."""


def can_write(table: Table) -> bool:
    return table.layer in ("gold", "ops") and not (table.change_feed or table.deletion_vectors)


def replace(path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
    """Replaces the rows for which the condition holds, or all. Raises DeltaError where a constraint is broken."""
    typed = rows.select(*(F.col(f"`{column.name}`").cast(column.type).alias(column.name) for column in table.columns))
    if condition is None:
        write_deltalake(path, typed.toArrow(), mode="overwrite")
    else:
        write_deltalake(path, typed.toArrow(), mode="overwrite", predicate=condition)


def append(path: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends rows made by Python."""
    schema = pa.schema(DeltaTable(path).schema().to_arrow())
    write_deltalake(path, pa.Table.from_pylist([dict(row) for row in rows], schema=schema), mode="append")
