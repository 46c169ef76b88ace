"""Text to typed values as `lakehouse.sources.mapping.values` has it, for one value at a time, without Spark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.plain.dates import read_time, to_local, to_utc
from lakehouse.sources.plain.decimals import EXACT
from lakehouse.sources.plain.evaluate import Value
from lakehouse.sources.plain.numbers import read_number
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.tables.model import Field
from lakehouse.tables.reasons import RowReason
from lakehouse.tables.types import CURRENCY_UNIT

_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_LIMITS = {"INT": 2**31, "BIGINT": 2**63}


@dataclass(frozen=True)
class Read:
    """A value as the lake would show it, and why it cannot be taken."""

    text: str | None
    reason: str = ""


def read(value: Value, field: Field, kind: FileKind, time_zone: str, currency: str) -> Read:
    """What a column of this type makes of a value, whose amounts are of a currency. NULL is no error here."""
    if value is None:
        return Read(None)
    if field.type == "STRING" and value != "":
        return Read(f"{value:f}" if isinstance(value, Decimal) else _written(value))
    found, fits = _typed(value, field, kind, time_zone, currency) if value != "" else (None, True)
    if found is None:
        return Read(None, RowReason.UNPARSABLE.of(field.name))
    return Read(found, "" if fits else RowReason.EXCESS_SCALE.of(field.name))


def _written(value: Value) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise Unsupported("a value that is written as text")


def _typed(value: Value, field: Field, kind: FileKind, time_zone: str, currency: str) -> tuple[str | None, bool]:
    if field.type in ("TIMESTAMP", "DATE"):
        return _time(value, field, kind, time_zone), True
    if field.type == "BOOLEAN":
        return _boolean(value), True
    if isinstance(value, str):
        exact = read_number(value, kind, currency=currency if field.unit == CURRENCY_UNIT else "")
    else:
        exact = Decimal(value) if isinstance(value, int | Decimal) else None
    if exact is None or isinstance(value, bool):
        return None, True
    if field.type in _LIMITS:
        limit = _LIMITS[field.type]
        return (str(int(exact)) if exact == int(exact) and -limit <= exact < limit else None), True
    match = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", field.type)
    if match is None:
        raise Unsupported(field.type)
    precision, scale = int(match[1]), int(match[2])
    rounded = exact.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, EXACT)
    if abs(rounded) >= Decimal(10) ** (precision - scale):
        return None, True
    return f"{rounded:f}", rounded == exact


def _boolean(value: Value) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        raise Unsupported("a number as a truth value")
    return "true" if value.lower() in _TRUE else "false" if value.lower() in _FALSE else None


def _time(value: Value, field: Field, kind: FileKind, time_zone: str) -> str | None:
    found = instant_or_local(value, kind)
    if found is None:
        return None
    time, is_instant = found
    if field.type == "DATE":
        return f"{to_local(time, time_zone) if is_instant else time:%Y-%m-%d}"
    return _shown(time if is_instant else to_utc(time, time_zone))


def instant_or_local(value: Value, kind: FileKind) -> tuple[datetime, bool] | None:
    """The time that a value says, and whether it is an instant in UTC; None where it says none."""
    if isinstance(value, datetime):
        return value, False
    if not isinstance(value, str):
        raise Unsupported("a time that is no text")
    return next((found for pattern in kind.time_patterns if (found := read_time(value, pattern))), None)


def _shown(time: datetime) -> str:
    text = str(time)
    return text.rstrip("0") if "." in text else text
