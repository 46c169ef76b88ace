"""Guesses from values how a file writes dates, numbers and missing values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

NULL_TEXTS = ("NULL", "Null", "null", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "\\N", "(null)")
_TIME = r"(?P<gap>[ T])\d{2}:\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d{1,9})?(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<a>\d{{1,2}})(?P=sep)(?P<b>\d{{1,2}})(?:{_TIME})?")
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}})(?:{_TIME})?")
_DECIMALS = {
    # decimal mark, thousands mark -> a number that can be read in no other way
    (".", ","): re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+"),
    (",", "."): re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+"),
    (",", " "): re.compile(r"[+-]?\d{1,3}( \d{3})+,\d+"),
    (".", "'"): re.compile(r"[+-]?\d{1,3}('\d{3})+\.\d+"),
    (".", ""): re.compile(r"[+-]?\d+\.\d+"),
    (",", ""): re.compile(r"[+-]?\d+,\d+"),
}


@dataclass(frozen=True)
class DateFormats:
    """Spark patterns, the most frequent first, and whether some leave open which of day and month comes first."""

    patterns: tuple[str, ...]
    ambiguous: bool


def is_date(value: str) -> bool:
    """True for a text that looks like a day or a time of day on a day."""
    return bool(_YEAR_FIRST.fullmatch(value) or _YEAR_LAST.fullmatch(value))


def date_formats(values: Iterable[str]) -> DateFormats:
    """The patterns of the texts that look like dates. One column's order of day and month settles all others'."""
    texts = list(values)
    first = [match for value in texts if (match := _YEAR_FIRST.fullmatch(value))]
    last = [match for value in texts if (match := _YEAR_LAST.fullmatch(value))]
    day_first = any(int(match["a"]) > 12 for match in last)
    month_first = any(int(match["b"]) > 12 for match in last)
    lone = {match["sep"] for match in (*first, *last) if len(match["a"]) == 1 or len(match["b"]) == 1}
    found: Counter[str] = Counter()
    for match in first:
        found[f"{_days('yyyy', 'M', 'd', match, lone)}{_time(match)}"] += 1
    for match in last:
        year = "yyyy" if len(match["y"]) == 4 else "yy"
        one, two = ("M", "d") if month_first and not day_first else ("d", "M")
        found[f"{_days(one, two, year, match, lone)}{_time(match)}"] += 1
    ambiguous = bool(last) and day_first == month_first
    return DateFormats(tuple(pattern for pattern, _ in found.most_common()), ambiguous)


def _days(one: str, two: str, three: str, match: re.Match[str], lone: set[str]) -> str:
    """A pattern of two letters reads two digits only; one letter reads one or two."""
    twice = 1 if match["sep"] in lone else 2
    return match["sep"].join(part * twice if len(part) == 1 else part for part in (one, two, three))


def _time(match: re.Match[str]) -> str:
    if not match["gap"]:
        return ""
    zone = {None: "", "Z": "XXX"}.get(match["zone"], "XXX" if ":" in (match["zone"] or "") else "XX")
    fraction = "." + "S" * (len(match["fraction"]) - 1) if match["fraction"] else ""
    return f"{_gap(match)}HH:mm{':ss' if match['seconds'] else ''}{fraction}{zone}"


def _gap(match: re.Match[str]) -> str:
    return "'T'" if match["gap"] == "T" else " "


def marks(values: Iterable[str]) -> tuple[str, str, bool]:
    """Decimal mark, thousands mark, and whether both marks were seen in the same role.

    `1,234` alone could be either; it is taken for a decimal only where nothing says otherwise.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for value in values:
        for kind, pattern in _DECIMALS.items():
            if pattern.fullmatch(value):
                seen[kind] += 1
                break
    decimals = {mark for mark, _ in seen}
    if not seen:
        return ".", "", False
    mark = max(decimals, key=lambda one: sum(count for (decimal, _), count in seen.items() if decimal == one))
    grouped = Counter({group: count for (decimal, group), count in seen.items() if decimal == mark and group})
    return mark, grouped.most_common(1)[0][0] if grouped else "", len(decimals) > 1


def null_texts(values: Iterable[str]) -> tuple[str, ...]:
    """Those of the usual texts for "nothing" that occur."""
    occurring = set(values)
    return tuple(text for text in NULL_TEXTS if text in occurring)


def is_rate(values: Iterable[str]) -> bool:
    """True where all numbers lie from 0 to 1 and some are between: a rate rather than an amount."""
    numbers = [float(value) for value in values if re.fullmatch(r"\d+(\.\d+)?", value)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)
