"""A tile's rows as files that say by themselves what they are: filters, definition and publication stand in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: pa.Table, notes: Mapping[str, str]) -> bytes:
    """UTF-8 with a byte order mark; the notes in lines that begin with #, then the header and the rows.

    Decimals are exact. A text that a spreadsheet would take for a formula is led by an apostrophe.
    """
    out = io.StringIO()
    for name, text in notes.items():
        out.write(f"# {name}: {' '.join(text.split())}\r\n")
    writer = csv.writer(out)
    writer.writerow(table.column_names)
    writer.writerows([_cell(value) for value in row.values()] for row in table.to_pylist())
    return out.getvalue().encode("utf-8-sig")


def as_parquet(table: pa.Table, notes: Mapping[str, str]) -> bytes:
    """The notes are metadata of the schema."""
    out = pa.BufferOutputStream()
    kept = dict(table.schema.metadata or {})
    pq.write_table(
        table.replace_schema_metadata(kept | {f"lakehouse.{name}": text for name, text in notes.items()}), out
    )
    data: bytes = out.getvalue().to_pybytes()
    return data


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
