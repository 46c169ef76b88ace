"""The values of Parquet as text, each just as the file holds it."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.sources.parquet.shapes import Shape

_PER_SECOND = {"time32[ms]": 3, "time64[us]": 6, "time64[ns]": 9}
"""Kind of time of day -> digits after the second."""
_AS_NUMBERS = ("int", "uint", "float", "double", "decimal", "bool", "null")
_NESTED = ("struct", "list", "map")
_UUID = "^(.{8})(.{4})(.{4})(.{4})(.{12})$"
_LEAST, _SMALL, _LARGE, _MOST = 1e-20, 1e-3, 1e7, 1e20
"""Between the first two, and between the last two, Java writes a power of ten where a decimal can hold all digits."""


def text_of(value: Column, shape: Shape) -> Column:
    """The text that stands in bronze for a value of a column of this shape."""
    means = shape.means
    if means in ("instant", "local"):
        return _time(value, means)
    if means.endswith("[ns]") and means in ("instant[ns]", "local[ns]"):
        return _nanoseconds(value, means.removesuffix("[ns]"))
    if means in _PER_SECOND:
        return _time_of_day(value, _PER_SECOND[means])
    if means in ("float", "double"):
        return _plain_number(value)
    if means in ("text", "bytes"):
        return F.when(F.is_valid_utf8(value.cast("string")), value.cast("string")).otherwise(
            F.concat(F.lit("0x"), F.hex(value))
        )
    if means == "uuid":
        return F.regexp_replace(F.lower(F.hex(value)), _UUID, "$1-$2-$3-$4-$5")
    if means in _NESTED or means == "variant":
        return F.to_json(_json_value(value, shape))
    return value.cast("string")


def _time(value: Column, means: str) -> Column:
    """ISO 8601; an instant in UTC, which is the zone of the session."""
    text = F.replace(value.cast("string"), F.lit(" "), F.lit("T"))
    return F.concat(text, F.lit("Z")) if means == "instant" else text


def _nanoseconds(value: Column, means: str) -> Column:
    """The same of a count of nanoseconds since 1970, for which Spark has no type."""
    second = F.lit(1_000_000_000)
    seconds = F.call_function("div", value, second) - F.when(value % second < 0, 1).otherwise(0)
    text = F.replace(F.timestamp_seconds(seconds).cast("string"), F.lit(" "), F.lit("T"))
    return F.concat(text, _fraction(F.pmod(value, second), 9), F.lit("Z" if means == "instant" else ""))


def _fraction(count: Column, digits: int) -> Column:
    text = F.rtrim(F.lpad(count.cast("string"), digits, "0"), F.lit("0"))
    return F.when(count > 0, F.concat(F.lit("."), text)).otherwise(F.lit(""))


def _time_of_day(value: Column, digits: int) -> Column:
    """HH:mm:ss; a count that is no time of day stands as the count."""
    seconds, minutes, hours = (F.call_function("div", value, F.lit(unit * 10**digits)) for unit in (1, 60, 3600))
    parts = (hours, minutes % 60, seconds % 60)
    clock = F.concat_ws(":", *(F.lpad(part.cast("string"), 2, "0") for part in parts))
    is_time = (value >= 0) & (value < F.lit(86_400 * 10**digits))
    return F.when(is_time, F.concat(clock, _fraction(value % F.lit(10**digits), digits))).otherwise(
        value.cast("string")
    )


def _plain_number(value: Column) -> Column:
    """A binary fraction in digits, as numbers are read, with a power of ten only where it is very small or large."""
    text, size = value.cast("string"), F.abs(value)
    scale = F.when((size >= _LEAST) & (size < _SMALL), F.lit("small")).when((size >= _LARGE) & (size < _MOST), "large")
    small = F.rtrim(text.try_cast("decimal(38,37)").cast("string"), F.lit("0"))
    large = F.rtrim(text.try_cast("decimal(38,10)").cast("string"), F.lit("0"))
    # A whole number keeps one decimal, as below ten million.
    large = F.when(F.endswith(large, F.lit(".")), F.concat(large, F.lit("0"))).otherwise(large)
    return F.when(scale == "small", small).when(scale == "large", large).otherwise(text)


def _json_value(value: Column, shape: Shape) -> Column:
    """Numbers and truth values as JSON has them; all others as the text that a column of them would have."""
    if shape.means == "struct":
        fields = (_json_value(value.getField(name), part).alias(name) for name, part in shape.parts)
        return F.when(value.isNotNull(), F.struct(*fields))
    if shape.means == "list":
        [(_, element)] = shape.parts
        return F.transform(value, lambda one: _json_value(one, element))
    if shape.means == "map":
        _, (_, held) = shape.parts
        return F.transform_values(value, lambda _, one: _json_value(one, held))
    if shape.means == "variant" or shape.means.startswith(_AS_NUMBERS):
        return value
    return text_of(value, shape)
