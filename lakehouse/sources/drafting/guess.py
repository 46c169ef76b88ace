"""Guesses from values how a file writes dates, numbers and missing values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

NULL_TEXTS = ("NULL", "Null", "null", "N/A", "n/a", "#N/A", "NaN", "nan", "None", "\\N", "(null)")
_TIME = (
    r"(?P<gap>[ T])(?P<hour>\d{1,2}):\d{2}(?P<seconds>:\d{2})?(?P<fraction>\.\d{1,9})?(?P<half> ?[AaPp][Mm])?"
    r"(?P<zone> ?(?:Z|[+-]\d{2}(?::?\d{2})?)| [A-Z]{3,4})?"
)
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})(?P<sep>[-/.])(?P<a>\d{{1,2}})(?P=sep)(?P<b>\d{{1,2}})(?:{_TIME})?")
_YEAR_LAST = re.compile(rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}})(?:{_TIME})?")
_MONTH = r"(?P<month>[A-Z][a-z]{2,8})\.?"
_WORDS_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})(?P<one>[- ]){_MONTH}(?P<two>,? |-)(?P<y>\d{{4}})(?:{_TIME})?")
_WORDS_MONTH_FIRST = re.compile(rf"{_MONTH}(?P<one> )(?P<day>\d{{1,2}})(?P<two>,? )(?P<y>\d{{4}})(?:,?{_TIME})?")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
MONTH = re.compile(rf"(?<![A-Za-z])(?i:{'|'.join(_MONTHS)})(?![A-Za-z])|(?<![A-Z])(?:{'|'.join(_MONTHS)})(?![a-z])")
"""The English name of a month in the name of a file: as a word of its own, or with a capital letter."""
_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|\d{1,3}(?P<group>[.,' ])\d{3}(?:(?P=group)\d{3})*(?:[.,]\d+)?|[.,]\d+)")
_SIGN = "[$¢£¤¥֏؋৲৳૱௹฿៛₠-⃀]"
_DRESS = re.compile(
    rf"\(?(?P<sign>[+-]?)'?(?:{_SIGN}|[A-Z]{{3}}|R\$)? ?(?P<inner>[+-]?[\d.,' \u00a0]*\d)"
    rf" ?(?:{_SIGN}|[A-Z]{{3}}|%)?-?\)?"
)
_OTHER = {".": ",", ",": "."}
_COULD_BE_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


@dataclass(frozen=True)
class DateFormats:
    """Spark patterns, the most frequent first, and whether some leave open which of day and month comes first."""

    patterns: tuple[str, ...]
    ambiguous: bool


def is_date(value: str) -> bool:
    """True for a text that looks like a day or a time of day on a day."""
    return bool(_YEAR_FIRST.fullmatch(value) or _YEAR_LAST.fullmatch(value) or _in_words(value))


def _in_words(value: str) -> re.Match[str] | None:
    """A date whose month is an English word."""
    match = _WORDS_DAY_FIRST.fullmatch(value) or _WORDS_MONTH_FIRST.fullmatch(value)
    return match if match and match["month"] in _MONTHS else None


def _words_pattern(match: re.Match[str]) -> str:
    month = "MMMM" if len(match["month"]) > 3 else "MMM"
    parts = ("d", match["one"], month) if match.re is _WORDS_DAY_FIRST else (month, match["one"], "d")
    comma = "," if match["gap"] and match.string[match.end("y")] == "," else ""
    return f"{''.join(parts)}{match['two']}yyyy{comma}{_time(match, '')}"


def date_formats(values: Iterable[str]) -> DateFormats:
    """The patterns of the texts that look like dates. One column's order of day and month settles all others'."""
    texts = list(values)
    first = [match for value in texts if (match := _YEAR_FIRST.fullmatch(value))]
    last = [match for value in texts if (match := _YEAR_LAST.fullmatch(value))]
    day_first = any(int(match["a"]) > 12 for match in last)
    month_first = any(int(match["b"]) > 12 for match in last)
    hour = "" if any(len(match["hour"] or "00") == 1 for match in (*first, *last)) else "H"
    lone = {match["sep"] for match in (*first, *last) if len(match["a"]) == 1 or len(match["b"]) == 1}
    found: Counter[str] = Counter()
    for match in first:
        found[f"{_days('yyyy', 'M', 'd', match, lone)}{_time(match, hour)}"] += 1
    for match in last:
        year = "yyyy" if len(match["y"]) == 4 else "yy"
        one, two = ("M", "d") if month_first and not day_first else ("d", "M")
        found[f"{_days(one, two, year, match, lone)}{_time(match, hour)}"] += 1
    found.update(_words_pattern(match) for value in texts if (match := _in_words(value)))
    ambiguous = bool(last) and day_first == month_first
    return DateFormats(tuple(pattern for pattern, _ in found.most_common()), ambiguous)


def _days(one: str, two: str, three: str, match: re.Match[str], lone: set[str]) -> str:
    """A pattern of two letters reads two digits only; one letter reads one or two."""
    twice = 1 if match["sep"] in lone else 2
    return match["sep"].join(part * twice if len(part) == 1 else part for part in (one, two, three))


def _time(match: re.Match[str], hour: str) -> str:
    """`hour` is what follows the hour's first letter: a pattern of two letters reads two digits only."""
    if not match["gap"]:
        return ""
    fraction = "." + "S" * (len(match["fraction"]) - 1) if match["fraction"] else ""
    half = " a" if (match["half"] or "").startswith(" ") else "a" if match["half"] else ""
    clock = f"H{hour}" if not half else f"h{hour and 'h'}"
    return f"{_gap(match)}{clock}:mm{':ss' if match['seconds'] else ''}{fraction}{half}{_zone(match['zone'] or '')}"


def _zone(text: str) -> str:
    """The pattern of an offset."""
    offset = text.strip()
    letters = (
        ""
        if not offset
        else "z"
        if len(offset) > 2 and offset.isalpha()
        else "XXX"
        if offset == "Z" or ":" in offset
        else "XX"
        if len(offset) > 3
        else "X"
    )
    return " " * (len(text) - len(offset)) + letters


def _gap(match: re.Match[str]) -> str:
    return "'T'" if match["gap"] == "T" else " "


def undressed(value: str) -> str:
    """An amount without currency sign or code, brackets or per cent: `($1,250.00)` is `1,250.00`."""
    match = _DRESS.fullmatch(value)
    return f"{match['sign']}{match['inner']}".replace("\u00a0", " ") if match else value


def is_dressed(value: str) -> bool:
    """True for a number that has more than digits, one sign in front and marks."""
    return _NUMBER.fullmatch(value) is None and _NUMBER.fullmatch(undressed(value)) is not None


def marks(values: Iterable[str], counts: Iterable[str] = ()) -> tuple[str, str, bool]:
    """Decimal mark, thousands mark, and whether the values can be read in another way too.

    `1,234` alone could be either; where nothing else says what it is, it is a whole number among `counts` and a decimal
    elsewhere.
    """
    decimals: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    either: Counter[str] = Counter()
    for value in map(undressed, values):
        if (match := _NUMBER.fullmatch(value)) is None:
            continue
        seen = [letter for letter in value if letter in "., '"]
        if _COULD_BE_EITHER.fullmatch(value):
            either[seen[0]] += 1
        elif seen:
            last_is_group = match["group"] == seen[-1]
            groups[match["group"] or ""] += 1
            # What stands between groups of three is no decimal mark, so the other one is.
            decimals[_OTHER.get(seen[-1], "") if last_is_group else seen[-1]] += 1
    del decimals[""], groups[""]
    is_open = len(decimals) > 1 or bool(either and not decimals)
    if not decimals:
        decimals += Counter(_OTHER[mark] for value in counts for mark in _OTHER if mark in value)
    if not decimals:
        decimals += either
    mark = max(decimals, key=lambda one: (decimals[one], one == ".")) if decimals else "."
    groups += Counter({one: count for one, count in either.items() if one != mark})
    grouped = [one for one, _ in groups.most_common() if one != mark]
    return mark, grouped[0] if grouped else "", is_open


def are_counts(values: Iterable[str]) -> bool:
    """True where numbers below a thousand have no mark and all others one before the last three digits."""
    texts = list(values)
    small = [bool(re.fullmatch(r"[+-]?\d{1,3}", text)) for text in texts]
    return any(small) and all(one or _COULD_BE_EITHER.fullmatch(text) for one, text in zip(small, texts, strict=True))


def are_numbers(values: Iterable[str]) -> bool:
    """True where half of the values or more look like numbers."""
    looks = [_NUMBER.fullmatch(undressed(value)) is not None for value in values]
    return sum(looks) * 2 >= len(looks) > 0


def null_texts(values: Iterable[str]) -> tuple[str, ...]:
    """Those of the usual texts for "nothing" that occur."""
    occurring = set(values)
    return tuple(text for text in NULL_TEXTS if text in occurring)


def is_rate(values: Iterable[str], decimal_mark: str = ".") -> bool:
    """True where all numbers lie from 0 to 1 and some are between: a rate rather than an amount."""
    texts = (value.replace(decimal_mark, ".") for value in values)
    numbers = [float(text) for text in texts if re.fullmatch(r"\d+(\.\d+)?", text)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < number < 1 for number in numbers)
