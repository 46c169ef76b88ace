"""Replacing rows of a table: what is new is judged against the rows as they were."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.tables.silver import FX_RATES


def test_rows_made_of_the_rows_that_they_replace_are_not_lost(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 1, 1))
    schema = ", ".join(f"{column.name} {column.type}" for column in FX_RATES.columns)
    row = {"source_system": "s", "currency": "EUR", "rate_date": date(2024, 1, 1), "exchange_rate": None}
    given = tuple(row.get(name) for name in FX_RATES.column_names)
    one = spark.createDataFrame([given], schema).withColumns(
        {
            "exchange_rate": F.lit(1).cast("decimal(18,8)"),
            "repairs": F.array().cast("array<string>"),
            "has_newer_quarantined": F.lit(False),
            **{name: F.lit("x") for name in ("_unit_key", "_file_sha256")},
            **{name: F.lit(1).cast("bigint") for name in ("_row_in_file", "_row_hash", "_batch_id")},
        }
    )
    lake.append(FX_RATES, one)
    present = lake.read(FX_RATES)
    doubled = (F.col("exchange_rate") * 2).cast("decimal(18,8)")
    lake.replace_rows(FX_RATES, present.withColumn("exchange_rate", doubled), present)
    assert [float(found["exchange_rate"]) for found in lake.read(FX_RATES).collect()] == [2.0]
