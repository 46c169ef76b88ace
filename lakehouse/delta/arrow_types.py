"""The columns of tables as Arrow has them."""

from __future__ import annotations

import re

import pyarrow as pa

from lakehouse.tables.model import Table

_TYPES = {
    "STRING": pa.string(),
    "BIGINT": pa.int64(),
    "INT": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us", "UTC"),
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def arrow_schema(table: Table) -> pa.Schema:
    """Raises KeyError for a type that no table has."""
    return pa.schema([pa.field(one.name, arrow_type(one.type), one.nullable) for one in table.columns])


def arrow_type(kind: str) -> pa.DataType:
    """A type as the declarations of tables write it, in Spark's SQL. Raises KeyError for one that no table has."""
    if decimal := _DECIMAL.fullmatch(kind):
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if kind.startswith("ARRAY<"):
        return pa.list_(arrow_type(kind[6:-1]))
    if kind.startswith("MAP<"):
        key, value = kind[4:-1].split(",")
        return pa.map_(arrow_type(key), arrow_type(value))
    return _TYPES[kind]
