"""Conservation: each row of a new file was accepted, superseded, quarantined, pending or left out, else it is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.sources.load import load_source
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.silver import LEFT_OUT, LINEAGE
from quality.checks.accounts import unaccounted_files
from quality.checks.measures import NOTHING_BROKEN
from quality.heads import Heads
from tests.lakes import write

FILE = {"source_system": "shop", "file_kind": "orders", "_file_delivery": "d", "_batch_id": 2}
Of = Callable[..., Heads]


@pytest.fixture
def of(spark: SparkSession, tmp_path: Path) -> Of:
    """A new file of ten rows: what became of them by outcome, what else lineage knows, and what is left out."""

    def staged(*more: dict[str, object], left_out: int = 0, status: str = "loaded", **outcomes: int) -> Heads:
        rows = [FILE | {"feed": "order_lines", "outcome": name, "rows": count} for name, count in outcomes.items()]
        write(tmp_path, LINEAGE, [*rows, *more])
        write(tmp_path, LEFT_OUT, [FILE | {"why": "no sale", "rows": left_out}] if left_out else [])
        loaded = {"source_system": "shop", "status": status, "batch_id": 2, "file_kind": "orders", "delivery": "d"}
        write(tmp_path, INGESTED_FILES, [loaded | {"path": "orders.csv", "rows": 10}])
        lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 2, 1))
        return Heads(lake, (load_source("shop"),), [2])

    return staged


def test_all_outcomes_count_and_so_does_what_is_left_out(of: Of) -> None:
    assert unaccounted_files(of(accepted=4, superseded=3, quarantined=2, pending=1)) == NOTHING_BROKEN
    assert unaccounted_files(of(accepted=7, left_out=3)) == NOTHING_BROKEN


@pytest.mark.parametrize("count", [9, 11])
def test_a_row_that_became_nothing_is_told_with_its_file(of: Of, count: int) -> None:
    found = unaccounted_files(of(accepted=count))
    assert (found.figure, found.observed) == (1, f"shop/orders.csv in order_lines: {count} of 10 rows")


def test_rows_of_another_feed_or_of_an_older_file_make_up_for_none(of: Of) -> None:
    other = FILE | {"feed": "returns", "outcome": "accepted", "rows": 1}
    older = FILE | {"feed": "order_lines", "outcome": "accepted", "rows": 1, "_batch_id": 1}
    assert unaccounted_files(of(other, accepted=9)).figure == 1
    assert unaccounted_files(of(older, accepted=9)).figure == 1


def test_a_file_that_was_not_loaded_owes_no_rows(of: Of) -> None:
    assert unaccounted_files(of(status="duplicate")) == NOTHING_BROKEN
