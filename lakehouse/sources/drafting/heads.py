"""The first rows of files, as files of the same names: small enough to try a source on."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from lakehouse.sources.model import FileKind
from lakehouse.sources.parquet.shapes import WRITTEN_BY_SPARK, unread_packing

_GZIP = b"\x1f\x8b"


def copy_head(file: Path, target: Path, rows: int, kind: FileKind | None) -> None:
    """Copies the file's first rows (and its header) to `target`, zipped as it is, with its time of modification.

    A file of no known kind is taken to be text. Copied whole are UTF-16 and the like, whose lines are not bytes' lines,
    and Parquet of which a shorter file would not have the same columns.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind and kind.read_as(file.name) == "parquet":
        _copy_parquet(file, target, rows)
    elif kind and kind.encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
        shutil.copyfile(file, target)
    else:
        quote = kind.quote.encode() if kind and kind.multiline else b""
        opened = gzip.open if _is_gzip(file) else open
        with opened(file, "rb") as source, opened(target, "wb") as out:
            out.writelines(islice(_records(source, quote), rows + 1))
    modified = file.stat()
    os.utime(target, ns=(modified.st_atime_ns, modified.st_mtime_ns))


def _is_gzip(file: Path) -> bool:
    with file.open("rb") as start:
        return start.read(len(_GZIP)) == _GZIP


def _records(lines: Iterable[bytes], quote: bytes) -> Iterator[bytes]:
    """Lines, joined while a quoted value that began in one of them has not ended."""
    held = b""
    for line in lines:
        held += line
        if not quote or held.count(quote) % 2 == 0:
            yield held
            held = b""
    if held:
        yield held


def _copy_parquet(file: Path, target: Path, rows: int) -> None:
    """What a run refuses is refused here in the same words, so columns and what the file says of itself must stay."""
    try:
        source = parquet.ParquetFile(file)
        if not _has_times_to_look_through(source):
            batches = list(islice(source.iter_batches(batch_size=rows), 1))
            parquet.write_table(pa.Table.from_batches(batches, source.schema_arrow), target)
            if _columns(source) == _columns(parquet.ParquetFile(target)):
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


def _columns(file: parquet.ParquetFile) -> list[object]:
    """What decides whether and how the columns are read."""
    schema, metadata = file.schema, file.metadata
    stored = [(one.path, one.physical_type, str(one.logical_type)) for one in map(schema.column, range(len(schema)))]
    return [*stored, *sorted((metadata.metadata or {}).items()), *unread_packing(file)]
