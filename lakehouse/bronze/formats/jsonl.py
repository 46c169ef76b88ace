"""JSON lines: one object on each line, which names its fields itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.json_fields import json_fields
from lakehouse.bronze.formats.pieces import NotedPieces, has_plain_lines
from lakehouse.bronze.formats.text import HEAD, WatchedText, blank_letters, copy_lines, line_blocks
from lakehouse.bronze.headers import check_names
from lakehouse.bronze.rows import TEXT, Rows, texts_of
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.reasons import FileReason

_LINES_TRIED = 20


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Without a header: only the first lines are held against the columns that are declared."""
    encoding = codec_name(kind.encoding)
    noted = NotedPieces(file.plain, blank_letters(kind))
    text = WatchedText(decoded(noted, encoding))
    text.finish()
    _check_first_lines(text.head, kind)
    pieces = noted.pieces(header=0) if not file.compressed and has_plain_lines(encoding) else ()
    # What is written as an escape is not seen here.
    is_nfc = text.is_nfc and not text.has_escape
    return FileFacts((), encoding, file.compressed, is_nfc, "jsonl", pieces=pieces)


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    """The fields of the JSON object on each line; a line that is not one object is corrupt."""
    for block in line_blocks(file.plain, facts.encoding):
        lines = (_without_return(line) for line in block.decode().removesuffix("\n").split("\n"))
        yield _rows([line for line in lines if line.strip(blank_letters(kind))], kind)


def _rows(lines: Sequence[str], kind: FileKind) -> Rows:
    found = [json_fields(line) for line in lines]
    objects = [fields or {} for fields in found]
    declared = frozenset(kind.columns)
    others = (
        [(name, text) for name, text in fields.items() if name not in declared and text is not None]
        for fields in objects
    )
    return Rows(
        [pa.array([fields.get(name) for fields in objects], TEXT) for name in kind.columns],
        texts_of(others),
        pa.array([line if fields is None else None for line, fields in zip(lines, found, strict=True)], TEXT),
    )


def _without_return(line: str) -> str:
    return line.removesuffix("\r")


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    copy_lines(file, target, rows, kind)


def _check_first_lines(head: str, kind: FileKind) -> None:
    """Raises RefusedError where none of the first lines is an object, or none of them has a declared column."""
    lines = [line for line in head.split("\n") if line.strip()]
    if len(head) >= HEAD:
        lines.pop()  # cut off
    objects = [fields for line in lines[:_LINES_TRIED] if (fields := json_fields(line)) is not None]
    if lines and not objects:
        hint = "one array: write one object on each line" if head.lstrip().startswith("[") else "not JSON lines"
        raise RefusedError(FileReason.NOT_JSON, f"None of the first lines is a JSON object; the file is {hint}")
    names = {name for fields in objects for name in fields}
    if objects and not names.intersection(kind.columns):
        check_names(sorted(names), kind)
