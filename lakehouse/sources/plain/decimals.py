"""Decimals as Spark computes with them: the type of a result, and the value as far as that type holds it."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

from lakehouse.sources.plain.sql import Unsupported

EXACT = Context(prec=200)
_MOST, _LEAST_SCALE = 38, 6
INT_DIGITS = 10
"""Digits of an INT beside a decimal."""


class TooLargeError(Unsupported):
    """Raised where a result has more digits than its type: Spark stops the run there, and says so."""


def decimal(precision: int, scale: int) -> str:
    """The name of a type; what is too wide loses decimals first, down to six."""
    if precision > _MOST:
        whole = precision - scale
        precision, scale = _MOST, max(_MOST - whole, min(scale, _LEAST_SCALE))
    return f"decimal({precision},{scale})"


def is_decimal(type_name: str) -> bool:
    return type_name.startswith("decimal(")


def sizes(type_name: str) -> tuple[int, int]:
    """Precision and scale."""
    precision, scale = re.findall(r"\d+", type_name)
    return int(precision), int(scale)


def result_of(sign: str, one: str, other: str) -> str:
    """The type of a sum, difference, product or quotient of two decimals: Spark's, where decimals may be lost."""
    (p1, s1), (p2, s2) = sizes(one), sizes(other)
    if sign == "*":
        return decimal(p1 + p2 + 1, s1 + s2)
    if sign == "/":
        scale = max(_LEAST_SCALE, s1 + p2 + 1)
        return decimal(p1 - s1 + s2 + scale, scale)
    scale = max(s1, s2)
    return decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)


def rounded_to(type_name: str, places: int) -> str:
    """The type of `round(x, places)`."""
    precision, scale = sizes(type_name)
    kept = min(scale, places)
    return f"decimal({min(precision - scale + 1 + kept, _MOST)},{kept})"


def wider(one: str, other: str) -> str:
    """The type of a place where either may stand."""
    (p1, s1), (p2, s2) = sizes(one), sizes(other)
    scale = max(s1, s2)
    return decimal(max(p1 - s1, p2 - s2) + scale, scale)


def of_literal(text: str) -> str:
    """The type of a number that is written out, a whole one among them."""
    _, digits, exponent = Decimal(text).as_tuple()
    scale = -int(exponent)
    return f"decimal({max(len(digits), scale)},{scale})"


def fitted(value: Decimal | int, type_name: str) -> Decimal:
    """The value with the decimals of its type, half up. Raises TooLargeError."""
    precision, scale = sizes(type_name)
    found = Decimal(value).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, EXACT)
    if abs(found) >= Decimal(10) ** (precision - scale):
        raise TooLargeError(str(value))
    return found
