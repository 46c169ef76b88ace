"""Rows of files made ready for expressions, as `lakehouse.sources.mapping.prepared` does, without Spark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lakehouse.sources.file_kind import BLANKS, SUFFIXES, FileKind
from lakehouse.sources.plain.evaluate import Value
from lakehouse.tables.reasons import RowReason

# Python's white space, and the marks without width that copied texts begin with.
_WHITE_SPACE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff"


@dataclass(frozen=True)
class Sent:
    """A row as bronze has it."""

    file: str
    row_in_file: int
    values: Sequence[str | None]
    corrupt: str | None
    name_values: Mapping[str, str]


@dataclass(frozen=True)
class Ready:
    """A row whose texts expressions can use: name in lower case -> value."""

    file: str
    row_in_file: int
    values: dict[str, Value]
    problem: str = ""


def made_ready(rows: Iterable[Sent], kind: FileKind) -> Iterator[Ready]:
    """Trimmed texts in NFC, None for those that mean nothing.

    A row that could not be split has a problem and no texts; one of too many fields keeps its trusted leading columns.
    """
    names = [name.casefold() for name in kind.columns]
    nothing = {"", *kind.null_values}
    for row in rows:
        origin: dict[str, Value] = {f"_name_{name}": row.name_values.get(name) for name in kind.name_values}
        problem = "" if row.corrupt is None else _problem(row, kind)
        trusted = kind.trusted_columns if problem == RowReason.TOO_MANY_FIELDS else 0
        texts = [None if value is None else _normal(value) for value in row.values]
        if problem:
            texts = texts[:trusted] + [None] * (len(names) - trusted)
        held = {name: None if text in nothing else text for name, text in zip(names, texts, strict=True)}
        yield Ready(row.file, row.row_in_file, origin | held, "" if trusted else problem)


def filled_down(rows: Iterable[Ready], kind: FileKind) -> Iterator[Ready]:
    """An empty value takes that of the last row above it that has one, in its group of its file.

    A row that does not name its group, or that could not be split, neither gives nor takes.
    """
    steps = [
        ([name.casefold() for name in step.within], [name.casefold() for name in step.columns])
        for step in kind.fill_down
    ]
    last: dict[tuple[int, str, tuple[Value, ...], str], Value] = {}
    for row in rows:
        for place, (within, columns) in enumerate(steps):
            group = tuple(row.values[name] for name in within)
            if row.problem or None in group:
                continue
            for name in columns:
                key = (place, row.file, group, name)
                if row.values[name] is None:
                    row.values[name] = last.get(key)
                else:
                    last[key] = row.values[name]
        yield row


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(_WHITE_SPACE)


def _problem(row: Sent, kind: FileKind) -> str:
    plain = row.file.lower().removesuffix(".gz")
    delimited = kind.formats == ("csv",) or (len(kind.formats) > 1 and not plain.endswith(tuple(SUFFIXES)))
    if not delimited:
        return RowReason.UNREADABLE_ROW
    count = _fields(row.corrupt or "", kind)
    if count > len(kind.columns):
        return RowReason.TOO_MANY_FIELDS
    return RowReason.TOO_FEW_FIELDS if count < len(kind.columns) else RowReason.UNREADABLE_ROW


def _fields(record: str, kind: FileKind) -> int:
    """Number of fields of a delimited row, delimiters within quotes not counting."""
    quote = re.escape(kind.quote) if kind.quote else "\x00"
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
    if kind.delimiter == BLANKS:
        return len(re.findall(r"[^ \t]+", re.sub(quoted, "x", record)))
    outside = re.sub(quoted, "", record)
    closed = kind.trailing_delimiter and outside.endswith(kind.delimiter)
    return outside.count(kind.delimiter) + 1 - closed
