"""Looks at unknown files: format, encoding, delimiter, columns and the first rows."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from pathlib import Path

from pyarrow import ArrowException

from lakehouse.sources.drafting.layout import layout_of
from lakehouse.sources.drafting.not_text import WORKBOOK, not_text
from lakehouse.sources.parquet.first_rows import first_rows
from lakehouse.tables.column_names import folded

LOOKED_AT_BYTES = 32 * 1024 * 1024
LOOKED_AT_ROWS = 5_000


@dataclass(frozen=True)
class Sample:
    """What the first rows of one file look like."""

    path: Path
    format: str
    """csv, jsonl or parquet."""
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    """Values in the order of `columns`; a value that is not there is None."""
    multiline: bool
    too_long: int
    """Rows of the sample with more fields than the header."""
    longest_trusted: int
    """Leading columns that such rows cannot have shifted, judging by the columns that look the same in all rows."""
    typed_dates: Mapping[str, str] = field(default_factory=dict)
    """Column -> the pattern of its texts, where its type says that it holds days or times."""
    header: bool = True
    """False where the first row looks like all others."""
    lines_above: int = 0
    """How many lines stand above the header; a line like `sep=;` is none of them."""
    short_at_end: int = 0
    """How many of the last rows have fewer fields than the header: a footer, as a rule."""

    def place_of(self, column: str) -> int | None:
        """Where a column stands; case does not count."""
        names = [folded(name) for name in self.columns]
        return names.index(folded(column)) if folded(column) in names else None


@dataclass(frozen=True)
class Unread:
    """A file that no declaration could take as it is."""

    path: Path
    why: str


Sheet = Callable[[Path], Iterator[Sequence[str | None]]]
"""The rows of the first sheet of a workbook, as a run would read them. Raises ValueError where it cannot."""


def sniff(path: Path, sheet: Sheet | None = None) -> Sample | Unread:
    """The sample of a file, or why it is no table that a source could declare."""
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        return Unread(path, f"cannot be opened: {error.strerror}")
    if start.startswith(b"PAR1"):
        return _parquet(path)
    if why := not_text(path, start):
        return _sheet(path, sheet) if sheet and why.startswith(WORKBOOK) else Unread(path, why)
    data = _first_bytes(path)
    if data is None:
        return Unread(path, "a gzip that cannot be read to its end: have it sent again")
    encoding = _encoding(data)
    text = _whole_lines(data.decode(encoding, errors="replace")).removeprefix("\ufeff")
    if not text.strip():
        return Unread(path, "empty")
    if "\x00" in text:
        return Unread(path, "not text: it holds NUL bytes")
    return _json_lines(path, text, encoding) if text.lstrip().startswith("{") else _csv(path, text, encoding)


def _sheet(path: Path, sheet: Sheet) -> Sample | Unread:
    """The first sheet, as the CSV that it would be saved as."""
    try:
        rows = list(islice(sheet(path), LOOKED_AT_ROWS))
    except ValueError as error:
        return Unread(path, f"{WORKBOOK} that cannot be read: {error}")
    width = max(map(len, rows), default=0)
    text = io.StringIO()
    csv.writer(text).writerows([*row, *[None] * (width - len(row))] for row in rows)
    sample = _csv(path, text.getvalue(), "utf-8")
    return sample if isinstance(sample, Unread) else replace(sample, format="xlsx", multiline=False)


def _first_bytes(path: Path) -> bytes | None:
    """None where the file is a gzip that cannot be read."""
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if zipped else path.open("rb") as stream:
            return stream.read(LOOKED_AT_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return None


def _encoding(data: bytes) -> str:
    """Java and Python know all of these names. A byte that UTF-8 does not allow means one byte per letter."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return "windows-1252" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-1"
    return "utf-8"


def _whole_lines(text: str) -> str:
    """Without the last line where the sample may have cut it."""
    return text if len(text) < LOOKED_AT_BYTES // 4 else text[: text.rfind("\n") + 1]


def _csv(path: Path, text: str, encoding: str) -> Sample | Unread:
    layout = layout_of(text)
    if isinstance(layout, str):
        return Unread(path, layout)
    names, rows = layout.names, layout.rows[:LOOKED_AT_ROWS]
    fitting = [row for row in rows if len(row) == len(names)]
    too_long = [row for row in rows if len(row) > len(names)]
    return Sample(
        path,
        "csv",
        encoding,
        layout.delimiter,
        names,
        tuple(tuple(value.strip() or None for value in row) for row in fitting),
        multiline=any("\n" in value for row in rows for value in row),
        too_long=len(too_long),
        longest_trusted=_trusted(fitting, too_long, len(names)),
        header=layout.header,
        lines_above=layout.lines_above,
        short_at_end=_short_at_end(rows, len(names)) if len(rows) == len(layout.rows) else 0,
    )


def _short_at_end(rows: list[list[str]], width: int) -> int:
    return sum(1 for _ in takewhile(lambda row: len(row) < width, reversed(rows)))


def _trusted(fitting: list[list[str]], too_long: list[list[str]], width: int) -> int:
    """How far from the left the overlong rows have values of the same shape as all others, column by column."""
    for place in range(width if too_long else 0):
        shapes = Counter(_shape(row[place]) for row in fitting)
        if "" in shapes or any(_shape(row[place]) not in shapes for row in too_long):
            return place
    return 0


def _shape(value: str) -> str:
    """Kinds of character in order, runs taken as one: `1996-07-04` is `9-9-9`. Empty for text with several words."""
    kinds = ["9" if letter.isdigit() else "a" if letter.isalpha() else letter for letter in value.strip()]
    if " " in kinds and "a" in kinds:
        return ""
    return "".join(kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind)


def _json_lines(path: Path, text: str, encoding: str) -> Sample | Unread:
    objects = []
    for line in islice(io.StringIO(text), LOOKED_AT_ROWS):
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict):
            objects.append(one)
    columns = tuple(dict.fromkeys(name for one in objects for name in one))
    if not columns:
        return Unread(path, "begins like JSON, but no line of it is an object: JSON lines have one on each line")
    rows = tuple(tuple(_text(one.get(name)) for name in columns) for one in objects)
    return Sample(path, "jsonl", encoding, ",", columns, rows, multiline=False, too_long=0, longest_trusted=0)


def _parquet(path: Path) -> Sample | Unread:
    try:
        columns, rows, typed_dates = first_rows(path, LOOKED_AT_ROWS)
    except (ArrowException, OSError):
        return Unread(path, "begins like Parquet, but cannot be read as such: have it sent again")
    return Sample(path, "parquet", "utf-8", ",", columns, rows, False, 0, 0, typed_dates)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (bool, dict, list)) else str(value)
