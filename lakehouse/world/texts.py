"""Values as a shop writes them into files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.world.world import World

UTC_PATTERN = "yyyy-MM-dd'T'HH:mm:ss'Z'"


def wall_clock(world: World, at: Column) -> Column:
    """The time that the shop's clocks show, of a time in days."""
    start = world.profile.start
    epoch = int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())
    return F.timestamp_seconds(F.floor(at * 86_400) + epoch)


def instant(world: World, at: Column) -> Column:
    """A time in days as an instant."""
    return F.to_utc_timestamp(wall_clock(world, at), world.profile.time_zone)


def instant_text(world: World, at: Column) -> Column:
    """A time in days as an ISO text in UTC."""
    return F.date_format(instant(world, at), UTC_PATTERN)


def date_text(world: World, day: Column) -> Column:
    return F.date_format(world.date_of(day), "yyyy-MM-dd")


def numbered(letter: str, width: int, number: Column) -> Column:
    """C000000042 and the like."""
    return F.concat(F.lit(letter), F.lpad(number.cast("string"), width, "0"))


def customer_id(number: Column) -> Column:
    return numbered("C", 9, number)


def order_id(customer: Column, event: Column) -> Column:
    """The number of an order, unique by construction: 10,000 for each customer."""
    return numbered("O", 13, customer.cast("bigint") * 10_000 + event)


def csv_line(columns: Sequence[str], free_texts: Sequence[str]) -> Column:
    """A row of CSV. Only the columns named as free texts can hold what needs quotes."""
    fields = [_quoted(F.col(name)) if name in free_texts else F.col(name) for name in columns]
    return F.concat_ws(",", *(F.coalesce(field, F.lit("")) for field in fields))


def _quoted(text: Column) -> Column:
    inner = F.concat(F.lit('"'), F.replace(text, F.lit('"'), F.lit('""')), F.lit('"'))
    return F.when(text.rlike('[",\r\n]'), inner).otherwise(text)


def json_line(columns: Sequence[str]) -> Column:
    """A row of JSON lines; what is missing is left out."""
    return F.to_json(F.struct(*columns))
