"""CSV: UTF-8, a header, RFC 4180; NULL is nothing between the commas, an empty text is ""."""

from __future__ import annotations

from pathlib import Path

from lakehouse.delta import duck
from lakehouse.delta.quoting import literal
from lakehouse.export.cells import GUARDED, safe_cell_sql
from lakehouse.export.subjects import Subject
from lakehouse.tables.model import Column
from lakehouse.tables.types import INSTANT, TEXT

NOTES = (f'NULL is an empty cell, an empty text is ""; instants are ISO 8601 in UTC; {GUARDED}',)
_BATCH = 50_000


def write(subject: Subject, path: Path) -> int:
    """Writes the rows; returns how many. Memory stays at some batches of rows."""
    rows = subject.lake.sql(subject.select(_written)).to_arrow_reader(_BATCH)
    with duck.connect() as writer:
        # Several threads would keep rows in memory until those before them are written. A bar would spoil the output.
        writer.execute("SET threads = 1")
        writer.execute("SET enable_progress_bar = false")
        writer.register("rows", rows)
        # Without names of its own for files in the making: `path` is one already.
        copied = writer.execute(f"COPY rows TO {literal(str(path))} (FORMAT csv, HEADER, USE_TMP_FILE false)")
        [(count,)] = copied.fetchall()
    return int(count)


def _written(column: Column, value: str) -> str:
    if column.type == TEXT:
        return safe_cell_sql(value)
    if column.type.startswith(("MAP<", "ARRAY<")):
        return f"CAST(to_json({value}) AS VARCHAR)"
    if column.type == INSTANT:
        return _instant(value)
    return value


def _instant(value: str) -> str:
    """An instant as `2024-05-01T12:00:00+00:00`, with microseconds where there are some; the zone of lakes is UTC."""
    short, long = (f"strftime({value}, '%Y-%m-%dT%H:%M:%S{fraction}+00:00')" for fraction in ("", ".%f"))
    return f"CASE WHEN epoch_us({value}) % 1000000 = 0 THEN {short} ELSE {long} END"
