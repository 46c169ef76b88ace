"""Texts that stay texts, rows that stay, and patterns with one mark."""

from __future__ import annotations

from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.tables.model import Field
from tests.sources.mapping.typed_at_once import typed


def test_a_text_stays_as_it_is_and_an_empty_one_is_none(spark: SparkSession) -> None:
    kind = FileKind(pattern=("x",), columns=("t",))
    values = [
        typed(spark_literal(text), "string", Field("t", "STRING", ""), kind, "UTC", default=None, required=False).value
        for text in ("A 1", "")
    ]
    assert tuple(spark.range(1).select(*values).collect()[0]) == ("A 1", None)


def test_a_pattern_with_one_mark_reads(spark: SparkSession) -> None:
    kind = FileKind(pattern=("x",), columns=("t",), date_formats=("yyyyMM/dd",))
    read = [
        typed(spark_literal(text), "string", Field("t", "DATE", ""), kind, "UTC", default=None, required=False).value
        for text in ("202405/03", "20240503")
    ]
    assert tuple(spark.range(1).select(*read).collect()[0]) == (date(2024, 5, 3), None)


def test_rows_without_a_reason_to_leave_them_out_are_kept(spark: SparkSession) -> None:
    rows = spark.createDataFrame([(1, None), (2, "a test")], "id INT, _left_out STRING")
    assert [row["id"] for row in rows.where(is_kept()).select(F.col("id")).collect()] == [1]
