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
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pyarrow import ArrowException

from lakehouse.sources.parquet.first_rows import first_rows

DELIMITERS = ",;\t|"
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


def sniff(path: Path) -> Sample | None:
    """The sample of a file; None where it is empty or no table that a source could declare."""
    start = path.open("rb").read(4)
    if start == b"PAR1":
        return _parquet(path)
    data = _first_bytes(path)
    encoding = _encoding(data)
    text = _whole_lines(data.decode(encoding, errors="replace")).removeprefix("\ufeff")
    if not text.strip() or "\x00" in text:
        return None
    return _json_lines(path, text, encoding) if text.lstrip().startswith("{") else _csv(path, text, encoding)


def _first_bytes(path: Path) -> bytes:
    """Empty where the file is a gzip that cannot be read."""
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path) if zipped else path.open("rb") as stream:
            return stream.read(LOOKED_AT_BYTES)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return b""


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


def _delimiter(text: str) -> str:
    """The one that cuts most lines into as many fields as the first, and into the most."""
    lines = list(islice(io.StringIO(text), 100))

    def fit(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        return (sum(width == widths[0] for width in widths) if widths[0] > 1 else 0, widths[0])

    return max(DELIMITERS, key=fit)


def _csv(path: Path, text: str, encoding: str) -> Sample | None:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    header = [name.strip() for name in next(reader)]
    if not _is_header(header):
        return None
    rows = list(islice((row for row in reader if row), LOOKED_AT_ROWS))
    fitting = [row for row in rows if len(row) == len(header)]
    too_long = [row for row in rows if len(row) > len(header)]
    return Sample(
        path,
        "csv",
        encoding,
        delimiter,
        tuple(header),
        tuple(tuple(value.strip() or None for value in row) for row in fitting),
        multiline=any("\n" in value for row in rows for value in row),
        too_long=len(too_long),
        longest_trusted=_trusted(fitting, too_long, len(header)),
    )


def _is_header(names: list[str]) -> bool:
    """Names that are all there and all different. One lone name is a word, or the file is prose."""
    distinct = {name.casefold() for name in names}
    return (
        all(names) and len(distinct) == len(names) and (len(names) > 1 or bool(re.fullmatch(r"[^\W\d]\w*", names[0])))
    )


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


def _json_lines(path: Path, text: str, encoding: str) -> Sample | None:
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
        return None
    rows = tuple(tuple(_text(one.get(name)) for name in columns) for one in objects)
    return Sample(path, "jsonl", encoding, ",", columns, rows, multiline=False, too_long=0, longest_trusted=0)


def _parquet(path: Path) -> Sample | None:
    try:
        columns, rows, typed_dates = first_rows(path, LOOKED_AT_ROWS)
    except (ArrowException, OSError):
        return None
    return Sample(path, "parquet", "utf-8", ",", columns, rows, False, 0, 0, typed_dates)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (bool, dict, list)) else str(value)
