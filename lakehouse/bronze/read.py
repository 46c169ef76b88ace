"""Files of one kind and one layout as rows of strings, each with its place in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pyspark.sql import DataFrame, SparkSession

from lakehouse.bronze.files import Delivery
from lakehouse.bronze.formats.registry import FORMATS
from lakehouse.bronze.places import identified, numbered
from lakehouse.engine.spark.options import options
from lakehouse.sources.model import FileKind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN_COST = 1 << 17
"""Bytes that opening a file counts for. With Spark's 4 MB, 32 small files would make a task."""


@dataclass(frozen=True, slots=True)
class ReadableFile:
    """A delivery and what Spark reads for it: the file itself, or a copy in plain UTF-8."""

    delivery: Delivery
    location: str
    bytes: int
    modified_at: int
    """Microseconds since 1970."""
    encoding: str


def read_files(spark: SparkSession, kind: FileKind, files: Sequence[ReadableFile]) -> DataFrame:
    """One row for each row of the files, which agree in kind, format, `encoding`, header and layout.

    Columns: those that the kind declares, as text; `_rescued`, `_corrupt_record`, `_name_values`,
    `_file_modified_at`, `_source_file`, `_file_sha256`, `_file_delivery`, `_row_in_file` (from 1, in the file's
    order). Reading raises where a file is no longer the one that was inspected. Use it within `steady_splits`.
    """
    facts = replace(files[0].delivery.facts, encoding=files[0].encoding)
    form = FORMATS[facts.form]
    rows = identified(form.rows(spark.read, [file.location for file in files], kind, facts))
    rows = numbered(rows, _facts_frame(spark, files), first=1 - form.header_rows(kind))
    return form.columns(kind, facts)(rows.where("_row_in_file > 0"))


@contextmanager
def steady_splits(spark: SparkSession) -> Iterator[None]:
    """Files are cut into the same pieces each time they are read, and small ones share a task.

    Rows are numbered by counting first and reading afterwards, so executors that join in between must not change
    the pieces.
    """
    wanted = {
        "spark.sql.files.minPartitionNum": str(spark.sparkContext.defaultParallelism),
        "spark.sql.files.openCostInBytes": str(_OPEN_COST),
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": str(spark.sparkContext.defaultParallelism),
        "spark.sql.legacy.parquet.nanosAsLong": "true",  # pandas writes nanoseconds, which Spark has no type for
    }
    with options(spark, wanted):
        yield


def _facts_frame(spark: SparkSession, files: Sequence[ReadableFile]) -> DataFrame:
    """One row for each file, by the path that Spark reads."""
    rows = [
        (
            file.location,
            file.bytes,
            file.modified_at // 1000,
            file.delivery.found.path,
            file.delivery.sha256,
            file.delivery.identity,
            EPOCH + timedelta(microseconds=file.delivery.found.modified_at),
            dict(file.delivery.name_values),
        )
        for file in files
    ]
    return spark.createDataFrame(
        rows,
        "_location STRING, _expected_bytes BIGINT, _expected_changed_at BIGINT, _source_file STRING,"
        " _file_sha256 STRING, _file_delivery STRING, _file_modified_at TIMESTAMP, _name_values MAP<STRING, STRING>",
    )
