"""CSV: text split at delimiters. Each line is a row, unless the kind says that quoted values may hold line breaks."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.csv_exact import MOST_COLUMNS
from lakehouse.bronze.formats.csv_header import below, header_of, lines_above, records_of, rows_above
from lakehouse.bronze.formats.csv_rows import Layout, rows_of_lines, rows_over_lines
from lakehouse.bronze.formats.pieces import NotedPieces, has_plain_lines
from lakehouse.bronze.formats.text import WatchedText, blank_letters, copy_lines, line_blocks
from lakehouse.bronze.rows import Rows, Split, by_name
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.reasons import FileReason

_UNIT = "\x1f"
_END = "\x00"
"""Stands in no file that gets so far."""


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """The header, and where the file can be cut; values over several lines also have all of their quotes closed."""
    encoding = codec_name(kind.encoding)
    noted = NotedPieces(file.plain, blank_letters(kind), kind.comment.encode(encoding, errors="ignore"))
    text = WatchedText(decoded(noted, encoding))
    begun = list(text.begin())
    above = lines_above(text.head, kind)
    if kind.multiline:
        _check_records(below("".join(begun), above), text, kind)
    text.finish()
    header = header_of(below(text.head, above), kind)
    can_be_cut = file.is_as_it_stands and not kind.multiline and has_plain_lines(encoding)
    no_data = rows_above(text.head, above, kind) + kind.header
    pieces = noted.pieces(header=no_data, footer=kind.footer_lines) if can_be_cut else ()
    return FileFacts(header, encoding, file.compressed, text.is_nfc, "csv", pieces=pieces, lines_above=above)


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    blocks = line_blocks(file.plain, facts.encoding)
    is_first = piece is None or not piece.start
    if is_first:
        blocks = _without_lines(blocks, facts.lines_above)
    layout = Layout(
        kind.delimiter, kind.quote, len(facts.header), blank_letters(kind), kind.comment, kind.trailing_delimiter
    )
    split = rows_over_lines(blocks, layout) if kind.multiline else (rows_of_lines(block, layout) for block in blocks)
    if is_first and kind.header:
        split = _without_first(split)
    if piece is None or piece == facts.pieces[-1]:
        split = _without_last(split, kind.footer_lines)
    for some in split:
        yield by_name(some, kind, facts.header)


def _without_lines(blocks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The blocks after so many lines."""
    for block in blocks:
        lines = block.split(b"\n", count) if count else [block]
        count -= len(lines) - 1
        if lines[-1] and not count:
            yield lines[-1]


def _without_first(split: Iterator[Split]) -> Iterator[Split]:
    """The rows after the first one, which is the header."""
    is_past = False
    for some in split:
        yield some if is_past else some.slice(1)
        is_past = is_past or len(some) > 0


def _without_last(split: Iterator[Split], count: int) -> Iterator[Split]:
    """The rows without the last ones, which are the footer."""
    held: deque[Split] = deque()
    held_rows = 0
    for some in split:
        held.append(some)
        held_rows += len(some)
        while held and held_rows - len(held[0]) >= count:
            held_rows -= len(held[0])
            yield held.popleft()
    left = held_rows - count
    for some in held:
        if left > 0:
            yield some.slice(0, min(left, len(some)))
        left -= len(some)


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    copy_lines(file, target, rows, kind)


def _check_records(begun: str, text: Iterator[str], kind: FileKind) -> None:
    """Reads all the records. Raises RefusedError where a quoted value never ends: it would swallow the rest."""
    number, record = 0, [""]
    try:
        lines = _lines_and_end(chain([begun], text), kind)
        mark = kind.delimiter if len(kind.delimiter) == 1 else _UNIT
        for number, record in enumerate(records_of(lines, mark, kind.quote)):
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


def _lines_and_end(text: Iterator[str], kind: FileKind) -> Iterator[str]:
    """Lines with their ends, and after them a line that is a record of its own unless a quote is open."""
    rest = ""
    is_open = False
    for chunk in chain(text, ["\n"]):
        # The csv module takes no carriage return within a line, and no delimiter of several letters.
        lines = (rest + chunk).replace("\r", " ").split("\n")
        rest = lines.pop()
        for line in lines:
            if kind.comment and not is_open and line.startswith(kind.comment):
                continue
            is_open ^= bool(kind.quote) and line.count(kind.quote) % 2 == 1
            yield f"{line if len(kind.delimiter) == 1 else line.replace(kind.delimiter, _UNIT)}\n"
    yield _END
