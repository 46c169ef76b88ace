"""The values of Parquet as text, each just as the file holds it: arrays in, arrays of texts out."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.bronze.formats.parquet_calendar import Counts, Rebase
from lakehouse.bronze.formats.parquet_numbers import java_number, plain_number
from lakehouse.bronze.rows import TEXT
from lakehouse.sources.parquet.shapes import Shape

_PER_SECOND = {"time32[ms]": 3, "time64[us]": 6, "time64[ns]": 9}
"""Kind of time of day -> digits after the second."""
_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_AS_NUMBERS = ("int", "uint", "float", "double", "decimal", "bool", "null")
_DAY = 86_400
_YEAR_DIGITS = 4

Texts = list[str | None]


def texts(values: pa.Array, shape: Shape, rebase: Rebase) -> pa.Array:
    """The texts that stand in bronze for a column of this shape."""
    if shape.means in ("struct", "list", "map"):
        return pa.array(_json(values, shape, rebase), TEXT)
    return _single(_plain(values), shape.means, rebase)


def _plain(values: pa.Array) -> pa.Array:
    """Without what is but another way to hold the same values."""
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values


def _single(values: pa.Array, means: str, rebase: Rebase) -> pa.Array:
    kind = values.type
    if pa.types.is_timestamp(kind):
        unit = _DIGITS[kind.unit]
        move = rebase.micros if means == "instant" else None
        return _by_count(values, lambda counts: _times(counts, unit, "Z" if means.startswith("instant") else "", move))
    if means in _PER_SECOND:
        return _by_count(values, lambda counts: [_clock(count, _PER_SECOND[means]) for count in counts.tolist()])
    if pa.types.is_date(kind):
        return _by_count(values, lambda counts: _days(counts if rebase.days is None else rebase.days(counts)))
    if means in ("text", "bytes"):
        return _texts_of_bytes(values)
    if pa.types.is_duration(kind):
        values = values.cast(pa.int64())
    write = _WRITTEN.get(means)
    return values.cast(TEXT) if write is None else _by_value(values, write(kind))


def _by_value(values: pa.Array, write: Callable[[object], str]) -> pa.Array:
    return pa.array([None if one is None else write(one) for one in values.to_pylist()], TEXT)


def _by_count(values: pa.Array, write: Callable[[Counts], list[str]]) -> pa.Array:
    """Texts of the counts since 1970, or midnight, of the values that are there."""
    width = pa.int32() if values.type.bit_width == 32 else pa.int64()
    counts = pc.fill_null(values.cast(width), 0).to_numpy().astype(np.int64)
    return pa.array(write(counts), TEXT, mask=values.is_null().to_numpy(zero_copy_only=False))


def _times(counts: Counts, digits: int, zone: str, move: Callable[[Counts], Counts] | None) -> list[str]:
    """ISO 8601 of counts since 1970 with so many digits after the second."""
    if move is not None:
        counts, digits = move(counts * 10 ** (6 - digits)), 6
    seconds, rests = np.divmod(counts, 10**digits)
    written = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s").tolist()
    return [
        f"{_signed(text)}{_fraction(rest, digits)}{zone}" for text, rest in zip(written, rests.tolist(), strict=True)
    ]


def _days(counts: Counts) -> list[str]:
    return [_signed(text) for text in np.datetime_as_string(counts.astype("datetime64[D]"), unit="D").tolist()]


def _signed(text: str) -> str:
    """With a year of four digits at least, and with a sign where it has more, or is before the year 0."""
    sign, plain = text[:1] if text.startswith("-") else "", text.removeprefix("-")
    year, rest = plain.split("-", 1)
    sign = sign or ("+" if len(year) > _YEAR_DIGITS else "")
    return f"{sign}{year.zfill(_YEAR_DIGITS)}-{rest}"


def _fraction(rest: int, digits: int) -> str:
    return f".{rest:0{digits}d}".rstrip("0") if rest else ""


def _clock(count: int, digits: int) -> str:
    """HH:mm:ss; a count that is no time of day stands as the count."""
    seconds, rest = divmod(count, 10**digits)
    if not 0 <= seconds < _DAY:
        return str(count)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{_fraction(rest, digits)}"


def _texts_of_bytes(values: pa.Array) -> pa.Array:
    """What is UTF-8 as text; other bytes in hexadecimal digits."""
    as_bytes = values.cast(pa.large_binary())
    try:
        return as_bytes.cast(pa.large_string()).cast(TEXT)
    except pa.ArrowInvalid:
        return _by_value(as_bytes, _text_of_bytes)


def _text_of_bytes(value: object) -> str:
    assert isinstance(value, bytes)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"0x{value.hex().upper()}"


def _decimal(value: object) -> str:
    assert isinstance(value, Decimal)
    return f"{value:f}"


_WRITTEN: dict[str, Callable[[pa.DataType], Callable[[object], str]]] = {
    "decimal": lambda kind: _decimal,
    "uuid": lambda kind: lambda value: str(UUID(bytes=value)),  # type: ignore[arg-type]
    "float": lambda kind: lambda value: plain_number(str(np.float32(value))),  # type: ignore[arg-type]
    "double": lambda kind: lambda value: plain_number(repr(value)),
}


def _json(values: pa.Array, shape: Shape, rebase: Rebase) -> Texts:
    """Each value as JSON. Numbers and truth values as JSON has them; all others as the text of a column of them."""
    values = _plain(values)
    if shape.means == "struct":
        names = [f"{json.dumps(name, ensure_ascii=False)}:" for name, _ in shape.parts]
        parts = [_json(one, part, rebase) for one, (_, part) in zip(values.flatten(), shape.parts, strict=True)]
        rows = zip(*parts, strict=True) if parts else [()] * len(values)
        held = (",".join(name + one for name, one in zip(names, row, strict=True) if one) for row in rows)
        return [f"{{{text}}}" if is_there else None for text, is_there in zip(held, _is_there(values), strict=True)]
    if shape.means in ("list", "map"):
        return _json_of_many(values, shape, rebase)
    if shape.means in ("float", "double"):
        return _json_numbers(values, shape.means)
    found: Texts = _single(values, shape.means, rebase).to_pylist()
    if shape.means.startswith(_AS_NUMBERS):
        return found
    return [None if one is None else json.dumps(one, ensure_ascii=False) for one in found]


def _json_of_many(values: pa.Array, shape: Shape, rebase: Rebase) -> Texts:
    """Lists, and maps, whose keys are texts always."""
    if pa.types.is_fixed_size_list(values.type):
        values = values.cast(pa.list_(values.type.value_type))
    if shape.means == "list":
        elements = [one or "null" for one in _json(values.values, shape.parts[0][1], rebase)]
        start, end = "[", "]"
    else:
        keys = _key_texts(_plain(values.keys), shape.parts[0][1])
        items = _json(values.items, shape.parts[1][1], rebase)
        elements = [f"{key}:{item or 'null'}" for key, item in zip(keys, items, strict=True)]
        start, end = "{", "}"
    places = values.offsets.to_pylist()
    return [
        f"{start}{','.join(elements[place:after])}{end}" if is_there else None
        for place, after, is_there in zip(places, places[1:], _is_there(values), strict=False)
    ]


def _key_texts(keys: pa.Array, shape: Shape) -> list[str]:
    counted = keys.cast(pa.int32() if keys.type.bit_width == 32 else pa.int64()) if shape.means in _PER_SECOND else keys
    found = _single(counted, "int64" if shape.means in _PER_SECOND else shape.means, Rebase()).to_pylist()
    return [json.dumps(one, ensure_ascii=False) for one in found]


def _json_numbers(values: pa.Array, means: str) -> Texts:
    exact = (lambda one: str(np.float32(one))) if means == "float" else repr
    return [None if one is None else java_number(exact(one)) for one in values.to_pylist()]


def _is_there(values: pa.Array) -> list[bool]:
    found: list[bool] = values.is_valid().to_pylist()
    return found
