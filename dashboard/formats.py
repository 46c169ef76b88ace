"""Numbers, money and dates as people read them. No other file of the dashboard turns a number into text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import TypeIs

Number = int | float | Decimal
MINUS, THIN, NARROW = "−", "\u2009", "\u202f"
"""The minus sign, and the spaces before a unit and between thousands (this one does not break)."""
NOTHING = "–"
_SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "BRL": "R$", "CNY": "CN¥", "INR": "₹", "CHF": "CHF\u202f"}
_SHORT = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# Language -> what stands between thousands and before the decimals, after CLDR.
_MARKS = {"en": (",", "."), "de": (".", ","), "es": (".", ","), "it": (".", ","), "nl": (".", ","), "pt": (".", ","),
          "da": (".", ","), "fr": (NARROW, ","), "sv": (NARROW, ","), "nb": (NARROW, ","), "fi": (NARROW, ","),
          "pl": (NARROW, ","), "cs": (NARROW, ",")}  # fmt: skip


@dataclass(frozen=True)
class Formats:
    """The ways of one reader. `language`: as `en` or `de-AT`; what is not known reads as English."""

    language: str = "en"

    @property
    def marks(self) -> tuple[str, str]:
        """Between thousands, before decimals."""
        return _MARKS.get(self.language.lower().split("-")[0].split("_")[0], _MARKS["en"])

    def number(self, value: Number | None, places: int = 0) -> str:
        """1,234.5; the minus sign is a minus sign."""
        if is_nothing(value):
            return NOTHING
        group, point = self.marks
        digits = f"{abs(value):,.{places}f}"
        text = digits.replace(",", "\0").replace(".", point).replace("\0", group)
        return (MINUS if value < 0 and any(one in "123456789" for one in digits) else "") + text

    def count(self, value: Number | None) -> str:
        """12 345, with a narrow space between thousands."""
        if is_nothing(value):
            return NOTHING
        return self.number(value).replace(self.marks[0], NARROW)

    def short(self, value: Number | None) -> str:
        """1.2 M, 34.5 k, 345 k, 678, 9.5."""
        if is_nothing(value):
            return NOTHING
        size = round(float(_size(value)), 6)  # a sum of floats that is a hair above a tie is the tie
        for unit, name in _SHORT:
            if size >= unit * 0.9995:  # 999,999 is 1.0 M, not 1000 k
                return self._signed(value, self.number(size / unit, _places(size / unit)) + THIN + name)
        return self._signed(value, self.number(size, 0 if size >= 100 or size == int(size) else 2 if size < 10 else 1))

    def money(self, value: Number | None, currency: str) -> str:
        """£1.2 M, −£34.5 k: for tiles and axes."""
        return NOTHING if is_nothing(value) else self._priced(value, currency, self.short(_size(value)))

    def money_full(self, value: Number | None, currency: str) -> str:
        """£1,234,567.89: for hover and tables."""
        places = 0 if currency == "JPY" else 2
        return NOTHING if is_nothing(value) else self._priced(value, currency, self.number(_size(value), places))

    def percent(self, share: Number | None, places: int = 1) -> str:
        """12.3 % of a share of 0.123."""
        return NOTHING if is_nothing(share) else self.number(share * 100, places) + THIN + "%"

    def change(self, share: Number | None, places: int = 1) -> str:
        """+12.3 % or −4.0 %; the sign is always there but for 0."""
        if is_nothing(share):
            return NOTHING
        text = self.percent(share, places)
        return f"+{text}" if share > 0 and any(digit in text for digit in "123456789") else text

    def points(self, share: Number | None) -> str:
        """+1.2 points: the difference of two shares."""
        if is_nothing(share):
            return NOTHING
        text = self.number(share * 100, 1)
        return f"{'+' if share > 0 and text != self.number(0, 1) else ''}{text}{THIN}points"

    def day(self, value: date | None) -> str:
        """12 Mar 2024."""
        return NOTHING if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"

    def day_of_month(self, value: date | None) -> str:
        """12 Mar: on an axis whose subtitle names the year."""
        return NOTHING if value is None else f"{value.day} {_MONTHS[value.month - 1]}"

    def month(self, value: date | None) -> str:
        """Mar 2024."""
        return NOTHING if value is None else f"{_MONTHS[value.month - 1]} {value.year}"

    def days(self, since: date, until: date) -> str:
        """1 Nov 2023 – 31 Jan 2024, with what both share said once."""
        first = f"{since.day} {_MONTHS[since.month - 1]}" if since.year == until.year else self.day(since)
        return self.day(until) if since == until else f"{first} – {self.day(until)}"

    def instant(self, value: datetime | None) -> str:
        """12 Mar 2024, 14:05 UTC: instants of the lake are in UTC."""
        return NOTHING if value is None else f"{self.day(value)}, {value:%H:%M} UTC"

    def _signed(self, value: Number | None, text: str) -> str:
        return MINUS + text if value is not None and value < 0 else text

    def _priced(self, value: Number | None, currency: str, text: str) -> str:
        symbol = _SYMBOLS.get(currency, f"{currency}{NARROW}")
        return self._signed(value if any(digit in text for digit in "123456789") else 0, symbol + text)


def is_nothing(value: Number | None) -> TypeIs[None]:
    """NULL, or the NaN that pandas makes of it."""
    return value is None or (not isinstance(value, int) and math.isnan(value))


def _size(value: Number) -> Number:
    return -value if value < 0 else value


def _places(shown: float) -> int:
    return 1 if shown < 99.95 else 0


def plural(count: int, one: str, many: str = "") -> str:
    """1 order, 2 orders."""
    return one if count == 1 else many or f"{one}s"
