"""Whether what an expression adds up, multiplies and divides are decimals, of which Sail makes what Spark makes.

Whole numbers that become too large start again below zero on Sail, where Spark stops; what is divided becomes a double
unless it is a decimal; days and instants give other types. So one side at least must surely be a decimal. Counts
that are small (a length, a year) may be added up, and days moved by days.

A quotient of decimals has as many digits as an engine likes: what is divided is rounded, or divided by 2, 5, 10, 100…
Rounded to money's four decimals both are the same, as long as the fraction in lowest terms is of no more than 10^8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakehouse.engine.sail.texts import Token, after, closing, tokens


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DECIMAL, SMALL, DAY, OTHER = "decimal", "small", "day", "other"
_DECIMAL_TYPE = re.compile(r".*\bAS\s+(?:DECIMAL|DEC|NUMERIC)\b[^a-z]*", re.IGNORECASE | re.DOTALL)
_DAY_TYPE = re.compile(r".*\bAS\s+DATE\s*", re.IGNORECASE | re.DOTALL)
_AS_FIRST = _words(
    "abs round ceil ceiling floor negative positive nullif coalesce nvl ifnull greatest least zeroifnull"
)
_NUMBERS = _words("number minor decimal")
_COUNTS = _words("""
    length len char_length character_length size cardinality array_size instr locate position year month day
    dayofmonth dayofweek dayofyear weekofyear weekday quarter hour minute second datediff date_diff ascii
    levenshtein
    """)
_DAYS = _words("to_date date_add date_sub add_months last_day next_day make_date trunc date")
_SMALL_COLUMNS = frozenset(("_position", "_row_in_file"))
_BETWEEN = _words("case when then else and or not in is between like ilike rlike regexp from for as distinct")
"""Words that are no value."""
_MOST = 100_000
_EXACT = ("2", "4", "5", "10", "20", "25", "50", "100", "1000", "10000")
"""Divisors that leave no more digits than both engines keep."""
_SUMS, _PRODUCTS = ("+", "-"), ("*", "/", "%", "div")


def problem_of_arithmetic(sql: str) -> str:
    """What would come out otherwise, in words; empty where nothing."""
    found = [one for one in tokens(sql) if one.kind != "space"]
    return _Reader(found).problem()


class _Reader:
    """Reads an expression from left to right, as far as arithmetic goes."""

    def __init__(self, found: Sequence[Token]) -> None:
        self.found, self.place, self.wrong = found, 0, ""
        self.divides = False
        """Whether there is a quotient that was not rounded."""

    def problem(self) -> str:
        return self.wrong or self._problem() or (_QUOTIENT if self.divides else "")

    def _problem(self) -> str:
        while self.place < len(self.found) and not self.wrong:
            before = self.place
            self.sum()
            if self.place == before:
                self.place += 1  # a sign or a word between two values
        return self.wrong

    def sum(self) -> str:
        kind = self.product()
        while self._is_one_of(_SUMS):
            sign = self._taken()
            is_interval = self._text() == "interval"
            other = self.product()
            kind = self._of_sum(kind, sign, other, is_interval=is_interval)
        return kind

    def _of_sum(self, one: str, sign: str, other: str, *, is_interval: bool) -> str:
        if DECIMAL in (one, other):
            return DECIMAL
        if is_interval:
            return one
        if one == other == SMALL:
            return SMALL
        if one == DAY and other == SMALL:
            return DAY
        self.wrong = self.wrong or _side(sign, "one side")
        return OTHER

    def product(self) -> str:
        kind = self.value()
        while self._is_one_of(_PRODUCTS):
            sign = self._taken()
            divisor = self._text()
            other = self.value()
            is_exact = kind == DECIMAL if sign in ("/", "div") else DECIMAL in (kind, other)
            if not is_exact:
                self.wrong = self.wrong or _side(sign, "what is divided" if sign in ("/", "div") else "one side")
            self.divides |= sign == "/" and divisor not in _EXACT
            kind = DECIMAL if is_exact else OTHER
        return kind

    def value(self) -> str:
        while self._is_one_of(("-", "+")):
            self._taken()
        if self.place >= len(self.found):
            return OTHER
        one = self.found[self.place]
        if one.kind == "number":
            self.place += 1
            return _of_number(one.text)
        if one.text == "(":
            return self._bracket(self.place, "")
        if one.kind == "word" and one.text.casefold() in _BETWEEN:
            return OTHER
        if one.kind in ("word", "quoted"):
            bracket = after(self.found, self.place)
            if bracket < len(self.found) and self.found[bracket].text == "(":
                return self._bracket(bracket, one.text.casefold())
            return self._name()
        if one.kind == "text":
            self.place += 1
        return OTHER

    def _name(self) -> str:
        one = self.found[self.place]
        self.place += 1
        while self._is_one_of((".",)):
            self.place += 2
        if one.text.casefold() == "date" and self.place < len(self.found) and self.found[self.place].kind == "text":
            self.place += 1
            return DAY
        if one.text.startswith("`<number "):
            return DECIMAL
        return SMALL if one.text.casefold() in _SMALL_COLUMNS else OTHER

    def _bracket(self, opens: int, name: str) -> str:
        """A call, or what stands in brackets of its own."""
        end = closing(self.found, opens)
        inner = self.found[opens + 1 : end]
        reader = _Reader(inner)
        kind = reader.sum()
        is_whole = reader.place >= len(inner)
        if name in ("round", "cast", "try_cast"):
            reader.divides &= _of_call(name, inner, DECIMAL) != DECIMAL
        self.wrong = self.wrong or reader.wrong or ("" if is_whole else reader.problem())
        self.divides |= reader.divides
        self.place = end + 1
        if not name:
            return kind if is_whole else OTHER
        return _of_call(name, inner, kind)

    def _is_one_of(self, signs: Sequence[str]) -> bool:
        is_arrow = [one.text for one in self.found[self.place : self.place + 2]] == ["-", ">"]
        return self.place < len(self.found) and self._text() in signs and not is_arrow

    def _text(self) -> str:
        return self.found[self.place].text.casefold() if self.place < len(self.found) else ""

    def _taken(self) -> str:
        self.place += 1
        return self.found[self.place - 1].text


_QUOTIENT = "a quotient has other digits: round(…, 4)"


def _side(sign: str, which: str) -> str:
    return f"{which} of {sign.upper()} is to be a DECIMAL: CAST(… AS DECIMAL(18,4)); others may come out otherwise"


def _of_number(text: str) -> str:
    if "." in text or text.upper().endswith("BD"):
        return DECIMAL
    return SMALL if text.isdigit() and int(text) <= _MOST else OTHER


def _of_call(name: str, inner: Sequence[Token], first: str) -> str:
    text = " ".join(one.text for one in inner)
    if name in ("cast", "try_cast"):
        return DECIMAL if _DECIMAL_TYPE.fullmatch(text) else DAY if _DAY_TYPE.fullmatch(text) else OTHER
    if name in _NUMBERS:
        return DECIMAL
    if name in _COUNTS:
        return SMALL
    if name in _DAYS:
        return DAY
    return first if name in _AS_FIRST else OTHER
