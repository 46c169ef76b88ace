"""What one pass over the rows of a table counts, and that it counts the same by either engine."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.gold import DIM_DATE, DIM_GEOGRAPHY
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED
from lakehouse.tables.silver import ORDER_LINES, QUARANTINE
from quality.checks.rows import ROWS
from quality.gate import check
from quality.gx.row_pass import counted, rows_against, rows_without
from quality.gx.suites import conditions_of
from quality.heads import Heads
from quality.verdicts import Refused
from tests.lakes import write
from tests.quality.star import AS_OF, NOW, Star


def pass_over(heads: Heads, table: Table) -> pd.DataFrame:
    counts = counted(heads, table, list(conditions_of(table).values()))
    heads.release()
    return counts


def lake_of(spark: SparkSession, root: Path) -> Lake:
    return Lake(spark, root, run_id="r", as_of=AS_OF)


@pytest.mark.parametrize("table", [one for one in PUBLISHED if conditions_of(one)], ids=lambda one: one.name)
def test_duckdb_and_spark_count_the_same(spark: SparkSession, tmp_path: Path, table: Table) -> None:
    sound = Star().rows.get(table.name, [])
    write(tmp_path, table, [{}, *sound])
    lake = lake_of(spark, tmp_path)
    by_duckdb, by_spark = (pass_over(Heads(lake, one_process=most), table) for most in (2**30, -1))
    assert by_duckdb.to_dict("records") == by_spark.to_dict("records")


@pytest.mark.parametrize(
    ("table", "rule", "sound", "broken"),
    [
        (ORDER_LINES, "currency_is_a_code", {"currency": "GBP"}, [{"currency": "gbp"}, {"currency": "GBPS"}]),
        (
            ORDER_LINES,
            "month_of_its_day",
            {"order_date": date(2024, 2, 29), "order_month": date(2024, 2, 1)},
            [{"order_date": date(2024, 2, 29), "order_month": date(2024, 2, 29)}],
        ),
        (
            ORDER_LINES,
            "gross_is_quantity_times_price",
            {"quantity": 3, "unit_price": Decimal("99999999.9999"), "gross_revenue": Decimal("299999999.9997")},
            [{"quantity": 3, "unit_price": Decimal("1.1111"), "gross_revenue": Decimal("3.3334")}],
        ),
        (
            ORDER_LINES,
            "gross_is_as_stated",
            {"gross_amount": Decimal(10), "gross_revenue": Decimal(10), "unit_price": Decimal(3), "quantity": 3},
            [{"gross_amount": Decimal(10), "gross_revenue": Decimal(9), "unit_price": Decimal(3), "quantity": 3}],
        ),
        (QUARANTINE, "reasons_are_named", {"reasons": ["a"]}, [{"reasons": ["a", ""]}]),
        (QUARANTINE, "has_a_reason", {"reasons": ["a"]}, [{"reasons": []}]),
        (
            DIM_DATE,
            "key_is_the_day",
            {"full_date": date(2024, 2, 9), "date_key": 20240209},
            [{"full_date": date(2024, 2, 9), "date_key": 20240210}],
        ),
        (
            DIM_DATE,
            "week_holds_the_day",
            {"full_date": date(2024, 2, 11), "week_start": date(2024, 2, 5)},
            [{"full_date": date(2024, 2, 12), "week_start": date(2024, 2, 5)}],
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
@pytest.mark.parametrize("most", [2**30, -1], ids=["by DuckDB", "by Spark"])
def test_rows_that_break_a_condition_are_counted(
    spark: SparkSession, tmp_path: Path, most: int, table: Table, rule: str, sound: dict[str, Any], broken: list[Any]
) -> None:
    write(tmp_path, table, [sound, *broken])
    counts = pass_over(Heads(lake_of(spark, tmp_path), one_process=most), table)
    assert counts[rows_against(conditions_of(table)[rule])].tolist() == [len(broken)]


def test_every_condition_of_the_business_is_of_a_published_table() -> None:
    assert set(ROWS) <= {table.name for table in PUBLISHED}


def test_a_value_that_is_missing_is_counted(spark: SparkSession, tmp_path: Path) -> None:
    optional = replace(DIM_GEOGRAPHY, columns=tuple(replace(one, nullable=True) for one in DIM_GEOGRAPHY.columns))
    write(tmp_path, optional, [{"geography_key": 1}, {}])
    counts = pass_over(Heads(lake_of(spark, tmp_path)), DIM_GEOGRAPHY)
    assert counts[rows_without("geography_key")].tolist() == [1]


def test_a_table_without_a_declared_column_is_refused(spark: SparkSession, tmp_path: Path) -> None:
    lake = Star().staged(spark, tmp_path)
    shutil.rmtree(lake.path(DIM_GEOGRAPHY))
    write(tmp_path, replace(DIM_GEOGRAPHY, columns=DIM_GEOGRAPHY.columns[:-1]), [{"geography_key": 1}])
    with pytest.raises(Refused) as refused:
        check(Heads(lake), now=NOW)
    name = DIM_GEOGRAPHY.columns[-1].name
    said = {one.rule: one.observed for one in refused.value.failures if one.table == DIM_GEOGRAPHY.name}
    assert said["gold.dim_geography.types"] == f"{name} is missing"
    assert said["gold.dim_geography.not_null"] == "not counted: a column is missing"
