"""What the columns of a Parquet file hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import parquet

WRITTEN_BY_SPARK = b"org.apache.spark.version"
_COUNTED = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"})
_CLOCKS = frozenset({"time32[ms]", "time64[us]", "time64[ns]"})
_PLAIN = _COUNTED | _CLOCKS | {"bool", "uint64", "float", "double", "null", "date32[day]"}
"""pyarrow's names of types that need no second look."""
_KEYS = _COUNTED | _CLOCKS | {"text", "null"}
"""What the keys of a map can be."""
_UNREAD = frozenset({"BROTLI", "LZO", "BYTE_STREAM_SPLIT"})
"""Compressions and encodings that not every reader of the lake's engines has."""
_MOST_DIGITS = 38
_VARIANT = {"metadata", "value", "typed_value"}


class UnreadableColumnError(Exception):
    """Raised for a column whose values cannot be had as the file holds them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a column holds."""

    means: str
    """struct, list, map, text, bytes, uuid, instant, instant[ns], local, local[ns]; else pyarrow's name."""
    parts: tuple[tuple[str, Shape], ...] = ()
    """Fields of a struct; the element of a list; key and value of a map."""


def shapes(file: parquet.ParquetFile) -> tuple[tuple[str, Shape], ...]:
    """The columns of a file. Raises UnreadableColumnError, which names column and type, where one cannot be read."""
    schema = file.schema
    leaves = (schema.column(place) for place in range(len(schema)))
    # INT96 says of no time whether it is an instant; of Spark it is known that it is.
    zone = "UTC" if WRITTEN_BY_SPARK in (file.metadata.metadata or {}) else None
    return tuple((field.name, _shape(field.name, field.type, leaves, zone, str(schema))) for field in file.schema_arrow)


def unread_packing(file: parquet.ParquetFile) -> list[tuple[str, str]]:
    """The columns that are compressed or encoded as Spark does not read it, with how they are."""
    groups = (file.metadata.row_group(place) for place in range(file.metadata.num_row_groups))
    chunks = (group.column(place) for group in groups for place in range(group.num_columns))
    found = ((one.path_in_schema, {one.compression, *one.encodings} & _UNREAD) for one in chunks)
    return sorted({(path, how) for path, packed in found for how in packed})


def _shape(name: str, kind: pa.DataType, leaves: Iterator[parquet.ColumnSchema], zone: str | None, text: str) -> Shape:
    def part(label: str, inner: pa.DataType) -> tuple[str, Shape]:
        return label, _shape(f"{name}.{label}" if label else name, inner, leaves, zone, text)

    if pa.types.is_struct(kind):
        return _struct(name, kind, tuple(part(field.name, field.type) for field in kind), text)
    if pa.types.is_map(kind):
        key, value = part("key", kind.key_type), part("value", kind.item_type)
        if key[1].means not in _KEYS:
            raise UnreadableColumnError(f"Column {name} is a map with keys of type {kind.key_type}")
        return Shape("map", (key, value))
    if isinstance(kind, (pa.ListType, pa.LargeListType, pa.FixedSizeListType)):
        return Shape("list", (part("", kind.value_type),))
    if (found := _leaf(kind, next(leaves), zone)) is None:
        raise UnreadableColumnError(f"Column {name} is of type {kind}")
    return Shape(found)


def _struct(name: str, kind: pa.StructType, parts: tuple[tuple[str, Shape], ...], text: str) -> Shape:
    names = [label for label, _ in parts]
    if {"metadata", "value"} <= set(names) <= _VARIANT and re.search(r"\(Variant\(", text):
        raise UnreadableColumnError(f"Column {name} is a variant: {kind}")
    if len({label.casefold() for label in names}) < len(names):
        raise UnreadableColumnError(f"Column {name} has two fields whose names are the same but for case: {kind}")
    if "" in names:
        raise UnreadableColumnError(f"Column {name} has a field without a name: {kind}")
    return Shape("struct", parts)


def _leaf(kind: pa.DataType, leaf: parquet.ColumnSchema, zone: str | None) -> str | None:
    """What a column of single values means; None for what cannot be had."""
    if isinstance(kind, pa.BaseExtensionType) and not str(leaf.logical_type).startswith("UUID"):
        kind = kind.storage_type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if str(leaf.logical_type).startswith("UUID"):
        return "uuid"
    if leaf.physical_type == "INT96":
        return "instant" if zone else "local"
    if pa.types.is_timestamp(kind):
        means = "instant" if kind.tz else "local"
        return f"{means}[ns]" if kind.unit == "ns" else means
    if pa.types.is_decimal(kind):
        return "decimal" if kind.precision <= _MOST_DIGITS else None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "bytes"
    if pa.types.is_duration(kind):
        return "int64"
    return str(kind) if str(kind) in _PLAIN else None
