"""Parquet: exact in every type, with meaning and unit of each column in the file's own schema."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from lakehouse.export.subjects import Subject
from lakehouse.tables.model import Column

NOTES: tuple[str, ...] = ()
_GROUP = 122_880
"""Rows of a row group: what is in memory at once."""


def write(subject: Subject, path: Path) -> int:
    """Writes the rows; returns how many. Memory stays at a few row groups."""
    rows, count = subject.lake.sql(subject.select()).to_arrow_reader(_GROUP), 0
    schema = _described(subject, rows.schema)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch.cast(schema))
            count += batch.num_rows
    return count


def _described(subject: Subject, found: pa.Schema) -> pa.Schema:
    fields = [_field(column, found.field(column.name).type) for column in subject.columns]
    about = {
        "table": subject.name,
        "grain": subject.declared.grain,
        "publication": str(subject.publication.publication),
    }
    return pa.schema(fields, metadata=about)


def _field(column: Column, kind: pa.DataType) -> pa.Field:
    # DuckDB says Etc/UTC, which some readers of Parquet do not know for UTC.
    kind = pa.timestamp("us", "UTC") if pa.types.is_timestamp(kind) else kind
    about = {"comment": column.field.meaning} | ({"unit": column.field.unit} if column.field.unit else {})
    return pa.field(column.name, kind, metadata=about)
