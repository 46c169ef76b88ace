"""What a run works with: nothing new is nothing to do, and rows that no feed takes are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.silver.intake import BatchSelection, kinds_to_normalise, new_batches_of, unread_rows
from lakehouse.sources.model import Source
from lakehouse.sources.untaken import UnreadRow, UnreadRows
from lakehouse.tables.ops import INGESTED_FILES
from tests.lakes import write

COLUMNS = {
    "order_id": "receipt", "line_number": "1", "product_id": "item", "ordered_at": "'2024-01-05'",
    "quantity": "1", "unit_price": "2.5",
}  # fmt: skip
TOTAL = [{"where": "receipt = 'Total'", "why": "total"}]


def source(**feed: Any) -> Source:
    files = {
        "sales": {"pattern": "sales*", "columns": ["receipt", "item"], "leave_out": TOTAL},
        "again": {"same_as": "sales"},
        "notes": {"pattern": "notes*", "columns": ["text"], "ignored": True},
        "people": {"pattern": "people*", "columns": ["id"]},
    }
    feeds = {
        "order_lines": {"file": "sales", "version": "_file_modified_at", "columns": COLUMNS} | feed,
        "customers": {"file": "people", "columns": {"customer_id": "id"}},
    }
    more = {"name": "cafe", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f"}
    return Source.model_validate(more | {"files": files, "feeds": feeds})


TAKES_SOME = source(filter="item <> 'TIP' AND item <> 'GIFT'")


@pytest.mark.parametrize(
    "moved", [{"new": (1,)}, {"everything": True}, {"as_of_moved": True}, {"decisions_changed": True}]
)
def test_a_run_is_idle_only_where_nothing_moved(moved: dict[str, Any]) -> None:
    assert BatchSelection((1,), ()).is_idle
    assert not BatchSelection(**{"consumed": (), "new": ()} | moved).is_idle
    assert BatchSelection((1, 3), (4,)).all == (1, 3, 4)


def test_texts_are_normalised_but_of_kinds_whose_files_all_were_seen_to_be_normal(tmp_path: Path) -> None:
    lake = Lake(None, tmp_path, run_id="r", as_of=date(2024, 1, 1))  # type: ignore[arg-type]
    loaded = {"source_system": "cafe", "status": "loaded", "batch_id": 1, "is_nfc": False}
    files = [
        loaded | {"file_kind": "sales"},
        loaded | {"file_kind": "people", "is_nfc": True},
        loaded | {"file_kind": "people", "batch_id": 9},
        loaded | {"file_kind": "people", "source_system": "other"},
        loaded | {"file_kind": "notes", "status": "rejected"},
    ]
    write(tmp_path, INGESTED_FILES, files)
    found = kinds_to_normalise(lake, TAKES_SOME, BatchSelection((1,), (2,)))
    assert found == {"sales": True, "again": True, "notes": False, "people": False}


def test_rows_that_no_feed_takes_are_counted_and_the_first_named(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 1, 1))
    write(tmp_path, INGESTED_FILES, [])
    items = ("LATTE", "GIFT", "TIP", "TIP", "TIP", "", "TIP")
    for batch in (1, 2):
        origin = {"_batch_id": batch, "_file_delivery": f"d{batch}", "_source_file": f"sales_{batch}.csv"}
        sent = [
            {"receipt": "Total" if place == 5 else "1", "item": item or None} for place, item in enumerate(items, 1)
        ]
        placed = [row | origin | {"_row_in_file": place} for place, row in enumerate(sent, 1)]
        write(tmp_path, TAKES_SOME.table("sales"), placed, mode="append")
        write(tmp_path, TAKES_SOME.table("notes"), [origin | {"text": "x", "_row_in_file": 1}], mode="append")
        write(tmp_path, TAKES_SOME.table("people"), [origin | {"id": "c", "_row_in_file": 1}], mode="append")
    named = tuple(
        UnreadRow("sales_2.csv", place, {"receipt": "1", "item": item})
        for place, item in ((2, "GIFT"), (3, "TIP"), (4, "TIP"))
    )
    assert unread_rows(lake, TAKES_SOME, BatchSelection((1,), (2,))) == [UnreadRows("sales", 5, named)]
    [both] = unread_rows(lake, TAKES_SOME, BatchSelection((1,), (2,), everything=True))
    assert (both.rows, both.first[0].file) == (10, "sales_1.csv")
    assert unread_rows(lake, TAKES_SOME, BatchSelection((1, 2), ())) == []
    assert unread_rows(lake, source(), BatchSelection((1,), (2,))) == []


def test_of_new_batches_those_count_that_brought_rows_of_the_kind(tmp_path: Path) -> None:
    lake = Lake(None, tmp_path, run_id="r", as_of=date(2024, 1, 1))  # type: ignore[arg-type]
    for batch in (1, 3, 12):
        sent = {"receipt": "1", "_batch_id": batch, "_file_delivery": "d", "_row_in_file": 1}
        write(tmp_path, TAKES_SOME.table("sales"), [sent], mode="append")
    selection = BatchSelection((1,), (2, 3, 12))
    assert new_batches_of(lake, TAKES_SOME, "sales", selection) == [3, 12]
    assert new_batches_of(lake, TAKES_SOME, "again", selection) == [3, 12]
    assert new_batches_of(lake, TAKES_SOME, "people", selection) == []
    assert new_batches_of(lake, TAKES_SOME, "sales", BatchSelection((1,), ())) == []
