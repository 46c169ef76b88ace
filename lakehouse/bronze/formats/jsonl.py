"""JSON lines: one object on each line, which names its fields itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece
from lakehouse.bronze.formats.json_rows import check_objects, rows_of_texts
from lakehouse.bronze.formats.pieces import NotedPieces, has_plain_lines
from lakehouse.bronze.formats.text import HEAD, WatchedText, blank_letters, copy_lines, line_blocks
from lakehouse.bronze.rows import Rows
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.file_kind import FileKind

_LINES_TRIED = 20


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Without a header: only the first lines are held against the columns that are declared."""
    encoding = codec_name(kind.encoding)
    noted = NotedPieces(file.plain, blank_letters(kind))
    text = WatchedText(decoded(noted, encoding))
    text.finish()
    _check_first_lines(text.head, kind)
    pieces = noted.pieces(header=0) if file.is_as_it_stands and has_plain_lines(encoding) else ()
    # What is written as an escape is not seen here.
    is_nfc = text.is_nfc and not text.has_escape
    return FileFacts((), encoding, file.compressed, is_nfc, "jsonl", pieces=pieces)


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    """The fields of the JSON object on each line; a line that is not one object is corrupt."""
    for block in line_blocks(file.plain, facts.encoding):
        lines = (_without_return(line) for line in block.decode().removesuffix("\n").split("\n"))
        yield rows_of_texts([line for line in lines if line.strip(blank_letters(kind))], kind)


def _without_return(line: str) -> str:
    return line.removesuffix("\r")


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    copy_lines(file, target, rows, kind)


def _check_first_lines(head: str, kind: FileKind) -> None:
    """Raises RefusedError where none of the first lines is an object, or none of them has a declared column."""
    lines = [line for line in head.split("\n") if line.strip()]
    if len(head) >= HEAD:
        lines.pop()  # cut off
    hint = "one array: write one object on each line" if head.lstrip().startswith("[") else "not JSON lines"
    check_objects(lines[:_LINES_TRIED], kind, hint)
