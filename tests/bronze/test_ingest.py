"""Each delivery is in bronze once, and every file has its record."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakehouse.bronze.ingest import ingest
from lakehouse.bronze.ledger import next_batch_id
from lakehouse.tables.model import Table
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import AB, Shop, source_of, values

Land = Callable[..., Path]

LINES = source_of(lines=AB | {"pattern": "lines*.csv"})
TWO_KINDS = source_of(
    lines=AB | {"pattern": "lines*.csv"},
    heads={"pattern": "heads*.csv", "columns": ["h"], "from_name": r"_(?P<day>\d+)"},
)


def test_files_are_loaded_and_recorded(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n3,4\n")
    land("deep/lines_2.csv.gz", gzip.compress(b"b,a\n6,5\n"))
    report = shop.ingest(LINES)
    assert (report.batch_id, report.found, report.loaded, report.rows) == (1, 2, 2, {"lines": 3})
    rows = shop.bronze(LINES, "lines")
    assert [(row.a, row.b, row._source_file, row._row_in_file, row._batch_id) for row in rows] == [
        ("5", "6", "deep/lines_2.csv.gz", 1, 1),
        ("1", "2", "lines_1.csv", 1, 1),
        ("3", "4", "lines_1.csv", 2, 1),
    ]
    records = shop.lake.read(INGESTED_FILES).orderBy("path").collect()
    assert [(one.path, one.rows, one.bytes, one.encoding, one.batch_id, one.file_kind) for one in records] == [
        ("deep/lines_2.csv.gz", 1, records[0].bytes, "utf-8", 1, "lines"),
        ("lines_1.csv", 2, 12, "utf-8", 1, "lines"),
    ]
    assert {one._file_delivery for one in rows} == {one.delivery for one in records}


def test_the_same_files_again_change_nothing(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n")
    shop.ingest(LINES)
    versions = [shop.lake.version(table) for table in (LINES.table("lines"), INGESTED_FILES)]
    report = shop.ingest(LINES)
    assert (report.batch_id, report.found, report.loaded, report.duplicate) == (None, 1, 0, 0)
    assert [shop.lake.version(table) for table in (LINES.table("lines"), INGESTED_FILES)] == versions


def test_no_landing_folder_is_nothing_to_do(shop: Shop) -> None:
    report = shop.ingest(LINES)
    assert (report.batch_id, report.found) == (None, 0)
    assert not shop.lake.exists(INGESTED_FILES)


def test_the_same_bytes_under_another_name_are_a_duplicate_recorded_once(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n", modified=1)
    shop.ingest(LINES)
    land("lines_2.csv", "a,b\n1,2\n", modified=2)
    assert shop.ingest(LINES).duplicate == 1
    assert shop.ingest(LINES).duplicate == 0
    assert shop.files() == [("lines_1.csv", "loaded"), ("lines_2.csv", "duplicate")]
    assert len(shop.bronze(LINES, "lines")) == 1


def test_the_same_bytes_twice_in_one_run_are_loaded_from_the_older_file(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n", modified=2)
    land("lines_2.csv", "a,b\n1,2\n", modified=1)
    report = shop.ingest(LINES)
    assert (report.loaded, report.duplicate) == (1, 1)
    assert [row._source_file for row in shop.bronze(LINES, "lines")] == ["lines_2.csv"]


def test_the_same_bytes_under_a_name_that_says_something_else_are_a_delivery(shop: Shop, land: Land) -> None:
    land("heads_1.csv", "h\nx\n")
    land("heads_2.csv", "h\nx\n")
    assert shop.ingest(TWO_KINDS).loaded == 2
    assert [row._name_values for row in shop.bronze(TWO_KINDS, "heads")] == [{"day": "1"}, {"day": "2"}]


def test_changed_bytes_under_a_known_name_are_a_new_delivery(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n", modified=1)
    shop.ingest(LINES)
    land("lines_1.csv", "a,b\n1,3\n", modified=2)
    assert shop.ingest(LINES).batch_id == 2
    assert [(row.b, row._batch_id) for row in shop.bronze(LINES, "lines")] == [("2", 1), ("3", 2)]
    assert shop.files() == [("lines_1.csv", "loaded")] * 2


def test_a_file_that_was_only_touched_is_a_duplicate(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n", modified=1)
    shop.ingest(LINES)
    land("lines_1.csv", "a,b\n1,2\n", modified=2)
    assert shop.ingest(LINES).duplicate == 1
    assert len(shop.bronze(LINES, "lines")) == 1


def test_a_rejected_file_is_recorded_once_and_the_others_are_loaded(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n1,2\n")
    land("lines_2.csv", "a;b\n1;2\n")
    land("readme.txt", "hello")
    report = shop.ingest(LINES)
    assert [(one.path, one.reason) for one in report.rejected] == [
        ("lines_2.csv", FileReason.WRONG_DELIMITER),
        ("readme.txt", FileReason.UNKNOWN_FILE),
    ]
    assert report.rows == {"lines": 1}
    details = shop.lake.read(INGESTED_FILES).where("status = 'rejected'").orderBy("path").collect()
    assert [json.loads(one.details)["reason"] for one in details] == ["wrong_delimiter", "unknown_file"]
    assert shop.ingest(LINES).rejected == []
    assert len(shop.files()) == 3


def test_a_rejected_file_is_tried_again_when_the_source_was_mended(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a;b\n1;2\n")
    assert shop.ingest(LINES).batch_id is None
    mended = source_of("f2", lines=AB | {"pattern": "lines*.csv", "delimiter": ";"})
    assert shop.ingest(mended).rows == {"lines": 1}
    assert shop.files() == [("lines_1.csv", "loaded"), ("lines_1.csv", "rejected")]


def test_a_file_that_cannot_be_opened_is_reported_and_looked_at_again(
    shop: Shop, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = land("lines_1.csv", "a,b\n1,2\n")
    monkeypatch.setattr("lakehouse.bronze.ingest.inspect", lambda *_: file.with_name("gone").open())
    [rejected] = shop.ingest(LINES).rejected
    assert rejected.reason == FileReason.UNREADABLE_FILE
    monkeypatch.undo()
    assert shop.ingest(LINES).loaded == 1


def test_a_header_without_rows_is_loaded_with_no_rows(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b\n")
    report = shop.ingest(LINES)
    assert (report.batch_id, report.loaded, report.rows) == (1, 1, {"lines": 0})
    assert shop.lake.read(INGESTED_FILES).collect()[0].rows == 0
    assert shop.ingest(LINES).loaded == 0


def test_a_column_that_the_source_declares_later_is_added(shop: Shop, land: Land) -> None:
    land("lines_1.csv", "a,b,c\n1,2,3\n")
    shop.ingest(LINES)
    wider = source_of("f2", lines={"pattern": "lines*.csv", "columns": ["a", "b", "c"]})
    land("lines_2.csv", "a,b,c\n4,5,6\n")
    shop.ingest(wider)
    assert [(row.c, row._rescued) for row in shop.bronze(wider, "lines")] == [(None, {"c": "3"}), ("6", None)]


def test_after_a_crash_before_the_record_the_delivery_is_recorded_and_not_loaded_again(
    shop: Shop, land: Land, crash: Callable[[Table], None]
) -> None:
    land("lines_1.csv", "a,b\n1,2\n3,4\n")
    crash(INGESTED_FILES)
    with pytest.raises(KeyboardInterrupt):
        shop.ingest(LINES)
    assert next_batch_id(shop.lake) == 2
    report = shop.ingest(LINES)
    assert (report.batch_id, report.loaded, report.duplicate) == (None, 0, 0)
    [record] = shop.lake.read(INGESTED_FILES).collect()
    assert (record.status, record.rows, record.bytes, record.batch_id) == ("loaded", 2, 12, 1)
    assert len(shop.bronze(LINES, "lines")) == 2


@pytest.mark.parametrize("kind", ["lines", "heads"])
def test_after_a_crash_between_two_kinds_each_delivery_is_there_once(
    shop: Shop, land: Land, crash: Callable[[Table], None], kind: str
) -> None:
    land("lines_1.csv", "a,b\n1,2\n")
    land("heads_1.csv", "h\nx\n")
    crash(TWO_KINDS.table(kind))
    with pytest.raises(KeyboardInterrupt):
        shop.ingest(TWO_KINDS)
    report = shop.ingest(TWO_KINDS)
    assert (report.batch_id, report.rows) == (2, {kind: 1})
    assert [len(shop.bronze(TWO_KINDS, one)) for one in ("lines", "heads")] == [1, 1]
    assert shop.files() == [("heads_1.csv", "loaded"), ("lines_1.csv", "loaded")]


def test_a_crashed_delivery_whose_file_is_gone_is_recorded_without_its_size(
    shop: Shop, land: Land, crash: Callable[[Table], None]
) -> None:
    file = land("lines_1.csv", "a,b\n1,2\n")
    crash(INGESTED_FILES)
    with pytest.raises(KeyboardInterrupt):
        shop.ingest(LINES)
    file.unlink()
    shop.ingest(LINES)
    [record] = shop.lake.read(INGESTED_FILES).collect()
    assert (record.path, record.bytes) == ("lines_1.csv", None)


def test_a_file_that_changes_after_it_was_judged_is_not_loaded(
    shop: Shop, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = land("lines_1.csv", "a,b\n1,2\n", modified=1)
    look = ingest.__globals__["inspect"]

    def look_and_change(*given: Any) -> object:
        found = look(*given)
        if given[0].path == "lines_1.csv":
            file.write_text("a,b\n1,3\n")
            os.utime(file, (1, 1))  # as long and as old as before
        return found

    monkeypatch.setattr("lakehouse.bronze.ingest.inspect", look_and_change)
    land("lines_2.csv", "a,b\n5,6\n")
    land("lines_3.csv", "a,b\n1,2\n", modified=3)
    report = shop.ingest(LINES)
    assert {one.path: one.reason for one in report.rejected} == {
        "lines_1.csv": FileReason.STILL_CHANGING,
        "lines_3.csv": FileReason.STILL_CHANGING,  # it says what the other one said, and that one was not loaded
    }
    assert (report.loaded, report.duplicate, values(shop.bronze(LINES, "lines"))) == (1, 0, [("5", "6")])
    monkeypatch.undo()
    assert shop.ingest(LINES).loaded == 2
    assert sorted(values(shop.bronze(LINES, "lines"))) == [("1", "2"), ("1", "3"), ("5", "6")]


def test_deliveries_in_any_order_and_in_any_runs_give_the_same_rows(shop: Shop, land: Land) -> None:
    files = {f"lines_{number}.csv": f"a,b\n{number},1\n{number},2\n" for number in range(6)}
    order = list(files)
    random.Random(1).shuffle(order)
    for run in (order[:3], order[2:5], order):
        for name in run:
            land(name, files[name])
        shop.ingest(LINES)
    rows = [(row.a, row.b, row._row_in_file) for row in shop.bronze(LINES, "lines")]
    assert sorted(rows) == [(str(number), str(row), row) for number in range(6) for row in (1, 2)]
