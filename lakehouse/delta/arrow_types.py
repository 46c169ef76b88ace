"""The columns of tables as Arrow has them."""

from __future__ import annotations

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
    "MAP<STRING,STRING>": pa.map_(pa.string(), pa.string()),
}


def arrow_schema(table: Table) -> pa.Schema:
    """Raises KeyError for a type that no table has which is written from Arrow alone."""
    return pa.schema([pa.field(one.name, _TYPES[one.type], one.nullable) for one in table.columns])
