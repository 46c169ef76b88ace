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

from lakehouse.sources.file_kind import BLANKS

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


@lru_cache(4)
def _words(quote: str) -> re.Pattern[str]:
    if not quote:
        return re.compile(r"[^ \t]+")
    mark = re.escape(quote)
    return re.compile(rf"{mark}(?P<quoted>(?:[^{mark}]++|{mark}{mark})*+){mark}(?![^ \t])|[^ \t]+")


def _between_blanks(line: str, quote: str) -> list[str]:
    found = _words(quote).finditer(line)
    if not quote or quote not in line:
        return [one[0] for one in found]
    return [one[0] if one["quoted"] is None else one["quoted"].replace(quote * 2, quote) for one in found]


def split_line(line: str, delimiter: str, quote: str, *, is_trailing: bool = False) -> list[str]:
    """The fields of a row of one line, without its end. Where `is_trailing`, after a delimiter at its end is none."""
    if delimiter == BLANKS:
        return _between_blanks(line, quote)
    return without_last(_split(line, delimiter, quote), line, delimiter if is_trailing else "")


def without_last(fields: list[str], row: str, delimiter: str) -> list[str]:
    """The fields without the empty one after the delimiter that the row ends in."""
    is_trailing = bool(delimiter) and len(fields) > 1 and not fields[-1] and row.endswith(delimiter)
    return fields[:-1] if is_trailing else fields


def _split(line: str, delimiter: str, quote: str) -> list[str]:
    if not quote or quote not in line:
        return line.split(delimiter)
    return _fields(line, 0, _patterns(delimiter, quote, over_lines=False))[0]


def is_odd(line: str, quote: str) -> bool:
    """A quote without its partner: the value, or the line, is cut, even where the number of fields comes out right."""
    return bool(quote) and line.count(quote) % 2 == 1


def records(
    text: str, delimiter: str, quote: str, *, is_end: bool, comment: str = "", is_trailing: bool = False
) -> Iterator[Record | int]:
    """The rows of a text whose values may hold line breaks; an empty line is none, nor is one that begins with the
    comment.

    Last comes the place from which on a row is not whole: the end of the text where `is_end` says that none follows.
    """
    patterns = _patterns(delimiter, quote, over_lines=True)
    place = 0
    while place < len(text):
        if comment and text.startswith(comment, place):
            end = text.find("\n", place)
            if end < 0 and not is_end:
                break
            place = len(text) if end < 0 else end + 1
            continue
        fields, end = _fields(text, place, patterns, may_go_on=not is_end)
        line_end = 0 if end < 0 else 2 if text.startswith("\r\n", end) else 1
        if end < 0 or (end == len(text) and not is_end):
            break
        if end > place:
            row = text[place:end]
            yield Record(without_last(fields, row, delimiter if is_trailing else ""), row)
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
