"""CSV: text split at delimiters. Each line is a row, unless the kind says that quoted values may hold line breaks."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.csv_exact import MOST_COLUMNS
from lakehouse.bronze.formats.csv_rows import Layout, rows_of_lines, rows_over_lines
from lakehouse.bronze.formats.pieces import NotedPieces, has_plain_lines
from lakehouse.bronze.formats.text import WatchedText, blank_letters, copy_lines, line_blocks
from lakehouse.bronze.headers import check_names, missing_columns
from lakehouse.bronze.rows import Rows, Split, by_name
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.model import FileKind
from lakehouse.tables.reasons import FileReason

_COMMON_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_FIELD = 1 << 28
_END = "\x00"
"""Stands in no file that gets so far."""


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """The header, and where the file can be cut; values over several lines also have all of their quotes closed."""
    encoding = codec_name(kind.encoding)
    noted = NotedPieces(file.plain, blank_letters(kind))
    text = WatchedText(decoded(noted, encoding))
    if kind.multiline:
        _check_records(text, kind)
    text.finish()
    header = _header(_header_lines(text.head, kind), kind)
    can_be_cut = not file.compressed and not kind.multiline and has_plain_lines(encoding)
    pieces = noted.pieces(header=1) if can_be_cut else ()
    return FileFacts(header, encoding, file.compressed, text.is_nfc, "csv", pieces=pieces)


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    blocks = line_blocks(file.plain, facts.encoding)
    layout = Layout(kind.delimiter, kind.quote, len(facts.header), blank_letters(kind))
    split = rows_over_lines(blocks, layout) if kind.multiline else (rows_of_lines(block, layout) for block in blocks)
    if piece is None or not piece.start:
        split = _without_first(split)
    for some in split:
        yield by_name(some, kind, facts.header)


def _without_first(split: Iterator[Split]) -> Iterator[Split]:
    """The rows after the first one, which is the header."""
    is_past = False
    for some in split:
        yield some if is_past else some.slice(1)
        is_past = is_past or len(some) > 0


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    copy_lines(file, target, rows, kind)


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
