"""What Parquet files say of their columns beside the rows: nothing of those that identify a person."""

from __future__ import annotations

from collections.abc import Iterable

from pyspark.sql import SparkSession

from lakehouse.tables.fields import FIELDS

_STATISTICS = "parquet.column.statistics.enabled#"
"""With the name of a column behind it: of tables, Spark's writer of Parquet knows nothing."""


def without_personal() -> dict[str, str]:
    """Settings of a session under which files keep no least and greatest value of personal columns."""
    return {f"spark.hadoop.{_STATISTICS}{name}": "false" for name, field in FIELDS.items() if field.personal}


def without(spark: SparkSession, columns: Iterable[str]) -> None:
    """The same of these columns, for what this session writes from now on."""
    for name in columns:
        spark.conf.set(f"{_STATISTICS}{name}", "false")
