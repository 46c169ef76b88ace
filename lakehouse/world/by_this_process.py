"""Files under names of their own, written by this process for an engine that gives files no names.

The engine leaves its rows in Parquet; DuckDB puts them in order, on disk where they are many, and batches go to files.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import rmtree
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from lakehouse.delta import duck
from lakehouse.delta.quoting import identifier, literal

_ROWS = 20_000
"""In a batch: so many lines are in memory at once."""
_GZIP = b"\x1f\x8b\x08" + bytes(7)
"""How such a file begins where Java writes it: of no time and no system. zlib itself would name one."""


class Sink(Protocol):
    """One file, from its first rows to its last."""

    def write(self, rows: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


class _Lines:
    """Lines of the column `value`, compressed where the name says so, as by Spark's text files."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._zip = zlib.compressobj(wbits=-zlib.MAX_WBITS) if path.suffix == ".gz" else None
        self._sum, self._length = 0, 0
        if self._zip:
            self._file.write(_GZIP)

    def write(self, rows: pa.RecordBatch) -> None:
        data = "".join(f"{line}\n" for line in rows["value"].to_pylist()).encode()
        self._sum, self._length = zlib.crc32(data, self._sum), self._length + len(data)
        self._file.write(self._zip.compress(data) if self._zip else data)

    def close(self) -> None:
        if self._zip:
            self._file.write(self._zip.flush() + struct.pack("<II", self._sum, self._length % 2**32))
        self._file.close()


class _Rows:
    """Rows of typed columns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.RecordBatch) -> None:
        self._writer = self._writer or pq.ParquetWriter(self._path, rows.schema)
        self._writer.write_batch(rows)

    def close(self) -> None:
        if self._writer:
            self._writer.close()


def write_texts(rows: DataFrame, landing: Path, work: Path) -> int:
    """Writes `value` as the lines of the files `_file`, in the order of `_row`. Returns how many files there are."""
    return _write(rows, landing, work, _Lines)


def write_parquet(rows: DataFrame, landing: Path, work: Path) -> int:
    """Writes the other columns to the Parquet files `_file`, in the order of `_row`. Returns how many there are."""
    return _write(rows, landing, work, _Rows)


def _write(rows: DataFrame, landing: Path, work: Path, opened: Callable[[Path], Sink]) -> int:
    rows.write.mode("overwrite").parquet(str(work))
    names = [name for name in rows.columns if name not in ("_file", "_row")]
    current, sink, written = None, None, 0
    for name, batch in _in_order(work, names):
        if name != current:
            if sink:
                sink.close()
            target = landing / name
            target.parent.mkdir(parents=True, exist_ok=True)
            current, sink, written = name, opened(target), written + 1
        assert sink is not None
        sink.write(batch)
    if sink:
        sink.close()
    rmtree(work, ignore_errors=True)
    return written


def _in_order(folder: Path, names: list[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Rows of one file after another: in pieces, each with the name of its file."""
    files = [str(path) for path in sorted(folder.rglob("*.parquet"))]
    if not files:
        return
    with duck.connect() as connection:
        connection.execute(f"SET temp_directory = {literal(str(folder / '_sorted'))}")
        columns = ", ".join(map(identifier, names))
        query = f"SELECT _file, {columns} FROM read_parquet(?) ORDER BY _file, _row"
        for batch in connection.sql(query, params=[files]).to_arrow_reader(_ROWS):
            start = 0
            runs = batch["_file"].to_pylist()
            for end in range(1, len(runs) + 1):
                if end == len(runs) or runs[end] != runs[start]:
                    yield runs[start], batch.slice(start, end - start).select(names)
                    start = end
