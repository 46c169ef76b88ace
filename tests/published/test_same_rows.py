"""Two tables are the same where each row is there as often, whatever the order; what differs is told by its columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from lakehouse.delta import duck
from lakehouse.published.same_rows import Difference, between, difference
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.model import Column, Field, Table
from tests.lakes import publish, write

TABLE = Table(
    "gold.sums",
    "one group of a day",
    ("day", "group"),
    tuple(
        Column(Field(name, "STRING", "of this test"), nullable=True) for name in ("day", "group", "total", "n", "_run")
    ),
)
ONE = ("1", "a", "2.50", "3", "r1")
NO_GROUP = ("1", None, "1.00", "1", "r1")


@pytest.fixture
def connection() -> Iterator[DuckDBPyConnection]:
    with duck.connect() as connection:
        yield connection


def rows(*values: tuple[str | None, ...]) -> str:
    def written(value: str | None) -> str:
        return "NULL" if value is None else f"'{value}'"

    lines = ", ".join(f"({', '.join(map(written, row))})" for row in values)
    return f'SELECT * FROM (VALUES {lines}) AS v(day, "group", total, n, _run)'


def test_the_order_of_rows_and_the_columns_of_a_run_do_not_count(connection: DuckDBPyConnection) -> None:
    other = rows(NO_GROUP, (*ONE[:4], "r2"))
    assert difference(connection, TABLE, rows(ONE, NO_GROUP), other) is None


def test_a_row_that_is_there_twice_is_one_too_many(connection: DuckDBPyConnection) -> None:
    assert difference(connection, TABLE, rows(ONE, ONE), rows(ONE)) == Difference("gold.sums", 1, 0, ())
    assert difference(connection, TABLE, rows(ONE), rows(ONE, ONE)) == Difference("gold.sums", 0, 1, ())


def test_the_columns_that_differ_under_a_key_are_named(connection: DuckDBPyConnection) -> None:
    other = rows(("1", "a", "2.51", "3", "r1"), NO_GROUP)
    assert difference(connection, TABLE, rows(ONE, NO_GROUP), other) == Difference("gold.sums", 1, 1, ("total",))


def test_a_key_with_null_is_a_key(connection: DuckDBPyConnection) -> None:
    other = rows(ONE, ("1", None, "1.00", None, "r1"))
    assert difference(connection, TABLE, rows(ONE, NO_GROUP), other) == Difference("gold.sums", 1, 1, ("n",))


def test_a_table_of_nothing_but_its_key_has_no_other_columns_to_name(connection: DuckDBPyConnection) -> None:
    keys = Table("gold.keys", "one day", ("day", "group"), TABLE.columns[:2])
    assert difference(connection, keys, rows(ONE), rows(NO_GROUP)) == Difference("gold.keys", 1, 1, ())


def test_the_newest_publications_of_two_lakes_are_held_against_each_other(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for lake, units in ((one, (1, 2)), (other, (1, 3))):
        for number, unit in enumerate(units, start=1):
            day = {"product_durable_key": 1, "full_date": date(2024, 1, 5), "units": unit}
            publish(lake, number, {PRODUCT_DAYS.name: write(lake, PRODUCT_DAYS, [day])})
    [found] = between(one, other, [PRODUCT_DAYS, DIM_DATE])
    assert (found.table, found.only_one, found.only_other, found.columns) == (PRODUCT_DAYS.name, 1, 1, ("units",))
    publish(other, 3, {PRODUCT_DAYS.name: 0})
    assert between(one, other, [PRODUCT_DAYS, DIM_DATE])[0].columns == ("units",)
    publish(one, 3, {PRODUCT_DAYS.name: 0})
    assert between(one, other, [PRODUCT_DAYS, DIM_DATE]) == []


def test_a_table_that_one_lake_alone_has_is_empty_in_the_other(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    day = {"product_durable_key": 1, "full_date": date(2024, 1, 5), "units": 1}
    publish(one, 1, {PRODUCT_DAYS.name: write(one, PRODUCT_DAYS, [day])})
    publish(other, 1, {})
    assert between(one, other, [PRODUCT_DAYS]) == [Difference(PRODUCT_DAYS.name, 1, 0, ())]
    assert between(other, one, [PRODUCT_DAYS]) == [Difference(PRODUCT_DAYS.name, 0, 1, ())]
