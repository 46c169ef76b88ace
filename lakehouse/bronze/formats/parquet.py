"""Parquet: columns with types, each value as the text that says the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import IO

import pyarrow as pa
from pyarrow import parquet

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.parquet_calendar import Rebase, rebase_of
from lakehouse.bronze.formats.parquet_checks import parquet_shapes
from lakehouse.bronze.formats.parquet_texts import texts
from lakehouse.bronze.formats.pieces import PIECE
from lakehouse.bronze.formats.seekable import seekable_file
from lakehouse.bronze.headers import known_as
from lakehouse.bronze.rows import Rows, Split, by_name
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.parquet.shapes import WRITTEN_BY_SPARK, unread_packing
from lakehouse.tables.reasons import FileReason

_ROWS_AT_ONCE = 1 << 14


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Names and types, which stand at the end of the file; gzip goes by way of a temporary file."""
    if not file.found.bytes:
        raise RefusedError(FileReason.EMPTY_FILE, "There is nothing in the file: have it exported again")
    with seekable_file(file) as seekable:
        found = parquet_shapes(seekable)
        _read_through(seekable)
        pieces = () if not file.is_as_it_stands else _pieces(parquet.ParquetFile(seekable).metadata, file.found.bytes)
    header, shapes = tuple(name for name, _ in found), tuple(shape for _, shape in found)
    return FileFacts(known_as(header, kind), "", file.compressed, form="parquet", shapes=shapes, pieces=pieces)


def _read_through(file: IO[bytes]) -> None:
    """Raises RefusedError where the file's values are damaged, which its names and types do not show."""
    try:
        for _ in parquet.ParquetFile(file, coerce_int96_timestamp_unit="us").iter_batches(_ROWS_AT_ONCE):
            pass
    except (pa.ArrowException, OSError, ValueError) as error:
        detail = f"The Parquet file is damaged ({str(error).splitlines()[0]}): send it again"
        raise RefusedError(FileReason.NOT_PARQUET, detail) from error


def _pieces(table: parquet.FileMetaData, size: int) -> tuple[Piece, ...]:
    """Groups of rows together up to the size of a piece; none where there is but one piece."""
    counts = [table.row_group(place).num_rows for place in range(table.num_row_groups)]
    before = list(accumulate(counts, initial=0))
    share = size // max(1, len(counts))
    together = max(1, PIECE // max(1, share))
    starts = range(0, len(counts), together)
    found = [
        Piece(start, min(start + together, len(counts)), before[start], share * min(together, len(counts) - start))
        for start in starts
    ]
    return tuple(found) if len(found) > 1 else ()


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    """The columns as text; an instant as ISO 8601 in UTC."""
    with seekable_file(file) as seekable:
        table = parquet.ParquetFile(seekable, coerce_int96_timestamp_unit="us")
        groups = range(piece.start, piece.end) if piece else range(table.num_row_groups)
        rebases = [rebase_of(table, place) for place in range(len(facts.header))]
        for batch in table.iter_batches(_ROWS_AT_ONCE, row_groups=list(groups)):
            yield by_name(_split(batch, facts, rebases), kind, facts.header)


def _split(batch: pa.RecordBatch, facts: FileFacts, rebases: list[Rebase]) -> Split:
    columns = zip(batch.columns, facts.shapes, rebases, strict=True)
    return Split.whole([texts(*column) for column in columns], batch.num_rows)


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    """What a run refuses is refused here in the same words, so columns and what the file says of itself must stay.

    Copied whole is a file of which a shorter one would not have the same columns.
    """
    try:
        source = parquet.ParquetFile(file)
        if not _has_times_to_look_through(source):
            batches = list(islice(source.iter_batches(batch_size=rows), 1))
            parquet.write_table(pa.Table.from_batches(batches, source.schema_arrow), target)
            if _stored_as(source) == _stored_as(parquet.ParquetFile(target)):
                return
    except (pa.ArrowException, OSError):
        pass  # no Parquet, or Parquet that is not read here: the run says what is wrong
    shutil.copyfile(file, target)


def _has_times_to_look_through(file: parquet.ParquetFile) -> bool:
    """Whether a single time anywhere in the file can be why the whole of it is refused."""
    footer = file.metadata.metadata or {}
    columns = map(file.schema.column, range(len(file.schema)))
    return (
        footer.get(WRITTEN_BY_SPARK, b"9") < b"3.1.0"
        or any(key.startswith(b"org.apache.spark.legacy") for key in footer)
        or any(one.physical_type == "INT96" or "timeUnit=milliseconds" in str(one.logical_type) for one in columns)
    )


def _stored_as(file: parquet.ParquetFile) -> list[object]:
    """What decides whether and how the columns are read."""
    schema, metadata = file.schema, file.metadata
    stored = [(one.path, one.physical_type, str(one.logical_type)) for one in map(schema.column, range(len(schema)))]
    return [*stored, *sorted((metadata.metadata or {}).items()), *unread_packing(file)]
