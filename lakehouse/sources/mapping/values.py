"""Text to typed values, strictly: what does not read as the type gives NULL and a reason, never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.numbers import WIDE, number_sql
from lakehouse.tables.model import Field
from lakehouse.tables.reasons import RowReason
from lakehouse.tables.types import CURRENCY_UNIT

TRUE_TEXTS = ("true", "t", "yes", "y", "1")
FALSE_TEXTS = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Typed:
    """A value, the reasons against it (Columns that are NULL where all is well), and a local time if it has one."""

    value: Column
    reasons: tuple[Column, ...]
    local: Column


@dataclass(frozen=True)
class Instant:
    """A time in UTC and as the clocks of the source showed it."""

    instant: Column
    local: Column


def readings(sql: str, given_type: str, field: Field, kind: FileKind, currency: str = "") -> tuple[Column, ...]:
    """What `sql`, of this Spark type, may be read as on the way to the field's type: a number, or a time by each of the
    file's patterns. They are to be columns of their own before `typed` asks for them: each is long, and named often.

    `currency` is SQL for the currency of the row's amounts.
    """
    if field.type in ("TIMESTAMP", "DATE"):
        return times_read(F.expr(sql), given_type, kind)
    if field.type.startswith("DECIMAL") or field.type in ("INT", "BIGINT"):
        return (decimal_of(sql, given_type, kind, currency if field.unit == CURRENCY_UNIT else ""),)
    return ()


def typed(
    sql: str,
    given_type: str,
    read: Sequence[Column],
    field: Field,
    kind: FileKind,
    time_zone: str,
    *,
    default: str | None,
    required: bool,
) -> Typed:
    """The value of a canonical column, of which `sql` is what the source's expression gave, `given_type` its Spark type
    and `read` its `readings`."""
    given = F.expr(sql)
    local = F.lit(None).cast("timestamp")
    fits: Column = F.lit(True)
    if field.type == "TIMESTAMP":
        when = _instant(read, given_type, kind, time_zone)
        value, local = when.instant, when.local
    elif field.type.startswith("DECIMAL"):
        [exact] = read
        value = exact.try_cast(field.type)
        fits = value == exact
    else:
        value = _plain(given, given_type, read, field, kind, time_zone)
    missing, unread = given.isNull(), value.isNull()
    reasons = [F.when(~missing & unread, F.lit(RowReason.UNPARSABLE.of(field.name)))]
    if field.type.startswith("DECIMAL"):
        reasons.append(F.when(~missing & ~unread & ~fits, F.lit(RowReason.EXCESS_SCALE.of(field.name))))
    if default is not None:
        value = F.when(missing, F.expr(default).cast(field.type)).otherwise(value)
    elif required:
        reasons.append(F.when(missing, F.lit(RowReason.MISSING.of(field.name))))
    return Typed(value, tuple(reasons), local)


def _plain(
    given: Column, given_type: str, read: Sequence[Column], field: Field, kind: FileKind, time_zone: str
) -> Column:
    if field.type == "STRING":
        text = given.cast("string")
        return F.when(text != "", text)
    if field.type == "DATE":
        return _instant(read, given_type, kind, time_zone).local.cast("date")
    if field.type in ("INT", "BIGINT"):
        [exact] = read
        # A whole number however it is written: 6 and 6.0, but not 6.5.
        return F.when(exact == F.floor(exact), exact).try_cast(field.type)
    if field.type == "BOOLEAN" and given_type == "string":
        text = F.lower(given)
        return F.when(text.isin(*TRUE_TEXTS), True).when(text.isin(*FALSE_TEXTS), False)
    return given.try_cast(field.type)


def decimal_of(sql: str, given_type: str, kind: FileKind, currency: str = "") -> Column:
    """An exact number with up to 12 decimals; NULL for a text that does not read (see `numbers.number_sql`)."""
    return F.expr(number_sql(sql, kind, currency=currency) if given_type == "string" else f"try_cast({sql} AS {WIDE})")


def instant_of(given: Column, given_type: str, kind: FileKind, time_zone: str) -> Instant:
    """The instant that a text or time means. Without an offset it is local time of the source."""
    return _instant(times_read(given, given_type, kind), given_type, kind, time_zone)


def times_read(given: Column, given_type: str, kind: FileKind) -> tuple[Column, ...]:
    """The times that a text says in each of the file's patterns; of a time, the time alone."""
    if given_type != "string":
        return (given.try_cast("timestamp"),)
    return tuple(_read(given, pattern) for pattern in kind.time_patterns)


def _instant(read: Sequence[Column], given_type: str, kind: FileKind, time_zone: str) -> Instant:
    if given_type != "string":
        [local] = read
        return Instant(F.to_utc_timestamp(local, time_zone), local)
    reads = [(one, has_offset(pattern)) for one, pattern in zip(read, kind.time_patterns, strict=True)]
    instants = [one if offset else F.to_utc_timestamp(one, time_zone) for one, offset in reads]
    locals_ = [F.from_utc_timestamp(one, time_zone) if offset else one for one, offset in reads]
    return Instant(F.coalesce(*instants), F.coalesce(*locals_))


def _read(given: Column, pattern: str) -> Column:
    """The time that a text says in one pattern.

    A text that is none costs an exception in Java, which is far dearer than a time that is read: most are told by the
    first mark that they lack. Years of five digits, which begin with a plus, are read by Java alone: no shop has one.
    """
    read = F.try_to_timestamp(given, F.lit(pattern))
    needed = marks(pattern)
    may_be = ~F.startswith(given, F.lit("+"))
    return F.when(may_be & F.contains(given, F.lit(needed[0])) if needed else may_be, read)


def marks(pattern: str) -> str:
    """The signs that every text of a datetime pattern has: those that are not quoted, before any optional part."""
    return re.sub(r"[^-/.:,]", "", re.sub(r"'[^']*'", "", pattern).split("[")[0])


def has_offset(pattern: str) -> bool:
    """True where a datetime pattern reads a zone or an offset (letters within quotes do not count)."""
    return bool(re.search("[XxZzVO]", re.sub(r"'[^']*'", "", pattern)))
