"""One sheet of a workbook: a row above names the columns, as in CSV, and each cell is the text that says its value."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import pyarrow as pa

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.seekable import seekable_file
from lakehouse.bronze.formats.workbook import Row, damage_named, rows_of_sheet
from lakehouse.bronze.headers import declared_in_order, known_as, missing_columns
from lakehouse.bronze.rows import TEXT, Rows, Split, by_name
from lakehouse.sources.file_kind import TO_HEADER, FileKind
from lakehouse.tables.reasons import FileReason

_ROWS_AT_ONCE = 1 << 12
_ROWS_LOOKED_FOR_HEADER = 10_000


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Reads all of the sheet: how many columns there are the widest row says."""
    with seekable_file(file) as seekable, damage_named():
        found = rows_of_sheet(seekable, kind.sheet, looks_through=True)
        above, first, rest = _start(found, kind)
        if first is None:
            detail = f"There is nothing in sheet {kind.sheet} of the workbook: declare another `sheet`"
            raise RefusedError(FileReason.EMPTY_FILE, detail)
        width = max(map(len, chain([first], rest)))
    names = [name or "" for name in first] + [""] * (width - len(first))
    header = known_as(names, kind) if kind.header else declared_in_order(width, kind)
    return FileFacts(header, "", file.compressed, form="xlsx", lines_above=above)


def _start(rows: Iterator[Row], kind: FileKind) -> tuple[int, Row | None, Iterator[Row]]:
    """How many rows stand above the first that counts (the header, where there is one), that row, and those after."""
    seen: deque[Row] = deque()
    skipped = 0 if kind.skip_lines == TO_HEADER else int(kind.skip_lines)
    for place, row in enumerate(rows):
        seen.append(row)
        if place < skipped or not any(row):
            continue
        if kind.skip_lines != TO_HEADER:
            return place, row, rows
        if not missing_columns([name or "" for name in row], kind):
            return place, row, rows
        if place >= _ROWS_LOOKED_FOR_HEADER:
            break
    # What is missing is said of the first row that holds something.
    first = next((row for row in list(seen)[skipped:] if any(row)), None)
    return 0, first, chain(seen, rows)


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    with seekable_file(file) as seekable, damage_named():
        found = rows_of_sheet(seekable, kind.sheet, looks_through=False)
        below = (row for place, row in enumerate(found) if place >= facts.lines_above + kind.header and any(row))
        for some in _portions(_without_last(below, kind.footer_lines)):
            yield by_name(_split(some, len(facts.header)), kind, facts.header)


def _without_last(rows: Iterable[Row], count: int) -> Iterator[Row]:
    held: deque[Row] = deque()
    for row in rows:
        held.append(row)
        if len(held) > count:
            yield held.popleft()


def _portions(rows: Iterable[Row]) -> Iterator[list[Row]]:
    portion: list[Row] = []
    for row in rows:
        portion.append(row)
        if len(portion) == _ROWS_AT_ONCE:
            yield portion
            portion = []
    yield portion


def _split(rows: list[Row], width: int) -> Split:
    columns = [pa.array([row[place] if place < len(row) else None for row in rows], TEXT) for place in range(width)]
    return Split.whole(columns, len(rows))


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    """All of it: a workbook is one thing."""
    shutil.copyfile(file, target)
