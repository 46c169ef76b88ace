"""Where the table of a text file begins, and what stands between its fields."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lakehouse.sources.drafting.guess import are_numbers, is_date
from lakehouse.tables.bronze import can_be_declared
from lakehouse.tables.column_names import folded

DELIMITERS = ",;\t|"
LINES_ABOVE = 60
"""How far down a header is looked for."""
_LOOKED_AT = 200
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?', re.IGNORECASE)
_FIELD_LIMIT = 1 << 28


@dataclass(frozen=True)
class Layout:
    """How a text is cut into a table."""

    delimiter: str
    names: tuple[str, ...]
    rows: list[list[str]]
    header: bool
    lines_above: int


def layout_of(text: str) -> Layout | str:
    """The layout of a text, or why it is no table."""
    csv.field_size_limit(_FIELD_LIMIT)
    told = _SEPARATOR_LINE.fullmatch(text.split("\n", 1)[0])
    body = text.split("\n", 1)[1] if told and "\n" in text else text
    try:
        delimiter = told[1] if told else _delimiter(body)
        above = _lines_above(body, delimiter)
        rows = [row for row in csv.reader(_from_line(body, above), delimiter=delimiter) if row]
    except csv.Error as error:
        return f"no table: {error}"
    if not rows:
        return "empty below its first line"
    names = [name.strip() for name in rows[0]]
    if _is_data(rows):
        return Layout(delimiter, tuple(f"column_{place + 1}" for place in range(len(names))), rows, False, above)
    if why := _no_header(names):
        return why
    if not any(map(can_be_declared, names)):
        return f"its columns are called as the lake's own are: {', '.join(names)}"
    return Layout(delimiter, tuple(names), rows[1:], True, above)


def _from_line(text: str, place: int) -> io.StringIO:
    return io.StringIO(text.split("\n", place)[-1] if place else text, newline="")


def _delimiter(text: str) -> str:
    """The one that cuts most lines into equally many fields, and into the most.

    The first line counts before all others: it is the header, as a rule. Where it stands alone with its number of
    fields, it is a line of words above the table.
    """
    lines = list(islice(io.StringIO(text, newline=""), _LOOKED_AT))

    def fit(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        first = len(next(csv.reader(lines, delimiter=delimiter), []))
        usual = first if first > 1 and (widths[first] > 1 or widths.total() == 1) else _usual(widths)
        return (widths[usual] if usual > 1 else 0, usual)

    return max(DELIMITERS, key=fit)


def _usual(widths: Counter[int]) -> int:
    """The number of fields that most rows have; of two the greater."""
    return max(widths, key=lambda width: (widths[width] if width > 1 else 0, width), default=0)


def _lines_above(text: str, delimiter: str) -> int:
    """How many lines stand above the first that could be a header of what follows it."""
    lines = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    widths = Counter(len(row) for row in csv.reader([f"{one}\n" for one in lines[first:]], delimiter=delimiter) if row)
    usual = _usual(widths)
    own = _fields(lines[first], delimiter)
    stands_alone = widths[len(own)] == 1 < widths.total() and len(own) < usual
    if (len(own) == usual and all(own)) or (not stands_alone and not _no_header(own)):
        return 0
    for place, line in enumerate(lines[:LINES_ABOVE]):
        names = _fields(line, delimiter)
        if len(names) == usual > 1 and all(names) and not _no_header(names):
            return place if place != first else 0
    return 0


def _fields(line: str, delimiter: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]


def _no_header(names: Sequence[str]) -> str:
    """Why these cannot be the names of columns; empty where they can. One lone name is a word, or the file is prose."""
    given = [folded(name) for name in names if name]
    if twice := sorted({name for name in given if given.count(name) > 1}):
        return f"its header names {', '.join(twice[:5])} more than once (case does not count): rename the columns"
    if len(given) > 1 and len(given) * 2 > len(names):
        return ""
    if len(names) == 1 and re.fullmatch(r"[^\W\d]\w*", names[0]):
        return ""
    return "no table: its first line names no columns"


def _is_data(rows: Sequence[Sequence[str]]) -> bool:
    """True where the first row looks like the others: two of its fields or more are numbers or dates, as all below."""
    below = [row for row in rows[1:51] if len(row) == len(rows[0])]
    if not below:
        return False
    alike = 0
    for place, value in enumerate(rows[0]):
        others = [row[place].strip() for row in below if row[place].strip()]
        for looks in (is_date, lambda text: are_numbers([text])):
            if others and looks(value.strip()) and all(map(looks, others)):
                alike += 1
                break
    return alike >= 2
