"""A table of an earlier layout, whose column was narrower, is brought to the types that are declared now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.model import Column, Table
from lakehouse.tables.silver import ORDER_LINES
from tests.lakes import arrow

WIDE = ORDER_LINES
BEYOND_INT = 14_000_000_000_001


def narrower(table: Table) -> Table:
    columns = (
        Column(replace(one.field, type="INT"), one.nullable) if one.name == "line_number" else one
        for one in table.columns
    )
    return replace(table, columns=tuple(columns))


NARROW = narrower(ORDER_LINES)


def line(number: int) -> dict[str, object]:
    day = date(2024, 3, 1)
    return {"order_id": "1", "line_number": number, "order_month": day, "order_status": "completed", "quantity": 1}


def write(lake: Lake, table: Table, *numbers: int) -> None:
    rows = arrow(table, [line(number) for number in numbers])
    write_deltalake(lake.path(table), rows, mode="append")


def numbers(lake: Lake, version: int | None = None) -> tuple[str, list[int]]:
    """The type of the numbers of lines, and these."""
    rows = lake.read_version(ORDER_LINES, version).select("line_number")
    return rows.dtypes[0][1], sorted(row[0] for row in rows.collect())


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    """A lake that was published when lines had narrower numbers."""
    before = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 4, 1))
    before.ensure(NARROW)
    write(before, NARROW, 1, 2)
    publish(before, batches=[], configuration={}, now=datetime(2024, 4, 1, tzinfo=UTC))
    return Lake(spark, tmp_path, run_id="s", as_of=date(2024, 4, 1))


def test_rows_are_kept_under_the_declared_types_with_all_that_the_table_promises(lake: Lake) -> None:
    path, published = lake.path(WIDE), lake.version(WIDE)
    before = DeltaTable(path).metadata()
    assert not lake.changes(WIDE)
    lake.ensure(WIDE)
    write(lake, WIDE, BEYOND_INT)
    assert numbers(lake) == ("bigint", [1, 2, BEYOND_INT])
    after = DeltaTable(path).metadata()
    assert (after.partition_columns, after.description) == (before.partition_columns, before.description)
    assert before.configuration.items() <= after.configuration.items()
    assert numbers(lake, published) == ("int", [1, 2])
    assert lake.changes(WIDE).everything
    assert lake.was_retyped(WIDE)


def test_a_table_of_the_declared_types_is_left_alone(lake: Lake) -> None:
    lake.ensure(WIDE)
    version = lake.version(WIDE)
    lake.ensure(WIDE)
    assert lake.version(WIDE) == version


def test_a_run_that_did_not_publish_starts_again_from_the_narrower_table(lake: Lake) -> None:
    lake.ensure(WIDE)
    write(lake, WIDE, BEYOND_INT)
    assert lake.start_from_published([WIDE]) == [WIDE.name]
    assert numbers(lake) == ("int", [1, 2])
    lake.ensure(WIDE)
    assert numbers(lake) == ("bigint", [1, 2])
    assert lake.changes(WIDE).everything
