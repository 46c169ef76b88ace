"""Files as rows of strings, each with its place in its file: one reader for all that reads files."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import pyarrow as pa

from lakehouse.bronze import streams
from lakehouse.bronze.files import Delivery, OpenedFile, Piece, RefusedError, UnreadFileError, instant
from lakehouse.bronze.formats.registry import format_of
from lakehouse.bronze.members import chunks_of
from lakehouse.bronze.opening import as_found, unreadable
from lakehouse.bronze.rows import TEXT, TEXTS, Rows
from lakehouse.delta.arrow_types import arrow_schema
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.model import Table

_WANTS = (errno.ENOSPC, errno.EDQUOT, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
"""What this machine lacks, as room for temporary files: no file is to blame."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is read in one go: a piece of a delivery, or all of it."""

    delivery: Delivery
    piece: Piece | None

    @property
    def bytes(self) -> int:
        return self.piece.bytes if self.piece else self.delivery.found.bytes


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows of one kind of file go to, and what they all carry."""

    kind: FileKind
    table: Table
    """The bronze table of the kind."""
    batch_id: int
    now: datetime

    @property
    def schema(self) -> pa.Schema:
        return arrow_schema(self.table)


def parts_of(deliveries: Iterable[Delivery]) -> list[Part]:
    return [Part(one, piece) for one in deliveries for piece in one.facts.pieces or (None,)]


def read_part(part: Part, target: Target) -> Iterator[pa.RecordBatch]:
    """One row for each row of the part, with the columns of the bronze table, in the file's order.

    Raises UnreadFileError where the file is no longer the one that was inspected, or cannot be read.
    """
    for first, rows in rows_of(part, target.kind):
        yield stamped(part, first, rows, target)


def rows_of(part: Part, kind: FileKind) -> Iterator[tuple[int, Rows]]:
    """The rows of a part, some at a time, each time with the place of the first of them in its file (from 1)."""
    place = 1 + (part.piece.rows_before if part.piece else 0)
    facts = part.delivery.facts
    with _opened(part) as file:
        for rows in format_of(facts.form).rows(file, kind, facts, part.piece):
            if len(rows):
                yield place, rows
            place += len(rows)


@contextmanager
def _opened(part: Part) -> Iterator[OpenedFile]:
    found, facts = part.delivery.found, part.delivery.facts
    try:
        with as_found(found) as file:
            chunks = _chunks(file, part.piece) if part.piece else chunks_of(file, found)
            yield OpenedFile(found, facts.compressed, streams.ungzipped(chunks) if facts.compressed else chunks)
    except RefusedError as refusal:
        raise UnreadFileError(found.path, refusal.rejection) from refusal
    except OSError as error:
        if error.errno in _WANTS:
            raise
        raise UnreadFileError(found.path, unreadable(error)) from error


def _chunks(file: IO[bytes], piece: Piece) -> Iterator[bytes]:
    file.seek(piece.start)
    left = piece.end - piece.start
    while left and (chunk := file.read(min(left, streams.CHUNK))):
        left -= len(chunk)
        yield chunk


def stamped(part: Part, first: int, rows: Rows, target: Target) -> pa.RecordBatch:
    """The rows as they stand in the bronze table, the first of them at that place of its file."""
    count, delivery = len(rows), part.delivery
    columns: Sequence[pa.Array] = [
        *rows.values,
        rows.rescued,
        rows.corrupt,
        pa.array([list(delivery.name_values.items())], TEXTS).take(pa.nulls(count, pa.int8()).fill_null(0)),
        *(
            pa.repeat(value, count)
            for value in (
                pa.scalar(instant(delivery.found.modified_at), pa.timestamp("us", "UTC")),
                pa.scalar(delivery.found.path, TEXT),
                pa.scalar(delivery.sha256, TEXT),
                pa.scalar(delivery.identity, TEXT),
            )
        ),
        pa.array(range(first, first + count), pa.int64()),
        pa.repeat(pa.scalar(target.batch_id, pa.int64()), count),
        pa.repeat(pa.scalar(target.now, pa.timestamp("us", "UTC")), count),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=target.schema)
