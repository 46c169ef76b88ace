"""Writes to small tables from this process, by delta-rs: the same log, constraints and types, without Spark's planning.

To replace a table of a few thousand rows takes Delta in Spark about a second of processor time, most of it around the
commit; here it is some hundredths. For tables without deletion vectors. Their change feeds say the same as by Spark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.model import Table


def replace(path: str, table: Table, rows: DataFrame, condition: str | None = None) -> None:
    """Replaces the rows for which the condition holds, or all. Raises DeltaError where a constraint is broken."""
    if condition is None:
        write_deltalake(path, _typed(table, rows), mode="overwrite")
    else:
        write_deltalake(path, _typed(table, rows), mode="overwrite", predicate=condition)


def append(path: str, table: Table, rows: DataFrame) -> None:
    """Raises DeltaError where a constraint is broken."""
    write_deltalake(path, _typed(table, rows), mode="append")


def delete(path: str, table: Table, gone: DataFrame) -> None:
    """Deletes the rows that have the values of one of `gone` in its columns, null-safe."""
    # In brackets: delta-rs has AND bind closer than DISTINCT.
    is_gone = " AND ".join(f"(t.{name} IS NOT DISTINCT FROM g.{name})" for name in gone.columns)
    merge = DeltaTable(path).merge(gone.toArrow(), predicate=is_gone, target_alias="t", source_alias="g")
    merge.when_matched_delete().execute()


def _typed(table: Table, rows: DataFrame) -> pa.Table:
    columns = (F.col(f"`{column.name}`").cast(column.type).alias(column.name) for column in table.columns)
    return rows.select(*columns).toArrow()


def append_made(path: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Appends rows made by Python."""
    schema = pa.schema(DeltaTable(path).schema().to_arrow())
    write_deltalake(path, pa.Table.from_pylist([dict(row) for row in rows], schema=schema), mode="append")
