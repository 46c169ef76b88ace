"""Text to typed values as `lakehouse.sources.mapping.values` has it, for one value at a time, without Spark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.plain.dates import read_time, to_local, to_utc
from lakehouse.sources.plain.evaluate import Value
from lakehouse.sources.plain.sql import Unsupported
from lakehouse.tables.model import Field
from lakehouse.tables.reasons import RowReason

_TRUE, _FALSE = ("true", "t", "yes", "y", "1"), ("false", "f", "no", "n", "0")
_WIDE, _EXACT = Decimal("1e-12"), Context(prec=200)
_LIMITS = {"INT": 2**31, "BIGINT": 2**63}


@dataclass(frozen=True)
class Read:
    """A value as the lake would show it, and why it cannot be taken."""

    text: str | None
    reason: str = ""


def read(value: Value, field: Field, kind: FileKind, time_zone: str) -> Read:
    """What a column of this type makes of a value. NULL is no error here."""
    if value is None:
        return Read(None)
    if field.type == "STRING" and value != "":
        return Read(str(value))
    found, fits = _typed(value, field, kind, time_zone) if value != "" else (None, True)
    if found is None:
        return Read(None, RowReason.UNPARSABLE.of(field.name))
    return Read(found, "" if fits else RowReason.EXCESS_SCALE.of(field.name))


def _typed(value: Value, field: Field, kind: FileKind, time_zone: str) -> tuple[str | None, bool]:
    if field.type in ("TIMESTAMP", "DATE"):
        return _time(value, field, kind, time_zone), True
    if field.type == "BOOLEAN":
        return _boolean(value), True
    exact = read_number(value, kind) if isinstance(value, str) else Decimal(value or 0)
    if exact is None or isinstance(value, bool):
        return None, True
    if field.type in _LIMITS:
        limit = _LIMITS[field.type]
        return (str(int(exact)) if exact == int(exact) and -limit <= exact < limit else None), True
    match = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", field.type)
    if match is None:
        raise Unsupported(field.type)
    precision, scale = int(match[1]), int(match[2])
    rounded = exact.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, _EXACT)
    if abs(rounded) >= Decimal(10) ** (precision - scale):
        return None, True
    return f"{rounded:f}", rounded == exact


def _boolean(value: Value) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        raise Unsupported("a number as a truth value")
    return "true" if value.lower() in _TRUE else "false" if value.lower() in _FALSE else None


def read_number(text: str, kind: FileKind) -> Decimal | None:
    """An exact number by the file's marks, with up to 12 decimals; None for a text that is none.

    Raises Unsupported for a text that has digits and more: what may stand beside them Spark's side knows.
    """
    mark, group = re.escape(kind.decimal_mark), re.escape(kind.thousands_mark)
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if group else r"\d+"
    if not re.fullmatch(rf"[+-]?(?:(?:{whole})(?:{mark}\d+)?|{mark}\d+)", text, re.ASCII):
        if any(sign.isdigit() for sign in text):
            raise Unsupported(f"the number {text!r}")
        return None
    plain = text.replace(kind.thousands_mark, "") if kind.thousands_mark else text
    number = Decimal(plain.replace(kind.decimal_mark, ".")).quantize(_WIDE, ROUND_HALF_UP, _EXACT)
    return number if abs(number) < Decimal(10) ** 26 else None


def read_money(text: str, kind: FileKind) -> Decimal | None:
    """What `number(…)` reads: as wide as money is, so that two of them can be multiplied."""
    number = read_number(text, kind)
    return number if number is not None and abs(number) < Decimal(10) ** 14 else None


def _time(value: Value, field: Field, kind: FileKind, time_zone: str) -> str | None:
    if not isinstance(value, str):
        raise Unsupported("a time that is no text")
    for pattern in kind.time_patterns:
        if found := read_time(value, pattern):
            time, is_instant = found
            if field.type == "DATE":
                return f"{to_local(time, time_zone) if is_instant else time:%Y-%m-%d}"
            return _shown(time if is_instant else to_utc(time, time_zone))
    return None


def _shown(time: datetime) -> str:
    text = str(time)
    return text.rstrip("0") if "." in text else text
