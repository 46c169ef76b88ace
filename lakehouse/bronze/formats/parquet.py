"""Parquet: columns with types, each value as the text that says the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet
from pyspark.sql import DataFrame, DataFrameReader
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.bronze.columns import Step, by_name
from lakehouse.bronze.files import FileFacts, OpenedFile, RefusedError
from lakehouse.bronze.formats.parquet_checks import parquet_shapes
from lakehouse.bronze.formats.parquet_texts import text_of
from lakehouse.bronze.headers import check_names
from lakehouse.bronze.places import located
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.sources.model import FileKind
from lakehouse.sources.parquet.shapes import WRITTEN_BY_SPARK, unread_packing
from lakehouse.tables.reasons import FileReason


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Names and types, which stand at the end of the file; gzip goes by way of a temporary file."""
    if not file.found.bytes:
        raise RefusedError(FileReason.EMPTY_FILE, "There is nothing in the file: have it exported again")
    with tempfile.TemporaryFile() if file.compressed else open(file.found.location, "rb") as seekable:
        if file.compressed:
            seekable.writelines(file.plain)
        found = parquet_shapes(seekable)
    header, shapes = tuple(name for name, _ in found), tuple(shape for _, shape in found)
    check_names(header, kind)
    return FileFacts(header, "", file.compressed, layout=repr(found), form="parquet", shapes=shapes)


def header_rows(kind: FileKind) -> int:
    return 0


def rows(reader: DataFrameReader, paths: Sequence[str], kind: FileKind, facts: FileFacts) -> DataFrame:
    schema = [T.StructField(name, one.read_as) for name, one in zip(facts.header, facts.shapes, strict=True)]
    table = reader.schema(T.StructType(schema)).parquet(*paths)
    fields = [sent_column(name).alias(f"c{place}") for place, name in enumerate(facts.header)]
    return located(table, *fields)


def columns(kind: FileKind, facts: FileFacts) -> Step:
    """The columns of Parquet as text; an instant as ISO 8601 in UTC."""

    def step(rows: DataFrame) -> DataFrame:
        values = [text_of(F.col(f"c{place}"), shape) for place, shape in enumerate(facts.shapes)]
        rows = rows.withColumn("_corrupt_record", F.lit(None).cast("string"))
        return by_name(rows, kind, facts.header, values)

    return step


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
