"""A table read as its files is the table that Delta reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pyspark.sql import DataFrame

from lakehouse.lake import Lake
from lakehouse.lake.parquet_read import rows_by_files
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.gold.sales import GEOGRAPHY_SALES
from lakehouse.tables.silver import LINEAGE
from tests.lakes import Frame

pytestmark = pytest.mark.spark

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)


def months(rows: DataFrame | None) -> list[tuple[Any, ...]]:
    assert rows is not None
    return sorted(tuple(row) for row in rows.select("month_start", "country_name").collect())


def test_columns_that_partition_a_table_keep_their_type_and_place(lake: Lake, frame: Frame) -> None:
    given = [{"month_start": JANUARY, "country_name": "a"}, {"month_start": FEBRUARY, "country_name": "b"}]
    lake.overwrite(GEOGRAPHY_SALES, frame(GEOGRAPHY_SALES, *given))
    rows = rows_by_files(lake.spark, lake.path(GEOGRAPHY_SALES))
    assert rows is not None
    by_delta = lake.spark.read.format("delta").load(lake.path(GEOGRAPHY_SALES))
    assert [(f.name, f.dataType) for f in rows.schema] == [(f.name, f.dataType) for f in by_delta.schema]
    assert months(rows) == [(JANUARY, "a"), (FEBRUARY, "b")]
    assert months(rows.where("month_start = DATE'2024-02-01'")) == [(FEBRUARY, "b")]


def test_rows_stay_those_of_their_version_whatever_is_written_afterwards(lake: Lake, frame: Frame) -> None:
    lake.overwrite(GEOGRAPHY_SALES, frame(GEOGRAPHY_SALES, {"month_start": JANUARY, "country_name": "a"}))
    version, rows = lake.version(GEOGRAPHY_SALES), lake.read(GEOGRAPHY_SALES)
    lake.overwrite(GEOGRAPHY_SALES, frame(GEOGRAPHY_SALES, {"month_start": JANUARY, "country_name": "b"}))
    assert months(rows) == [(JANUARY, "a")]
    assert months(rows_by_files(lake.spark, lake.path(GEOGRAPHY_SALES), version)) == [(JANUARY, "a")]
    assert months(lake.read(GEOGRAPHY_SALES)) == [(JANUARY, "b")]


def test_rows_that_deletion_vectors_take_away_are_left_to_delta(lake: Lake, frame: Frame) -> None:
    told = [{"source_system": "s", "feed": "f", "unit_key": key} for key in ("a", "b", "c")]
    lake.append(LINEAGE, frame(LINEAGE, *told).coalesce(1))
    assert rows_by_files(lake.spark, lake.path(LINEAGE)) is not None
    lake.spark.sql(f"DELETE FROM delta.`{lake.path(LINEAGE)}` WHERE unit_key = 'b'")
    assert rows_by_files(lake.spark, lake.path(LINEAGE)) is None
    assert sorted(row["unit_key"] for row in lake.read(LINEAGE).collect()) == ["a", "c"]


def test_a_column_that_older_files_lack_is_null_in_their_rows(lake: Lake, frame: Frame) -> None:
    lake.overwrite(DIM_DATE, frame(DIM_DATE, {"full_date": JANUARY}))
    lake.spark.sql(f"ALTER TABLE delta.`{lake.path(DIM_DATE)}` ADD COLUMNS (moon STRING)")
    assert [row["moon"] for row in lake.read(DIM_DATE).collect()] == [None]


def test_a_table_without_files_has_no_rows_and_all_columns(lake: Lake) -> None:
    lake.ensure(GEOGRAPHY_SALES)
    assert lake.read(GEOGRAPHY_SALES).columns == list(GEOGRAPHY_SALES.column_names)
    assert lake.read(GEOGRAPHY_SALES).isEmpty()
