"""What the columns of a Parquet file hold, and as what Spark reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import types as T

WRITTEN_BY_SPARK = b"org.apache.spark.version"
_PLAIN: dict[str, T.DataType] = {
    "bool": T.BooleanType(),
    "int8": T.ByteType(),
    "int16": T.ShortType(),
    "int32": T.IntegerType(),
    "int64": T.LongType(),
    "uint8": T.ShortType(),
    "uint16": T.IntegerType(),
    "uint32": T.LongType(),
    "uint64": T.DecimalType(20, 0),
    "float": T.FloatType(),
    "double": T.DoubleType(),
    "null": T.IntegerType(),
    "date32[day]": T.DateType(),
    "time32[ms]": T.IntegerType(),
    "time64[us]": T.LongType(),
    "time64[ns]": T.LongType(),
}
"""pyarrow's names of types that need no second look. A time of day and a duration are read as their counts."""
_UNREAD = frozenset({"BROTLI", "LZO", "BYTE_STREAM_SPLIT"})
"""Compressions and encodings that Spark's reader does not have."""
_MOST_DIGITS = 38
_VARIANT = {"metadata", "value", "typed_value"}


class UnreadableColumnError(Exception):
    """Raised for a column whose values cannot be had as the file holds them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a column holds."""

    means: str
    """struct, list, map, variant, text, bytes, uuid, instant, instant[ns], local, local[ns]; else pyarrow's name."""
    read_as: T.DataType
    leaves: tuple[str, ...]
    """Paths of the physical columns."""
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
        if not isinstance(key[1].read_as, (T.StringType, T.IntegralType)):
            raise UnreadableColumnError(f"Column {name} is a map with keys of type {kind.key_type}")
        read_as: T.DataType = T.MapType(key[1].read_as, value[1].read_as)
        return Shape("map", read_as, key[1].leaves + value[1].leaves, (key, value))
    if isinstance(kind, (pa.ListType, pa.LargeListType, pa.FixedSizeListType)):
        element = part("", kind.value_type)
        return Shape("list", T.ArrayType(element[1].read_as), element[1].leaves, (element,))
    leaf = next(leaves)
    if (found := _leaf(kind, leaf, zone)) is None:
        raise UnreadableColumnError(f"Column {name} is of type {kind}")
    return Shape(*found, (leaf.path,))


def _struct(name: str, kind: pa.StructType, parts: tuple[tuple[str, Shape], ...], text: str) -> Shape:
    names = [label for label, _ in parts]
    leaves = tuple(leaf for _, part in parts for leaf in part.leaves)
    if {"metadata", "value"} <= set(names) <= _VARIANT and re.search(r"\(Variant\(", text):
        return Shape("variant", T.VariantType(), leaves)
    if len({label.casefold() for label in names}) < len(names):
        raise UnreadableColumnError(f"Column {name} has two fields whose names are the same but for case: {kind}")
    if "" in names:
        raise UnreadableColumnError(f"Column {name} has a field without a name: {kind}")
    fields = [T.StructField(label, part.read_as) for label, part in parts]
    return Shape("struct", T.StructType(fields), leaves, parts)


def _leaf(kind: pa.DataType, leaf: parquet.ColumnSchema, zone: str | None) -> tuple[str, T.DataType] | None:
    """What a column of single values means and is read as; None for what Spark does not have."""
    if isinstance(kind, pa.BaseExtensionType) and not str(leaf.logical_type).startswith("UUID"):
        kind = kind.storage_type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if str(leaf.logical_type).startswith("UUID"):
        return "uuid", T.BinaryType()
    if leaf.physical_type == "INT96":
        return "instant" if zone else "local", T.TimestampType()
    if pa.types.is_timestamp(kind):
        means = "instant" if kind.tz else "local"
        if kind.unit == "ns":
            return f"{means}[ns]", T.LongType()
        return means, T.TimestampType() if kind.tz else T.TimestampNTZType()
    if pa.types.is_decimal(kind):
        fits = kind.precision <= _MOST_DIGITS
        return ("decimal", T.DecimalType(kind.precision, kind.scale)) if fits else None
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "text", T.StringType()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "bytes", T.BinaryType()
    if pa.types.is_duration(kind):
        return "int64", T.LongType()
    return (str(kind), _PLAIN[str(kind)]) if str(kind) in _PLAIN else None
