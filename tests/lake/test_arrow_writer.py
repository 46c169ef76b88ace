"""What this process writes by itself is what Spark would write, under the same constraints."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deltalake.exceptions import DeltaError
from pyspark.sql import SparkSession

from lakehouse.delta.log import commit_text
from lakehouse.gold.refresh import in_months
from lakehouse.lake import Lake, arrow_writer, spark_writer, writer
from lakehouse.lake.streaming_writer import StreamingWriter
from lakehouse.lake.writer import Writer
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_DATE, FACT_SALES
from lakehouse.tables.gold.customers import CUSTOMER_RFM
from lakehouse.tables.gold.products import PRODUCT_AFFINITY
from lakehouse.tables.gold.sales import GEOGRAPHY_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.ops import BATCH_DECISIONS, JOB_RUNS, PUBLICATIONS
from lakehouse.tables.silver import CUSTOMERS, QUARANTINE
from tests.lake.of_each_type import FEBRUARY, JANUARY, OF_EACH_TYPE, SCORES
from tests.lakes import Frame

pytestmark = pytest.mark.spark


def texts(lake: Lake, table: Table) -> list[str]:
    """The rows as Spark reads them through Delta."""
    rows = lake.spark.read.format("delta").load(lake.path(table)).select(*table.column_names).collect()
    return sorted(map(str, rows))


@pytest.mark.parametrize(("table", "rows"), OF_EACH_TYPE)
def test_all_ways_of_writing_end_in_the_same_rows(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, table: Table, rows: list[dict[str, Any]]
) -> None:
    lake.overwrite(table, frame(table, *rows))
    here = texts(lake, table)
    monkeypatch.setattr(writer, "MOST_LINES", -1)
    lake.overwrite(table, frame(table, *rows))
    by_spark = texts(lake, table)
    StreamingWriter(lake.engine).replace(lake.path(table), table, frame(table, *rows))
    assert here == by_spark == texts(lake, table)
    assert len(here) == len(rows)


@pytest.mark.parametrize("most_lines", [-1, 1_000_000], ids=["by Spark", "by this process"])
def test_both_ways_of_writing_tell_the_same_changes(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, most_lines: int
) -> None:
    monkeypatch.setattr(writer, "MOST_LINES", most_lines)
    sold = {"order_id": "A", "line_number": 1, "quantity": 1, "order_date": JANUARY, "order_month": JANUARY}
    later = sold | {"order_id": "B", "order_date": FEBRUARY, "order_month": FEBRUARY}
    lake.overwrite(FACT_SALES, frame(FACT_SALES, sold, later))
    lake.replace_where(FACT_SALES, frame(FACT_SALES, later | {"line_number": 2}), in_months("order_month", {FEBRUARY}))
    person = {"customer_key": 1, "customer_durable_key": 1, "source_system": "s", "is_current": True}
    lake.append(DIM_CUSTOMER, frame(DIM_CUSTOMER, person, person | {"customer_key": 2}))
    moved = frame(DIM_CUSTOMER, person | {"customer_key": 2, "city": "York"}, person | {"customer_key": 3})
    assert lake.replace_rows(DIM_CUSTOMER, moved, lake.read(DIM_CUSTOMER).where("customer_key = 2"))
    assert told(lake, FACT_SALES, 2, "order_id", "line_number") == [("delete", "B", 1), ("insert", "B", 2)]
    assert told(lake, DIM_CUSTOMER, 2, "customer_key", "city") == [
        ("delete", 2, None), ("insert", 2, "York"), ("insert", 3, None)
    ]  # fmt: skip


@pytest.mark.parametrize("most_lines", [-1, 1_000_000], ids=["by Spark", "by this process"])
def test_silver_is_written_alike_too(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch, most_lines: int
) -> None:
    monkeypatch.setattr(writer, "MOST_LINES", most_lines)
    people = [{"customer_id": name, "is_current": True} for name in ("stays", "moves", "leaves")]
    assert lake.replace_rows(CUSTOMERS, frame(CUSTOMERS, *people), lake.read(CUSTOMERS))
    wanted = [people[0], people[1] | {"city": "York", "repairs": ["blanks"]}, {"customer_id": "comes"}]
    assert lake.replace_rows(CUSTOMERS, frame(CUSTOMERS, *wanted), lake.read(CUSTOMERS))
    again = lake.version(CUSTOMERS)
    assert not lake.replace_rows(CUSTOMERS, frame(CUSTOMERS, *wanted), lake.read(CUSTOMERS))
    assert lake.version(CUSTOMERS) == again
    rows = lake.read(CUSTOMERS).select("customer_id", "city", "repairs").collect()
    assert sorted(map(tuple, rows)) == [("comes", None, []), ("moves", "York", ["blanks"]), ("stays", None, [])]
    assert told(lake, CUSTOMERS, 2, "customer_id", "city") == [
        ("delete", "leaves", None), ("delete", "moves", None), ("insert", "comes", None), ("insert", "moves", "York")
    ]  # fmt: skip


def test_rows_that_deletion_vectors_took_away_stay_away(
    lake: Lake, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [{"customer_id": name} for name in ("stays", "leaves", "leaves later")]
    monkeypatch.setattr(writer, "MOST_LINES", -1)
    lake.append(CUSTOMERS, frame(CUSTOMERS, *people).coalesce(1))
    assert arrow_writer.can_write(lake.path(CUSTOMERS), CUSTOMERS)
    lake.replace_rows(CUSTOMERS, lake.read(CUSTOMERS).limit(0), lake.read(CUSTOMERS).where("customer_id = 'leaves'"))
    assert not arrow_writer.can_write(lake.path(CUSTOMERS), CUSTOMERS)
    monkeypatch.setattr(writer, "MOST_LINES", 1_000_000)
    gone = lake.read(CUSTOMERS).where("customer_id = 'leaves later'")
    lake.replace_rows(CUSTOMERS, lake.read(CUSTOMERS).limit(0), gone)
    assert [row["customer_id"] for row in lake.read(CUSTOMERS).collect()] == ["stays"]


def test_a_table_under_constraints_of_older_code_is_left_to_spark(lake: Lake, frame: Frame) -> None:
    older = replace(QUARANTINE, checks={"has_a_reason": "size(reasons) > 0"})
    lake.ensure(older)
    assert not arrow_writer.can_write(lake.path(QUARANTINE), QUARANTINE)
    assert lake.replace_rows(QUARANTINE, frame(QUARANTINE, {"reasons": ["r"]}), lake.read(QUARANTINE))
    assert lake.read(QUARANTINE).count() == 1


def test_what_is_made_of_more_rows_is_left_to_spark(
    spark: SparkSession, tmp_path: Path, frame: Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MOST_LINES", 1)
    for behind, is_by_spark in ((1, False), (2, True)):
        lake = Lake(spark, tmp_path, run_id="r", as_of=JANUARY, rows_behind=lambda lake, table, rows=behind: rows)
        lake.replace_rows(CUSTOMERS, frame(CUSTOMERS, {"customer_id": str(behind)}), lake.read(CUSTOMERS).limit(0))
        commit = commit_text(lake.path(CUSTOMERS), lake.version(CUSTOMERS))
        assert ("Apache-Spark" in commit) == is_by_spark


@pytest.mark.parametrize("by", [spark_writer, arrow_writer])
def test_rows_are_deleted_by_several_columns_of_which_some_are_unknown(lake: Lake, frame: Frame, by: Writer) -> None:
    names = ("source_system", "product_id", "companion_id")
    pairs = [("s", "A", "B"), ("s", "A", None), ("s", None, "B"), ("t", "A", "B")]
    table = replace(PRODUCT_AFFINITY, columns=tuple(replace(one, nullable=True) for one in PRODUCT_AFFINITY.columns))
    lake.append(table, frame(table, *(dict(zip(names, pair, strict=True)) for pair in pairs)))
    by.delete(
        lake.path(table), table, lake.read(table).where("source_system = 's' AND product_id = 'A'").select(*names)
    )
    left = [tuple(row) for row in lake.read(table).select(*names).collect()]
    assert sorted(left, key=str) == [("s", None, "B"), ("t", "A", "B")]


def told(lake: Lake, table: Table, since: int, *names: str) -> list[tuple[Any, ...]]:
    """What the change feed says of a table from a version on."""
    feed = lake.spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", since)
    rows = feed.load(lake.path(table)).select("_change_type", *names).collect()
    return sorted(map(tuple, rows))


@pytest.mark.parametrize("wrong", [{"r_score": 6}, {"segment": None}], ids=["a constraint", "a value that is missing"])
def test_what_breaks_a_declaration_is_not_written(lake: Lake, frame: Frame, wrong: dict[str, Any]) -> None:
    sound = frame(CUSTOMER_RFM, SCORES)
    lake.overwrite(CUSTOMER_RFM, sound)
    before = lake.version(CUSTOMER_RFM)
    rows = sound
    for name, value in wrong.items():
        rows = rows.selectExpr(*(c if c != name else f"{value or 'NULL'} AS {c}" for c in sound.columns))
    with pytest.raises(DeltaError):
        lake.overwrite(CUSTOMER_RFM, rows)
    assert lake.version(CUSTOMER_RFM) == before


def test_only_the_rows_of_the_condition_are_replaced(lake: Lake, frame: Frame) -> None:
    months = [{"month_start": JANUARY, "lines": 1}, {"month_start": FEBRUARY, "lines": 1}]
    lake.overwrite(GEOGRAPHY_SALES, frame(GEOGRAPHY_SALES, *months))
    again = frame(GEOGRAPHY_SALES, {"month_start": FEBRUARY, "lines": 2})
    lake.replace_where(GEOGRAPHY_SALES, again, "month_start IN (DATE'2024-02-01')")
    rows = lake.read(GEOGRAPHY_SALES).select("month_start", "lines").collect()
    assert sorted(map(tuple, rows)) == [(JANUARY, 1), (FEBRUARY, 2)]


def test_nothing_is_committed_where_the_rows_are_there_already(lake: Lake, frame: Frame) -> None:
    rows = frame(DIM_DATE, {"full_date": JANUARY, "holidays": {"GB": "x"}}, {"full_date": FEBRUARY})
    assert lake.replace_all(DIM_DATE, rows)
    before = lake.version(DIM_DATE)
    assert not lake.replace_all(DIM_DATE, rows)
    assert lake.version(DIM_DATE) == before
    assert lake.replace_all(DIM_DATE, rows.where("full_date < DATE'2024-02-01'"))
    assert lake.read(DIM_DATE).count() == 1
    assert lake.replace_all(DIM_DATE, rows.where("full_date < DATE'2024-02-01'").unionByName(rows))
    assert lake.read(DIM_DATE).count() == 3


def test_a_row_that_is_there_once_more_or_once_less_is_a_change(lake: Lake, frame: Frame) -> None:
    once, twice = ([{"full_date": JANUARY}] * number for number in (1, 2))
    lake.replace_all(DIM_DATE, frame(DIM_DATE, *once))
    for rows in (twice, once):
        assert lake.replace_all(DIM_DATE, frame(DIM_DATE, *rows))
        assert lake.read(DIM_DATE).count() == len(rows)
        assert not lake.replace_all(DIM_DATE, frame(DIM_DATE, *rows))


def test_rows_made_by_a_run_are_appended(lake: Lake) -> None:
    now = datetime(2024, 3, 1, 8, tzinfo=UTC)
    row = {"run_id": "r", "stage": "run", "status": "done", "as_of": lake.as_of, "started_at": now, "ended_at": now}
    for stage in ("one", "two"):
        counts = {f"rows_{name}": 0 for name in ("read", "written", "quarantined")}
        lake.append_rows(JOB_RUNS, [row | counts | {"stage": stage, "seconds": 1.5, "details": "{}"}])
    found = lake.read(JOB_RUNS).select("stage", "started_at", "seconds").collect()
    assert {one["stage"] for one in found} == {"one", "two"}
    assert {one["seconds"] for one in found} == {1.5}


def test_of_several_appends_with_one_transaction_one_counts(lake: Lake) -> None:
    decided_at = datetime(2024, 3, 1, 8, tzinfo=UTC)

    def append(run_id: str, number: int) -> None:
        row = {"batch_id": 1, "decision": "hold", "run_id": run_id, "decided_at": decided_at}
        lake.append_rows(BATCH_DECISIONS, [row], transaction=("publication", number))

    lake.ensure(BATCH_DECISIONS)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(append, ["a", "b", "c", "d"], [1] * 4))
    append("late", 1)
    assert lake.read(BATCH_DECISIONS).count() == 1
    append("next", 2)
    assert lake.read(BATCH_DECISIONS).count() == 2


def test_maps_of_rows_made_by_a_run_are_kept(lake: Lake) -> None:
    row = {"kind": "run", "as_of": lake.as_of, "batches": [1, 2], "code_version": "1", "run_id": "r", "publication": 1}
    maps = {"table_versions": {"gold.fact_sales": 3}, "configuration": {"gold": "x"}}
    lake.append_rows(PUBLICATIONS, [{**row, **maps, "published_at": datetime(2024, 3, 1, tzinfo=UTC)}])
    [found] = lake.read(PUBLICATIONS).collect()
    assert (found["table_versions"], found["configuration"], found["batches"]) == (*maps.values(), [1, 2])
