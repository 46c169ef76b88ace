"""A rule's expression is written down alike by both engines: its fingerprint must not hang on which one runs."""

from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.engine.text_of import text_of
from tests.conftest import speaking_connect


def written() -> list[str]:
    column = F.col("a")
    return [
        text_of(one)
        for one in (~(column == F.lit("x")), column.isNull() | (column > 1), F.lit(True), F.coalesce("a", F.lit(2)))
    ]


def test_an_expression_reads_alike_on_both_engines(classic: SparkSession, sail: SparkSession) -> None:
    by_spark = written()
    with speaking_connect():
        assert written() == by_spark
