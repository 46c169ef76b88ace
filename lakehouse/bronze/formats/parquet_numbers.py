"""Binary fractions as texts. In: the shortest text that means just the number, as Python writes it."""

from __future__ import annotations

from decimal import Decimal

_LEAST, _SMALL, _LARGE, _MOST = 1e-20, 1e-3, 1e7, 1e20
_WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def plain_number(text: str) -> str:
    """In digits, as numbers are read, with a power of ten only where it is very small or large; one decimal or more."""
    if text in _WORDS:
        return _WORDS[text]
    return _in_digits(text) if not float(text) or _LEAST <= abs(float(text)) < _MOST else _with_power(text)


def java_number(text: str) -> str:
    """As JSON written by Java has it: a power of ten from ten million on, and below a thousandth."""
    if text in _WORDS:
        return f'"{_WORDS[text]}"'
    return _in_digits(text) if not float(text) or _SMALL <= abs(float(text)) < _LARGE else _with_power(text)


def _in_digits(text: str) -> str:
    plain = f"{Decimal(text):f}"
    return plain if "." in plain else f"{plain}.0"


def _with_power(text: str) -> str:
    sign, digits, _ = Decimal(text).normalize().as_tuple()
    first, rest = digits[0], "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{first}.{rest}E{Decimal(text).adjusted()}"
