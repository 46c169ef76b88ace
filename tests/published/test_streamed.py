"""An answer of any length is handed out within the bounds of a query."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

import duckdb
import pytest
from deltalake import write_deltalake
from pyarrow import table

from lakehouse.published import Limits, open_published
from tests.lakes import publish


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    write_deltalake(tmp_path / "gold/names", table({"name": ["a", "b"]}))
    publish(tmp_path, 1, {"gold.names": 0})
    return tmp_path


def test_the_first_rows_come_before_the_last_are_worked_out(lake: Path) -> None:
    with open_published(lake, limits=Limits(seconds=2)) as published:
        rows = published.rows("SELECT * FROM range(100_000_000_000)")
        assert list(islice(rows, 1001)) == [(place,) for place in range(1001)]


def test_who_is_slow_in_taking_rows_is_not_stopped(lake: Path) -> None:
    with open_published(lake, limits=Limits(seconds=0.5)) as published:
        rows = published.rows("SELECT * FROM range(5000)")
        assert next(rows) == (0,)
        time.sleep(0.7)
        assert len(list(rows)) == 4999


def test_a_query_that_gives_no_row_in_time_is_stopped(lake: Path) -> None:
    with (
        open_published(lake, limits=Limits(seconds=0.3)) as published,
        pytest.raises(duckdb.InterruptException),
    ):
        list(published.rows("SELECT sum(a.range * b.range) FROM range(10_000_000) a, range(10_000_000) b"))


def test_all_rows_come_in_their_order(lake: Path) -> None:
    with open_published(lake) as published:
        assert list(published.rows("SELECT name FROM gold.names ORDER BY name DESC")) == [("b",), ("a",)]
        assert ("gold.names",) in list(published.rows("SHOW TABLES"))
        assert list(published.rows("SELECT 1 WHERE false")) == []
        assert len(list(published.rows("SELECT * FROM range(2500)"))) == 2500
