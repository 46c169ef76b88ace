"""The first values of a Parquet file as the texts that they become in bronze."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from lakehouse.sources.parquet.shapes import Shape, UnreadableColumnError, shapes

INSTANT, LOCAL, DAY = "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]XXX", "yyyy-MM-dd'T'HH:mm:ss[.SSSSSSSSS]", "yyyy-MM-dd"
_PATTERNS = {"instant": INSTANT, "instant[ns]": INSTANT, "local": LOCAL, "local[ns]": LOCAL, "date32[day]": DAY}
_PER_SECOND = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_EPOCH = datetime(1970, 1, 1)
_LEAST, _MOST = 1e-20, 1e20

Texts = tuple[tuple[str | None, ...], ...]


def first_rows(path: Path, count: int) -> tuple[tuple[str, ...], Texts, Mapping[str, str]]:
    """Names of columns, the first rows as texts, and the date pattern of each column whose type is a time or day.

    Raises ArrowException or OSError where the file is not Parquet.
    """
    file = parquet.ParquetFile(path, coerce_int96_timestamp_unit="us")
    names = tuple(file.schema_arrow.names)
    try:
        found: list[Shape | None] = [shape for _, shape in shapes(file)]
    except UnreadableColumnError:  # a run refuses the file, and `source check` says why; a draft shows what it can
        found = [None] * len(names)
    head = pa.Table.from_batches(_batches(file, count), file.schema_arrow).slice(0, count)
    columns = [_texts(*one) for one in zip(head.columns, found, strict=True)]
    patterns = {
        name: _PATTERNS[shape.means]
        for name, shape in zip(names, found, strict=True)
        if shape and shape.means in _PATTERNS
    }
    return names, tuple(zip(*columns, strict=True)), patterns


def _batches(file: parquet.ParquetFile, rows: int) -> list[pa.RecordBatch]:
    """The first batches, of that many rows in all or more: none of them goes beyond a group of rows."""
    taken, found = 0, []
    for batch in file.iter_batches(rows):
        found.append(batch)
        taken += batch.num_rows
        if taken >= rows:
            break
    return found


def _texts(values: pa.ChunkedArray, shape: Shape | None) -> list[str | None]:
    read = _reader(values.type, shape.means if shape else "")
    if pa.types.is_temporal(values.type):
        width = pa.int32() if values.type.bit_width == 32 else pa.int64()
        values = values.cast(width)
    return [None if value is None else read(value) for value in values.to_pylist()]


def _reader(kind: pa.DataType, means: str) -> Callable[[Any], str]:
    if pa.types.is_timestamp(kind):
        return lambda count: _time(count, _PER_SECOND[kind.unit], "Z" if means.startswith("instant") else "")
    if pa.types.is_time(kind):
        return lambda count: _time(count, _PER_SECOND[kind.unit], "").removeprefix("1970-01-01T")
    if pa.types.is_date32(kind):
        return lambda count: _time(count * 86_400, 0, "").removesuffix("T00:00:00")
    if pa.types.is_float32(kind):
        return lambda value: _number(str(np.float32(value)))
    return _text


def _time(count: int, digits: int, zone: str) -> str:
    """ISO 8601 of a count since 1970; the count itself where Python knows no such year."""
    seconds, rest = divmod(count, 10**digits)
    try:
        text = (_EPOCH + timedelta(seconds=seconds)).isoformat(timespec="seconds")
    except OverflowError:
        return str(count)
    fraction = f".{rest:0{digits}d}".rstrip("0") if rest else ""
    return f"{text}{fraction}{zone}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(str(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return f"0x{value.hex().upper()}"
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str)
    return str(value)


def _number(text: str) -> str:
    """The shortest text of a binary fraction, in digits unless it is very small or large, with one decimal at least."""
    if "n" in text:
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[text]
    if not _LEAST <= abs(float(text)) < _MOST and float(text):
        return text
    plain = f"{Decimal(text):f}"
    return plain if "." in plain else f"{plain}.0"
