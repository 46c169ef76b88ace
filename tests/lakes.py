"""Tiny lakes for tests of readers, written by delta-rs without Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from lakehouse.tables import bronze, gold, ops, silver
from lakehouse.tables.model import Column, Table

Frame = Callable[..., DataFrame]
"""A table and rows, as `arrow` takes them -> a frame of Spark."""
_ARROW = {
    "STRING": pa.string(),
    "BIGINT": pa.int64(),
    "INT": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "DECIMAL(18,8)": pa.decimal128(18, 8),
    "MAP<STRING,STRING>": pa.map_(pa.string(), pa.string()),
    "MAP<STRING,BIGINT>": pa.map_(pa.string(), pa.int64()),
    "ARRAY<STRING>": pa.list_(pa.string()),
    "ARRAY<BIGINT>": pa.list_(pa.int64()),
    "ARRAY<DOUBLE>": pa.list_(pa.float64()),
}
_DEFAULTS: dict[str, Any] = {
    "STRING": "x", "BIGINT": 0, "INT": 0, "DOUBLE": 0.0, "BOOLEAN": False, "DATE": date(2024, 1, 1),
    "TIMESTAMP": datetime(2024, 1, 1, tzinfo=UTC), "DECIMAL(18,4)": 0, "DECIMAL(18,8)": 0,
}  # fmt: skip


def arrow(table: Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The rows with all columns of the table: what a row does not name is NULL where allowed, else a plain value."""
    full = [{column.name: row.get(column.name, _plain(column)) for column in table.columns} for row in rows]
    for row in full:
        for name, value in row.items():
            if isinstance(value, dict):
                row[name] = list(value.items())
    schema = pa.schema([pa.field(column.name, _ARROW[column.type], column.nullable) for column in table.columns])
    return pa.Table.from_pylist(full, schema=schema)


def frame_of(spark: SparkSession, rows: pa.Table) -> DataFrame:
    """The rows as a frame whose columns may be NULL: Sail takes one that may not for that after outer joins too."""
    if not rows.num_rows:
        return spark.createDataFrame([], from_arrow_schema(rows.schema))
    return spark.createDataFrame(rows.cast(pa.schema([field.with_nullable(True) for field in rows.schema])))


def _plain(column: Column) -> Any:
    return None if column.nullable else _DEFAULTS.get(column.type, [])


def write(lake: Path, table: Table, rows: Iterable[Mapping[str, Any]], mode: str = "overwrite") -> int:
    """Writes the rows as one commit and returns its version."""
    path = lake / table.layer / table.short_name
    write_deltalake(path, arrow(table, rows), mode=mode, partition_by=list(table.partitioned_by) or None)  # type: ignore[call-overload]
    return DeltaTable(path).version()


def publish(lake: Path, number: int, versions: Mapping[str, int], **more: Any) -> None:
    row = {"publication": number, "kind": "run", "table_versions": dict(versions), "batches": [number]} | more
    write(lake, ops.PUBLICATIONS, [row], mode="append")


def published_star(lake: Path, **rows: Iterable[Mapping[str, Any]]) -> None:
    """Publication 1 of every gold table, with the rows given by short name."""
    publish(lake, 1, {table.name: write(lake, table, rows.get(table.short_name, ())) for table in gold.TABLES})


__all__ = ["Frame", "arrow", "bronze", "gold", "ops", "publish", "published_star", "silver", "write"]
