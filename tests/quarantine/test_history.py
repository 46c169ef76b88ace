"""What becomes of rows that were in quarantine is noted once, by the run in which it happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.quarantine.history import note_what_leaves
from lakehouse.tables.ops import QUARANTINE_HISTORY
from lakehouse.tables.silver import LINEAGE, ORDER_LINES, QUARANTINE
from tests.lakes import Frame, write

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
OURS = {"source_system": "shop", "feed": "order_lines", "_file_delivery": "d", "_file_sha256": "h"}


def refused(place: int, kind: str = "items", **more: Any) -> dict[str, Any]:
    told = {"file_kind": kind, "unit_key": str(place), "_row_in_file": place, "reasons": ["zero_price"]}
    return OURS | told | {"status": "open", "raw_row": "{}"} | more


def became(place: int, outcome: str, kind: str = "items") -> dict[str, Any]:
    return OURS | {"file_kind": kind, "unit_key": str(place), "outcome": outcome, "rows": 1}


def line(place: int, **more: Any) -> dict[str, Any]:
    told = {"order_id": str(place), "_row_in_file": place, "quantity": 1, "order_status": "completed"}
    return {name: OURS[name] for name in ("source_system", "_file_sha256")} | told | more


def next_run(lake: Lake, name: str) -> Lake:
    return Lake(lake.spark, lake.root, run_id=name, as_of=lake.as_of)


def noted(lake: Lake) -> list[tuple[Any, ...]]:
    """Run, kind of file and place, the reasons that the row had, and what became of it."""
    rows = lake.read(QUARANTINE_HISTORY).select("run_id", "file_kind", "_row_in_file", "reasons", "outcome").collect()
    return sorted((row[0], row[1], row[2], " ".join(row[3]), row[4]) for row in rows)


BEFORE = [*(refused(place) for place in range(1, 9)), refused(9, "orders")]
AFTER = [
    refused(4, reasons=["zero_quantity"]),
    refused(5, status="replayed"),
    refused(6, status="discarded", reasons=["zero_price", "discarded"]),
    refused(7),
    refused(10),
]
LINEAGE_AFTER = [
    became(1, "accepted"), became(2, "accepted"), became(2, "superseded"), became(8, "superseded"),
    became(4, "quarantined"), became(9, "accepted", "orders"),
]  # fmt: skip


@pytest.mark.parametrize("change_feed", [True, False], ids=["with a change feed", "made by older code"])
def test_what_became_of_each_row_is_noted_once(lake: Lake, frame: Frame, change_feed: bool) -> None:
    lake.ensure(replace(QUARANTINE, change_feed=change_feed))
    lake.append(QUARANTINE, frame(QUARANTINE, *BEFORE))
    lake.append(ORDER_LINES, frame(ORDER_LINES, line(8)))
    publish(lake, batches=[1], configuration={}, now=NOW)

    lake = next_run(lake, "second")
    lake.replace_rows(QUARANTINE, frame(QUARANTINE, *AFTER), lake.read(QUARANTINE))
    came = frame(ORDER_LINES, line(1), line(3, _file_sha256="another file"))
    lake.replace_rows(ORDER_LINES, came, lake.read(ORDER_LINES))
    write(lake.root, LINEAGE, LINEAGE_AFTER)
    note_what_leaves(lake, NOW)
    lake.release()
    expected = [
        ("second", "items", 1, "zero_price", "accepted"),
        ("second", "items", 2, "zero_price", "superseded"),
        ("second", "items", 3, "zero_price", "not_selected"),
        ("second", "items", 4, "zero_price", "quarantined"),
        ("second", "items", 5, "zero_price", "replayed"),
        ("second", "items", 6, "zero_price", "discarded"),
        ("second", "items", 8, "zero_price", "superseded"),
        ("second", "orders", 9, "zero_price", "accepted"),
    ]
    assert noted(lake) == expected
    publish(lake, batches=[2], configuration={}, now=NOW)

    lake = next_run(lake, "third")
    note_what_leaves(lake, NOW)
    assert noted(lake) == expected


def test_a_first_run_and_one_that_only_adds_have_nothing_to_note(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="first", as_of=NOW.date())
    write(tmp_path, QUARANTINE, [refused(1)])
    write(tmp_path, QUARANTINE, [refused(2)])  # nobody has read the first row
    note_what_leaves(lake, NOW)
    publish(lake, batches=[1], configuration={}, now=NOW)
    lake = next_run(lake, "second")
    write(tmp_path, QUARANTINE, [refused(3)], mode="append")
    note_what_leaves(lake, NOW)
    assert not lake.exists(QUARANTINE_HISTORY)


def test_what_a_killed_run_took_away_is_not_noted_by_the_next(lake: Lake, frame: Frame) -> None:
    lake.append(QUARANTINE, frame(QUARANTINE, refused(1), refused(2)))
    publish(lake, batches=[1], configuration={}, now=NOW)
    killed = next_run(lake, "killed")
    killed.overwrite(QUARANTINE, frame(QUARANTINE, refused(3)))
    lake = next_run(lake, "second")
    lake.start_from_published([QUARANTINE])
    lake.replace_keys(QUARANTINE, frame(QUARANTINE), frame(QUARANTINE, refused(2)).select("_row_in_file"))
    write(lake.root, LINEAGE, [])
    note_what_leaves(lake, NOW)
    assert noted(lake) == [("second", "items", 2, "zero_price", "not_selected")]
    lake.release()
