"""Texts that write numbers, read as `lakehouse.sources.mapping.numbers` has it, for one text at a time."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.currencies import MINOR_DIGITS, USUAL_DIGITS
from lakehouse.sources.mapping.numbers import (
    ANY_CURRENCY,
    END,
    LOOK_ALIKES,
    NOT_BESIDE,
    marked_shape,
    no_digits,
    plain_shape,
    said_of_currencies,
)
from lakehouse.sources.plain.decimals import EXACT

_WIDE, _OF_HUNDREDTHS = Decimal("1e-12"), Decimal("1e-11")
"""Spark keeps twelve decimals, and of a number of 38 digits by a hundredth eleven."""
_CLEAN = str.maketrans(*LOOK_ALIKES)


def read_number(text: str, kind: FileKind, *, currency: str = "", per_cent: bool = False) -> Decimal | None:
    """The number that a text writes by the marks of its file, with up to 12 decimals; None where it does not read.

    `currency` is the ISO code of its amount: only its own sign or code may stand beside it; every one where it is
    ANY_CURRENCY, none where it is empty. A per cent sign divides by 100.
    """
    if re.match(_of(plain_shape(kind)), text):
        return _number(text.replace(kind.thousands_mark, "") if kind.thousands_mark else text, kind)
    clean = text.translate(_CLEAN).strip(" ")
    if not re.match(_of(marked_shape(kind, with_currency=bool(currency), per_cent=per_cent)), clean):
        return None
    if currency not in ("", ANY_CURRENCY) and not _is_its_own(clean, currency):
        return None
    sign = "-" if re.search("[-(]", clean) else ""
    number = _number(sign + re.sub(_of(no_digits(kind)), "", clean), kind)
    if number is not None and per_cent and "%" in clean:
        return (number * Decimal("0.01")).quantize(_OF_HUNDREDTHS, ROUND_HALF_UP, EXACT)
    return number


def read_money(text: str, kind: FileKind, currency: str) -> Decimal | None:
    """What `number(…)` reads: as wide as money is, so that two of them can be multiplied."""
    number = read_number(text, kind, currency=currency, per_cent=True)
    return number if number is not None and abs(number) < Decimal(10) ** 14 else None


def of_minor_units(number: Decimal, currency: str) -> Decimal:
    """A number of smallest units (cents) as an amount of its currency."""
    places = MINOR_DIGITS.get(currency, USUAL_DIGITS)
    return number.scaleb(-places, EXACT).quantize(_WIDE, ROUND_HALF_UP, EXACT)


@cache
def _of(shape: str) -> re.Pattern[str]:
    return re.compile(shape.replace(END, r"\Z"), re.ASCII)  # so Python calls it


@cache
def _said() -> frozenset[str]:
    return frozenset(said_of_currencies())


def _number(digits: str, kind: FileKind) -> Decimal | None:
    pointed = digits.replace(kind.decimal_mark, ".")
    # Spark reads a text of two points, or of none but a point, as no number.
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)", pointed, re.ASCII):
        return None
    number = Decimal(pointed).quantize(_WIDE, ROUND_HALF_UP, EXACT)
    return number if abs(number) < Decimal(10) ** 26 else None


def _is_its_own(clean: str, currency: str) -> bool:
    beside = re.sub(_of(NOT_BESIDE), "", clean)
    return beside in ("", currency) or f"{beside}|{currency}" in _said()
