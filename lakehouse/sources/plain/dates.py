"""Spark's datetime patterns, read without Spark."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from lakehouse.sources.plain.sql import Unsupported

_PART = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<run>(?P<letter>[A-Za-z])(?P=letter)*)|(?P<other>.)", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_LETTERS = {
    "yyyy": r"(?P<year>\d{4})", "yy": r"(?P<short>\d{2})", "MM": r"(?P<month>\d{2})", "M": r"(?P<month>\d{1,2})",
    "MMM": rf"(?P<name>{'|'.join(_MONTHS)})", "MMMM": rf"(?P<name>{'|'.join(_WORDS)})", "dd": r"(?P<day>\d{2})",
    "d": r"(?P<day>\d{1,2})", "HH": r"(?P<hour>\d{2})", "H": r"(?P<hour>\d{1,2})", "hh": r"(?P<half>\d{2})",
    "h": r"(?P<half>\d{1,2})", "mm": r"(?P<minute>\d{2})", "m": r"(?P<minute>\d{1,2})", "ss": r"(?P<second>\d{2})",
    "s": r"(?P<second>\d{1,2})", "a": r"(?P<noon>am|pm)", "X": r"(?P<zone>Z|[+-]\d{2}(?:\d{2})?)",
    "XX": r"(?P<zone>Z|[+-]\d{4})", "XXX": r"(?P<zone>Z|[+-]\d{2}:\d{2})", "z": r"(?P<zone>UTC|GMT)",
}  # fmt: skip

_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda time: f"{time.year:04}", "yy": lambda time: f"{time.year % 100:02}",
    "MM": lambda time: f"{time.month:02}", "M": lambda time: str(time.month),
    "dd": lambda time: f"{time.day:02}", "d": lambda time: str(time.day),
    "HH": lambda time: f"{time.hour:02}", "H": lambda time: str(time.hour),
    "mm": lambda time: f"{time.minute:02}", "m": lambda time: str(time.minute),
    "ss": lambda time: f"{time.second:02}", "s": lambda time: str(time.second),
}  # fmt: skip


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """Raises Unsupported for letters whose reading is not known to be the same."""
    found = []
    for part in _PART.finditer(pattern):
        if part["quoted"] is not None:
            found.append(re.escape(part["quoted"].replace("''", "'") or "'"))
        elif run := part["run"]:
            if set(run) == {"S"}:
                found.append(rf"(?P<fraction>\d{{1,{len(run)}}})")
            elif run not in _LETTERS:
                raise Unsupported(f"the date pattern {pattern}")
            else:
                found.append(_LETTERS[run])
        else:
            found.append({"[": "(?:", "]": ")?"}.get(part["other"], re.escape(part["other"])))
    text = "".join(found)
    if "<half>" in text and "<noon>" not in text:
        raise Unsupported(f"the date pattern {pattern}")
    try:
        return re.compile(text, re.IGNORECASE | re.ASCII)
    except re.error as error:
        raise Unsupported(f"the date pattern {pattern}") from error


def read_time(text: str, pattern: str) -> tuple[datetime, bool] | None:
    """The time that a text says in a pattern, and whether it is an instant in UTC; None where it says none."""
    match = _regex(pattern).fullmatch(text)
    if match is None:
        return None
    said = {name: value for name, value in match.groupdict().items() if value is not None}
    if "name" in said:
        names = _MONTHS if len(said["name"]) == 3 else _WORDS
        said["month"] = str(names.index(said["name"].casefold()) + 1)
    hour = int(said.get("hour", 0))
    if "half" in said:
        if not 1 <= int(said["half"]) <= 12:
            return None
        hour = int(said["half"]) % 12 + (12 if said["noon"].casefold() == "pm" else 0)
    year = int(said["year"]) if "year" in said else 2000 + int(said.get("short", 0))
    micro = int(f"{said.get('fraction', '0'):0<6}"[:6])
    try:
        clock = (hour, int(said.get("minute", 0)), int(said.get("second", 0)), micro)
        time = datetime(year, int(said.get("month", 1)), int(said.get("day", 1)), *clock)
    except ValueError:
        return None
    if "zone" not in said:
        return time, False
    return time - _offset(said["zone"]), True


def _offset(zone: str) -> timedelta:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return timedelta()
    digits = zone[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if zone.startswith("-") else size


def written_as(time: datetime, pattern: str) -> str:
    """The time as text. Raises Unsupported for letters whose writing is not known to be the same."""
    written = []
    for part in _PART.finditer(pattern):
        if part["quoted"] is not None:
            written.append(part["quoted"].replace("''", "'") or "'")
        elif run := part["run"]:
            if run not in _WRITTEN:
                raise Unsupported(f"the date pattern {pattern}")
            written.append(_WRITTEN[run](time))
        else:
            written.append(part["other"])
    if set(pattern) & set("[]"):
        raise Unsupported(f"the date pattern {pattern}")
    return "".join(written)


def to_utc(local: datetime, zone: str) -> datetime:
    """Local time that a clock change skips or repeats is read as Java does: by the offset before the change."""
    at = local.replace(tzinfo=ZoneInfo(zone))
    return at.astimezone(UTC).replace(tzinfo=None)


def to_local(instant: datetime, zone: str) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
