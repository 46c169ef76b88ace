"""Files of one kind and one layout as rows of strings, each with its place in its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakehouse.bronze.columns import (
    Step,
    csv_line_columns,
    csv_record_columns,
    json_line_columns,
    parquet_columns,
    split_schema,
)
from lakehouse.bronze.files import Delivery, FileFacts
from lakehouse.bronze.inspect_bytes import MOST_COLUMNS, blank_letters
from lakehouse.engine.spark.options import options
from lakehouse.sources.model import FileKind

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODINGS = {"utf-8": "UTF-8", "iso8859-1": "ISO-8859-1"}
NATIVE_ENCODINGS = frozenset(_ENCODINGS)
"""What Spark decodes by itself."""
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
    facts, encoding = files[0].delivery.facts, files[0].encoding
    rows, columns = _rows(spark, kind, facts, encoding, [file.location for file in files])
    has_header_line = facts.form == "csv" and not kind.multiline
    numbered = _numbered(rows, _facts_frame(spark, files), first=0 if has_header_line else 1)
    return columns(numbered.where("_row_in_file > 0"))


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


def _rows(
    spark: SparkSession, kind: FileKind, facts: FileFacts, encoding: str, paths: list[str]
) -> tuple[DataFrame, Step]:
    """The rows as Spark's reader gives them, with their place, and the step that makes bronze columns of them."""
    reader = spark.read
    if facts.form == "parquet":
        schema = [T.StructField(name, one.read_as) for name, one in zip(facts.header, facts.shapes, strict=True)]
        table = reader.schema(T.StructType(schema)).parquet(*paths)
        fields = [F.col(f"`{name.replace('`', '``')}`").alias(f"c{place}") for place, name in enumerate(facts.header)]
        return _identified(_located(table, *fields)), parquet_columns(kind, facts.header, facts.shapes)
    if facts.form == "csv" and kind.multiline:
        options = _multiline_options(kind, facts, encoding)
        records = reader.schema(split_schema(len(facts.header))).options(**options).csv(paths)
        return _identified(_located(records, "*")), csv_record_columns(kind, facts.header)
    lines = _lines(_located(reader.text(paths, lineSep="\n"), "value"), kind, encoding)
    if facts.form == "jsonl":
        return _identified(lines), json_line_columns(kind)
    return _identified(lines), csv_line_columns(kind, facts.header)


def _multiline_options(kind: FileKind, facts: FileFacts, encoding: str) -> dict[str, str]:
    """How Spark reads a file whose values hold line breaks. Its header is known already and is passed over."""
    return {
        "header": "true",
        "multiLine": "true",
        "sep": kind.delimiter,
        "quote": kind.quote,
        "escape": kind.quote,
        "encoding": _ENCODINGS[encoding],
        "lineSep": "\r\n" if facts.layout == "crlf" else "\n",
        "maxColumns": str(MOST_COLUMNS + 100),
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": "_unsplit",
    }


def _lines(text: DataFrame, kind: FileKind, encoding: str) -> DataFrame:
    """Lines that are not blank, as `_line`. A carriage return ends none by itself: it may stand in a value."""
    line = F.col("value")
    if encoding != "utf-8":
        line = F.decode(line.cast("binary"), _ENCODINGS[encoding])
    lines = text.withColumn("_line", line).drop("value")
    without_return = F.substring("_line", 1, F.length("_line") - 1)
    lines = lines.withColumn(
        "_line", F.when(F.endswith("_line", F.lit("\r")), without_return).otherwise(F.col("_line"))
    )
    return lines.where(F.btrim("_line", F.lit(blank_letters(kind))) != "")


def _located(rows: DataFrame, *columns: str | Column) -> DataFrame:
    """With `_at` (the file's URI), `_block` (where the piece that a task reads starts), the file's size and time."""
    return rows.select(
        *columns,
        F.col("_metadata.file_path").alias("_at"),
        F.col("_metadata.file_block_start").alias("_block"),
        F.col("_metadata.file_size").alias("_bytes"),
        F.unix_millis("_metadata.file_modification_time").alias("_changed_at"),
    )


def _identified(rows: DataFrame) -> DataFrame:
    """With `_id`, which counts up within a piece of a file."""
    return rows.withColumn("_id", F.monotonically_increasing_id())


def _numbered(rows: DataFrame, facts: DataFrame, *, first: int) -> DataFrame:
    """With the facts of each row's file, and `_row_in_file`, counting from `first`.

    The rows of each piece of a file are counted first; their sum over the pieces before is where a piece starts.
    """
    pieces = rows.groupBy("_at", "_block").agg(
        F.min("_id").alias("_first_id"),
        F.count("*").alias("_count"),
        F.max("_bytes").alias("_bytes"),
        F.max("_changed_at").alias("_changed_at"),
    )
    before = Window.partitionBy("_at").orderBy("_block").rowsBetween(Window.unboundedPreceding, -1)
    start = F.coalesce(F.sum("_count").over(before), F.lit(0)) + F.lit(first)
    # The URI names what is not a plain letter by its bytes; a plus sign stands for itself.
    path = F.regexp_replace(F.url_decode(F.replace("_at", F.lit("+"), F.lit("%2B"))), "^file:/+", "/")
    places = pieces.select("_at", "_block", (start - F.col("_first_id")).alias("_shift"), path.alias("_location"))
    places = places.join(F.broadcast(facts), "_location")
    joined = rows.join(F.broadcast(places), ["_at", "_block"], "left")
    is_same = (F.col("_bytes") == F.col("_expected_bytes")) & (F.col("_changed_at") == F.col("_expected_changed_at"))
    number = F.when(is_same, F.col("_id") + F.col("_shift")).otherwise(
        F.raise_error(F.concat(F.lit("changed while it was being read; run again when it is whole: "), F.col("_at")))
    )
    return joined.withColumn("_row_in_file", number)


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
