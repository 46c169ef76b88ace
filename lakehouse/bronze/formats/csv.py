"""CSV: text split at delimiters. Each line is a row, unless the kind says that quoted values may hold line breaks.

Lines are split by Spark in the frame, so many tasks can read one file; rows over several lines by its reader.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyspark.sql import DataFrame, DataFrameReader

from lakehouse.bronze.columns import Step
from lakehouse.bronze.files import FileFacts, OpenedFile, RefusedError
from lakehouse.bronze.formats.csv_columns import MOST_COLUMNS, line_columns, record_columns, split_schema
from lakehouse.bronze.formats.text import SPARK_ENCODINGS, WatchedText, blank_letters, copy_lines, lines
from lakehouse.bronze.headers import check_names, missing_columns
from lakehouse.bronze.places import located
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.model import FileKind
from lakehouse.tables.reasons import FileReason

_COMMON_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 1 << 28
_END = "\x00"
"""Stands in no file that gets so far."""


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """The header; of values over several lines also whether all of their quotes are closed, and the line ends."""
    encoding = codec_name(kind.encoding)
    text = WatchedText(decoded(file.plain, encoding))
    if kind.multiline:
        _check_records(text, kind)
    text.finish()
    header = _header(_header_lines(text.head, kind), kind)
    layout = "crlf" if kind.multiline and text.head.split("\n", 1)[0].endswith("\r") else ""
    return FileFacts(header, encoding, file.compressed, layout, text.is_nfc, "csv")


def header_rows(kind: FileKind) -> int:
    return 0 if kind.multiline else 1


def rows(reader: DataFrameReader, paths: Sequence[str], kind: FileKind, facts: FileFacts) -> DataFrame:
    if not kind.multiline:
        return lines(reader, paths, kind, facts)
    options = _record_options(kind, facts)
    return located(reader.schema(split_schema(len(facts.header))).options(**options).csv(list(paths)), "*")


def columns(kind: FileKind, facts: FileFacts) -> Step:
    return record_columns(kind, facts.header) if kind.multiline else line_columns(kind, facts.header)


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    copy_lines(file, target, rows, kind)


def _record_options(kind: FileKind, facts: FileFacts) -> dict[str, str]:
    """How Spark reads a file whose values hold line breaks. Its header is known already and is passed over."""
    return {
        "header": "true",
        "multiLine": "true",
        "sep": kind.delimiter,
        "quote": kind.quote,
        "escape": kind.quote,
        "encoding": SPARK_ENCODINGS[facts.encoding],
        "lineSep": "\r\n" if facts.layout == "crlf" else "\n",
        "maxColumns": str(MOST_COLUMNS + 100),
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": "_unsplit",
    }


def _header(lines: Sequence[str], kind: FileKind) -> tuple[str, ...]:
    """The names in the first record. Raises RefusedError where they are not what the kind of file needs."""
    names = _first_record(lines, kind.delimiter, kind.quote)
    missing = missing_columns(names, kind)
    alone = len(names) == 1 and len(kind.columns) > 1
    if missing or alone:
        for other in _COMMON_DELIMITERS:
            split = _first_record(lines, other, kind.quote)
            fits = missing and not missing_columns(split, kind)
            if other != kind.delimiter and (fits or (alone and len(split) > 1)):
                raise RefusedError(
                    FileReason.WRONG_DELIMITER,
                    f"The header is split by {other!r}, not by the declared {kind.delimiter!r}: declare the delimiter",
                )
    check_names(names, kind)
    return names


def _first_record(lines: Sequence[str], delimiter: str, quote: str) -> tuple[str, ...]:
    return tuple(next(_records(lines, delimiter, quote), ()))


def _records(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    """The records of CSV lines; blank lines are none. Raises csv.Error for a field of more than 256 million letters."""
    csv.field_size_limit(_LONGEST_FIELD)
    if not quote:
        return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=None, quoting=csv.QUOTE_NONE))
    return filter(None, csv.reader(lines, delimiter=delimiter, quotechar=quote))


def _header_lines(head: str, kind: FileKind) -> list[str]:
    """The lines in which the header stands: one, unless quoted values may hold line breaks."""
    lines = [line.removesuffix("\r").replace("\r", " ") for line in head.split("\n")]
    if kind.multiline:
        return [f"{line}\n" for line in lines]
    return [next(line for line in lines if line.strip(blank_letters(kind)))]


def _check_records(text: Iterator[str], kind: FileKind) -> None:
    """Reads all the records. Raises RefusedError where a quoted value never ends: it would swallow the rest."""
    number, record = 0, [""]
    try:
        for number, record in enumerate(_records(_lines_and_end(text), kind.delimiter, kind.quote)):
            if len(record) > MOST_COLUMNS:
                raise RefusedError(
                    FileReason.TOO_MANY_COLUMNS, f"Row {number} has {len(record):,} fields: have the file mended"
                )
    except csv.Error as error:
        raise RefusedError(
            FileReason.UNCLOSED_QUOTE, f"After row {number} a value is too long: a quote is not closed"
        ) from error
    if record != [_END]:
        raise RefusedError(
            FileReason.UNCLOSED_QUOTE, f"Row {number} opens a quote and does not close it: have the file mended"
        )


def _lines_and_end(text: Iterator[str]) -> Iterator[str]:
    """Lines with their ends, and after them a line that is a record of its own unless a quote is open."""
    rest = ""
    for chunk in text:
        lines = (rest + chunk).replace("\r", " ").split("\n")  # the csv module takes no carriage return within a line
        rest = lines.pop()
        yield from (f"{line}\n" for line in lines)
    if rest:
        yield f"{rest}\n"
    yield _END
