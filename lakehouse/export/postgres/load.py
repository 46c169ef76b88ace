"""Rows of a publication into a table of PostgreSQL: Arrow batches, by ADBC's COPY. Memory stays at some batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from lakehouse.export.postgres.server import ServerFailed, in_words
from lakehouse.export.subjects import Subject
from lakehouse.tables.model import Column
from lakehouse.tables.types import TEXT

_BATCH = 65_536


@contextmanager
def loading(words: str) -> Iterator[Any]:
    """A connection of ADBC for `load`: one for all tables, for to make it takes longer than to load a small one."""
    from adbc_driver_postgresql import dbapi

    with in_words(), dbapi.connect(words) as connection:
        yield connection


def load(connection: Any, schema: str, subject: Subject) -> int:
    """Appends the rows to the table of that name, which has its columns; returns how many.

    Raises ServerFailed, also where the server has not as many rows as were sent.
    """
    reader = subject.lake.sql(subject.select(_written)).to_arrow_reader(_BATCH)
    documents = [place for place, column in enumerate(subject.columns) if column.type.startswith("MAP<")]
    fields = [pa.field(f.name, pa.json_(pa.string())) if i in documents else f for i, f in enumerate(reader.schema)]
    schema_sent = pa.schema(fields)
    sent = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal sent
        for batch in reader:
            sent += batch.num_rows
            columns = [
                pa.ExtensionArray.from_storage(pa.json_(pa.string()), column) if place in documents else column
                for place, column in enumerate(batch.columns)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema_sent)

    with connection.cursor() as cursor:
        stream = pa.RecordBatchReader.from_batches(schema_sent, batches())
        there = cursor.adbc_ingest(subject.short_name, stream, mode="append", db_schema_name=schema)
        connection.commit()
    if there != sent:
        raise ServerFailed(f"{subject.name}: {sent:,} rows were sent, and PostgreSQL has {there:,}")
    return sent


def _written(column: Column, value: str) -> str:
    """PostgreSQL holds no character NUL, which texts of JSON and Parquet may have: the replacement character stands."""
    if column.type == TEXT:
        return f"replace({value}, chr(0), chr(65533))"
    return f"CAST(to_json({value}) AS VARCHAR)" if column.type.startswith("MAP<") else value
