"""Tables of many rows are written from files of the engine: the same tables, by the same rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deltalake.exceptions import DeltaError
from pyspark.sql import functions as F

from lakehouse.delta.log import head_version
from lakehouse.lake import Lake, arrow_keeper, arrow_writer
from lakehouse.lake.arrow_keeper import ArrowKeeper
from lakehouse.lake.streaming_writer import StreamingWriter
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.gold.customers import CUSTOMER_RFM
from lakehouse.tables.gold.sales import GEOGRAPHY_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.silver import CUSTOMERS
from tests.lake.of_each_type import FEBRUARY, JANUARY, OF_EACH_TYPE, SCORES
from tests.lakes import Frame


@pytest.fixture
def streaming(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """Each table has more rows behind it than may be held."""
    monkeypatch.setattr(arrow_keeper, "MOST_HELD", -1)
    lake._keeper = ArrowKeeper(lake.engine)
    return lake


def rows_of(lake: Lake, table: Table) -> list[str]:
    return sorted(str(row) for row in lake.read(table).select(*table.column_names).collect())


@pytest.mark.parametrize(("table", "rows"), OF_EACH_TYPE)
def test_a_table_is_the_same_by_files_as_from_memory(
    streaming: Lake, frame: Frame, table: Table, rows: list[dict[str, Any]]
) -> None:
    streaming.overwrite(table, frame(table, *rows))
    by_files = rows_of(streaming, table)
    arrow_writer.replace(streaming.path(table), table, frame(table, *rows))
    assert by_files == rows_of(streaming, table)
    assert len(by_files) == len(rows)


def test_who_writes_follows_from_the_rows_behind_a_table(lake: Lake) -> None:
    lake.ensure(CUSTOMERS)
    keeper, path = ArrowKeeper(lake.engine), lake.path(CUSTOMERS)
    assert keeper.writer(path, CUSTOMERS, lambda: arrow_keeper.MOST_HELD) is arrow_writer
    assert isinstance(keeper.writer(path, CUSTOMERS, lambda: arrow_keeper.MOST_HELD + 1), StreamingWriter)


def test_months_are_replaced_and_others_stay(streaming: Lake, frame: Frame) -> None:
    both = [{"month_start": month, "country_name": "old"} for month in (JANUARY, FEBRUARY)]
    streaming.overwrite(GEOGRAPHY_SALES, frame(GEOGRAPHY_SALES, *both))
    new = frame(GEOGRAPHY_SALES, {"month_start": FEBRUARY, "country_name": "new"})
    streaming.replace_where(GEOGRAPHY_SALES, new, "month_start = DATE'2024-02-01'")
    found = streaming.read(GEOGRAPHY_SALES).select("month_start", "country_name").collect()
    assert sorted(map(tuple, found)) == [(JANUARY, "old"), (FEBRUARY, "new")]


def test_what_is_there_already_is_not_written_again(streaming: Lake, frame: Frame) -> None:
    table = next(one for one in (GEOGRAPHY_SALES, CUSTOMER_RFM, DIM_DATE) if not one.change_feed)
    row: dict[str, Any] = SCORES if table is CUSTOMER_RFM else {}
    streaming.overwrite(table, frame(table, row))
    there = head_version(streaming.path(table))
    assert streaming.replace_all(table, frame(table, row)) is False
    assert head_version(streaming.path(table)) == there
    assert streaming.replace_all(table, frame(table, row, row)) is True
    assert len(rows_of(streaming, table)) == 2


def test_no_rows_make_no_commit(streaming: Lake, frame: Frame) -> None:
    streaming.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "a"}))
    there = head_version(streaming.path(CUSTOMERS))
    streaming.append(CUSTOMERS, frame(CUSTOMERS))
    assert head_version(streaming.path(CUSTOMERS)) == there
    streaming.append(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "b"}))
    assert sorted(row["customer_id"] for row in streaming.read(CUSTOMERS).collect()) == ["a", "b"]


@pytest.mark.parametrize("wrong", [{"frequency": None}, {"r_score": 6}])
def test_a_broken_constraint_leaves_the_table_as_it_was(streaming: Lake, frame: Frame, wrong: dict[str, Any]) -> None:
    streaming.overwrite(CUSTOMER_RFM, frame(CUSTOMER_RFM, SCORES))
    before = rows_of(streaming, CUSTOMER_RFM)
    [(name, value)] = wrong.items()
    rows = frame(CUSTOMER_RFM, SCORES).withColumn(name, F.lit(value))
    with pytest.raises(DeltaError):
        streaming.overwrite(CUSTOMER_RFM, rows)
    assert rows_of(streaming, CUSTOMER_RFM) == before


def test_its_files_go_when_all_is_written(streaming: Lake, frame: Frame) -> None:
    before = files_below(streaming.root)
    streaming.overwrite(CUSTOMERS, frame(CUSTOMERS, {"customer_id": "a"}))
    left = files_below(streaming.root) - before
    assert {path.relative_to(streaming.root).parts[:2] for path in left} == {("silver", "customers")}


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
