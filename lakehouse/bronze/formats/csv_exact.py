"""The exact reader of CSV: every line and record as it stands, whatever its quotes do. Text in, fields out.

A value in quotes ends at the first quote that is not doubled, and a doubled quote within it is one. Where more follows
before the delimiter, as in `"5" pipe`, the quotes were none: they are letters of the value; blanks there are no part of
it. A quote that is never closed is a letter too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

MOST_COLUMNS = 20_000
"""A row of more is not split."""

_BLANKS = "".join(map(chr, range(33)))


class Record(NamedTuple):
    """One row of a file."""

    fields: list[str]
    text: str
    """As sent, without the end of the line."""


class _Patterns(NamedTuple):
    quoted: re.Pattern[str] | None
    open: re.Pattern[str] | None
    plain: re.Pattern[str]
    delimiter: str
    quote: str


@lru_cache(16)
def _patterns(delimiter: str, quote: str, *, over_lines: bool) -> _Patterns:
    split, mark = re.escape(delimiter), re.escape(quote)
    plain = re.compile(rf"(?s:(?:(?!{split}|\r?\n).)*+)" if over_lines else rf"(?s:(?:(?!{split}).)*+)")
    if len(delimiter) == 1:
        # The same as above, and faster.
        plain = re.compile(rf"(?:[^{split}\r\n]++|\r(?!\n))*+" if over_lines else rf"[^{split}]*+")
    if not quote:
        return _Patterns(None, None, plain, delimiter, quote)
    within = rf"{mark}((?:[^{mark}]++|{mark}{mark})*+)"
    return _Patterns(re.compile(rf"{within}{mark}"), re.compile(rf"{within}\Z"), plain, delimiter, quote)


def split_line(line: str, delimiter: str, quote: str) -> list[str]:
    """The fields of a row of one line, without its end."""
    if not quote or quote not in line:
        return line.split(delimiter)
    return _fields(line, 0, _patterns(delimiter, quote, over_lines=False))[0]


def is_odd(line: str, quote: str) -> bool:
    """A quote without its partner: the value, or the line, is cut, even where the number of fields comes out right."""
    return bool(quote) and line.count(quote) % 2 == 1


def records(text: str, delimiter: str, quote: str, *, is_end: bool) -> Iterator[Record | int]:
    """The rows of a text whose values may hold line breaks; an empty line is none.

    Last comes the place from which on a row is not whole: the end of the text where `is_end` says that none follows.
    """
    patterns = _patterns(delimiter, quote, over_lines=True)
    place = 0
    while place < len(text):
        fields, end = _fields(text, place, patterns, may_go_on=not is_end)
        line_end = 0 if end < 0 else 2 if text.startswith("\r\n", end) else 1
        if end < 0 or (end == len(text) and not is_end):
            break
        if end > place:
            yield Record(fields, text[place:end])
        place = end + line_end
    yield min(place, len(text))


def _fields(text: str, place: int, patterns: _Patterns, *, may_go_on: bool = False) -> tuple[list[str], int]:
    """The fields from a place on, and where their row ends; -1 where that is not in the text."""
    fields: list[str] = []
    while True:
        found = None
        if patterns.quoted and text.startswith(patterns.quote, place):
            found = patterns.quoted.match(text, place)
            if not found and may_go_on and patterns.open and patterns.open.match(text, place):
                return fields, -1
        value, start = "", place
        if found:
            value, start = found[1].replace(patterns.quote * 2, patterns.quote), found.end()
        rest = patterns.plain.match(text, start)
        assert rest is not None, "the pattern takes an empty text too"
        tail = rest[0]
        if found and tail:
            is_blank = not tail.strip(_BLANKS)
            value, tail = (value, "") if is_blank else (f"{patterns.quote}{value}{patterns.quote}", tail)
        fields.append(value + tail)
        place = rest.end()
        if not text.startswith(patterns.delimiter, place):
            return fields, place
        place += len(patterns.delimiter)
