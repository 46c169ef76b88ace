"""What only the whole of a Parquet file shows: columns, packing and times that cannot be had as the file has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ArrowException, parquet

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.formats.parquet_calendar import ZONE, is_of_old
from lakehouse.sources.parquet.shapes import WRITTEN_BY_SPARK, Shape, UnreadableColumnError, shapes, unread_packing
from lakehouse.tables.reasons import FileReason

_1900 = -2_208_988_800_000
"""From here on, in milliseconds since 1970, both calendars agree whatever the time zone."""
_FURTHEST = (2**63 - 1) // 1000
"""Milliseconds that can be held as microseconds."""
_ROWS_AT_ONCE = 1 << 16


def parquet_shapes(file: IO[bytes]) -> tuple[tuple[str, Shape], ...]:
    """Names and shapes of the columns. Raises RefusedError where a column cannot be had just as the file holds it."""
    try:
        table = parquet.ParquetFile(file)
    except (ArrowException, OSError) as error:
        raise RefusedError(
            FileReason.NOT_PARQUET, "The file is not Parquet, or only a part of one: send it again"
        ) from error
    try:
        found = shapes(table)
    except UnreadableColumnError as error:
        raise _refused(f"{error}, which cannot be read as it is: have it written as text") from error
    if "" in (names := [name for name, _ in found]):
        raise _refused(f"Column {names.index('') + 1} has no name: have the file written with one")
    for name, how in unread_packing(table):
        raise _refused(
            f"Column {name} is packed as {how}, which cannot be read: "
            "have it written as zstd or snappy, with the writer's usual encodings"
        )
    _check_times(file, table)
    return found


def _refused(detail: str) -> RefusedError:
    return RefusedError(FileReason.UNREADABLE_COLUMN, detail)


def _check_times(file: IO[bytes], table: parquet.ParquetFile) -> None:
    """Times that a reader cuts, fails on, or reads by the time zone of its machine."""
    for place in range(len(table.schema)):
        column = table.schema.column(place)
        is_int96 = column.physical_type == "INT96"
        is_time = is_int96 or str(column.logical_type).startswith("Timestamp")
        spark = _spark_of_old(table.metadata.metadata or {}, column) if is_time else ""
        if is_int96:
            _check_digits(file, column.path)
        if is_time and (spark or is_int96 or "=milliseconds" in str(column.logical_type)):
            _check_range(file, column, spark)


def _spark_of_old(footer: Mapping[bytes, bytes], column: parquet.ColumnSchema) -> str:
    """The version of a Spark that wrote old times by another calendar and did not say in which zone; else nothing."""
    is_unknown = is_of_old(footer, column.physical_type) and ZONE not in footer
    return footer[WRITTEN_BY_SPARK].decode() if is_unknown else ""


def _check_digits(file: IO[bytes], path: str) -> None:
    """INT96 counts nanoseconds, of which the last three digits are not read."""
    fine, coarse = (_values(file, path, unit) for unit in ("ns", "us"))
    for nanoseconds, microseconds in zip(fine, coarse, strict=True):
        # Beyond the year 2262 both counts have run over, and what is between them is right all the same.
        rest = pc.subtract(nanoseconds, pc.multiply(microseconds, 1000))
        if pc.any(pc.not_equal(rest, 0)).as_py():
            raise _refused(
                f"Column {path} is of type INT96 and holds times finer than a microsecond, which would be cut: "
                "have it written as TIMESTAMP(NANOS), or as text"
            )


def _check_range(file: IO[bytes], column: parquet.ColumnSchema, old_spark: str) -> None:
    name = "INT96" if column.physical_type == "INT96" else "timestamp"
    for milliseconds in _values(file, column.path, "ms"):
        found = pc.min_max(milliseconds).as_py()
        if found["min"] is None:
            continue
        if found["min"] < -_FURTHEST or found["max"] > _FURTHEST:
            raise _refused(
                f"Column {column.path} is of type {name} and holds a time beyond the year 290,000: have it mended"
            )
        if old_spark and found["min"] < _1900:
            raise _refused(
                f"Column {column.path} is of type {name} and holds a time before 1900, written by Spark {old_spark} in "
                "another calendar and in a time zone that the file does not name: have it written by a newer Spark"
            )


def _values(file: IO[bytes], path: str, unit: str) -> Iterator[pa.Array]:
    """The counts of one physical column of times, in that unit as far as it is INT96, in batches."""
    table = parquet.ParquetFile(file, coerce_int96_timestamp_unit=unit)
    for batch in table.iter_batches(_ROWS_AT_ONCE, columns=[path]):
        values = _innermost(batch.column(0))
        if unit == "ms" and values.type.unit == "us":
            values = pc.divide(values.cast(pa.int64()), 1000)
        yield values.cast(pa.int64())


def _innermost(values: pa.Array) -> pa.Array:
    """The single values within structs, lists and maps, of which only the way to them was read."""
    while pa.types.is_nested(values.type):
        if pa.types.is_struct(values.type):
            [values] = values.flatten()
        else:
            values = values.items if pa.types.is_map(values.type) else values.flatten()
    return values
