from pathlib import Path

import pytest

from dashboard.data.answers import Answers
from dashboard.data.shelf import Shelf
from lakehouse.published import PublishedLake, open_published
from lakehouse.tables import gold
from tests.lakes import publish, write

QUESTION = "SELECT date_key FROM gold.dim_date WHERE date_key > $least ORDER BY 1"
TABLES = ("gold.dim_date",)


@pytest.fixture
def lake(tmp_path: Path) -> PublishedLake:
    rows = [{"date_key": 20240101 + at} for at in range(9)]
    publish(tmp_path, 1, {"gold.dim_date": write(tmp_path, gold.DIM_DATE, rows)})
    return open_published(tmp_path)


def test_a_small_table_answers_from_memory_as_from_its_files(lake: PublishedLake):
    shelf = Shelf(lake)
    assert shelf.holds(TABLES)
    held = shelf.sql("FROM gold.dim_date ORDER BY date_key", {}).to_arrow_table()
    assert held == lake.sql("FROM gold.dim_date ORDER BY date_key").to_arrow_table()
    assert shelf.sql(QUESTION, {"least": 20240107}).fetchall() == [(20240108,), (20240109,)]


def test_a_table_that_is_held_stays_as_it_was_published(lake: PublishedLake):
    answers = Answers(lake)
    write(lake.lake, gold.DIM_DATE, [{"date_key": 20250101}])
    assert answers.ask(QUESTION, least=20240108).table.column("date_key").to_pylist() == [20240109]


@pytest.mark.parametrize("limits", [{"most_cells": 9}, {"most_of_one": 9}])
def test_what_is_too_large_is_read_from_its_files(lake: PublishedLake, limits: dict[str, int]):
    assert not Shelf(lake, **limits).holds(TABLES)


def test_tables_of_ops_change_and_are_never_held(lake: PublishedLake):
    assert not Shelf(lake).holds(("ops.publications",))
    assert not Shelf(lake).holds((*TABLES, "ops.publications"))
    assert not Shelf(lake).holds(())
