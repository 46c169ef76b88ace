"""JSON lines: one object on each line, which names its fields itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyspark.sql import DataFrame, DataFrameReader
from pyspark.sql import functions as F

from lakehouse.bronze.columns import OF_THE_FILE, TEXTS, Step, unless_empty
from lakehouse.bronze.files import FileFacts, OpenedFile, RefusedError
from lakehouse.bronze.formats.json_fields import json_fields
from lakehouse.bronze.formats.text import HEAD, WatchedText, copy_lines, lines
from lakehouse.bronze.headers import check_names
from lakehouse.bronze.streams import codec_name, decoded
from lakehouse.sources.model import FileKind
from lakehouse.tables.reasons import FileReason

_LINES_TRIED = 20


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Without a header: only the first lines are held against the columns that are declared."""
    encoding = codec_name(kind.encoding)
    text = WatchedText(decoded(file.plain, encoding))
    text.finish()
    _check_first_lines(text.head, kind)
    # What is written as an escape is not seen here.
    return FileFacts((), encoding, file.compressed, is_nfc=text.is_nfc and not text.has_escape, form="jsonl")


def header_rows(kind: FileKind) -> int:
    return 0


def rows(reader: DataFrameReader, paths: Sequence[str], kind: FileKind, facts: FileFacts) -> DataFrame:
    return lines(reader, paths, kind, facts)


def columns(kind: FileKind, facts: FileFacts) -> Step:
    """The fields of the JSON object in `_line`; a line that is not one object goes to `_corrupt_record`."""

    def step(rows: DataFrame) -> DataFrame:
        fields = F.udf(json_fields, TEXTS, useArrow=True)
        rows = rows.withColumn("_fields", fields("_line"))
        others = F.map_filter("_fields", lambda name, value: ~name.isin(*kind.columns) & value.isNotNull())
        rows = rows.withColumn("_corrupt_record", F.when(F.col("_fields").isNull(), F.col("_line")))
        declared = (F.try_element_at("_fields", F.lit(name)).alias(name) for name in kind.columns)
        return rows.select(*declared, unless_empty(others).alias("_rescued"), *OF_THE_FILE)

    return step


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
