"""What was written later counts, and no clock says what that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.delta import duck
from lakehouse.delta.order import latest_first_sql, oldest_first, oldest_first_sql
from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.published import PublishedLake, open_published
from lakehouse.published.batches import latest_decisions
from lakehouse.quarantine.decisions import discards
from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table
from lakehouse.tables.ops import BATCH_DECISIONS, QUARANTINE_DECISIONS, WAIVERS
from quality.waivers import waivers
from tests.lakes import arrow, frame_of, publish, write

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
AHEAD = NOW + timedelta(days=2)
"""What a clock said that was wrong when the first decision was taken."""
ROWS: list[Mapping[str, Any]] = [
    {"of": "older code, later", "at": AHEAD, "written_upon": None},
    {"of": "older code, earlier", "at": NOW, "written_upon": None},
    {"of": "second", "at": NOW, "written_upon": 1},
    {"of": "first", "at": AHEAD, "written_upon": 0},
    {"of": "second, a second later", "at": NOW + timedelta(seconds=1), "written_upon": 1},
]
SORTED = ["older code, earlier", "older code, later", "first", "second", "second, a second later"]


def test_rows_are_in_the_order_in_which_they_were_written_and_those_of_older_code_come_first() -> None:
    assert [row["of"] for row in oldest_first(ROWS, "at")] == SORTED


@pytest.mark.parametrize(("order", "expected"), [(oldest_first_sql, SORTED), (latest_first_sql, SORTED[::-1])])
def test_queries_have_the_same_order(order: Any, expected: list[str]) -> None:
    with duck.connect() as connection:
        connection.execute('CREATE TABLE t ("of" VARCHAR, "at" TIMESTAMPTZ, written_upon BIGINT)')
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [tuple(row.values()) for row in ROWS])
        found = connection.execute(f'SELECT "of" FROM t ORDER BY {order(chr(34) + "at" + chr(34))}').fetchall()
    assert [of for (of,) in found] == expected


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path, run_id="r", as_of=date(2024, 3, 1))


@pytest.mark.parametrize("by_spark", [True, False])
def test_what_is_decided_by_the_right_clock_after_one_that_was_ahead_counts(lake: Lake, by_spark: bool) -> None:
    def append(table: Table, **row: Any) -> None:
        if by_spark:
            lake.append(table, frame_of(lake.spark, arrow(table, [row]).drop(["written_upon"])))
        else:
            [full] = arrow(table, [row]).to_pylist()
            lake.append_rows(table, [full])

    place = {"source_system": "shop", "_row_in_file": 1}
    append(BATCH_DECISIONS, batch_id=1, decision="release", details="by the clock ahead", decided_at=AHEAD)
    append(BATCH_DECISIONS, batch_id=1, decision="hold", details="after it", decided_at=NOW)
    append(WAIVERS, rule="a", details="by the clock ahead", decided_at=AHEAD)
    append(WAIVERS, rule="a", details="after it", decided_at=NOW)
    append(QUARANTINE_DECISIONS, **place, decision="reopen", decided_at=AHEAD)
    append(QUARANTINE_DECISIONS, **place, decision="discard", decided_at=NOW)
    assert latest_decisions(lake.root) == {1: ("hold", "after it")}
    assert [one.why for one in waivers(lake.root)] == ["after it"]
    discarded = discards(lake, "shop")
    assert discarded is not None
    assert discarded.count() == 1
    noted = [row["written_upon"] for row in small_rows(lake.root, BATCH_DECISIONS)]
    assert sorted(noted)[0] < sorted(noted)[1]


def test_decisions_of_older_code_are_read_by_their_clock_and_come_before_all_others(lake: Lake) -> None:
    older = Table("ops.batch_decisions", "", ("batch_id",), columns("batch_id decision details? run_id decided_at"))
    told = [("release", AHEAD), ("hold", NOW)]
    write(lake.root, older, [{"batch_id": 1, "decision": what, "decided_at": at} for what, at in told])
    publish(lake.root, 1, {})
    assert latest_decisions(lake.root) == {1: ("release", "")}
    with open_published(lake.root) as published:
        assert _upon(published) == [None, None]
    lake.append_rows(
        BATCH_DECISIONS, [{"batch_id": 1, "decision": "hold", "details": "now", "decided_at": NOW, "run_id": "r"}]
    )
    assert latest_decisions(lake.root) == {1: ("hold", "now")}


def _upon(published: PublishedLake) -> list[int | None]:
    return [row[0] for row in published.sql("SELECT written_upon FROM ops.batch_decisions").fetchall()]
