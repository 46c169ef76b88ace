"""How much may be in quarantine: what meets a limit exactly passes, one row more does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.ops import INGESTED_FILES
from lakehouse.tables.silver import LINEAGE
from quality.checks.accounts import quarantined_share, quarantined_share_of_files
from quality.checks.measures import NOTHING_BROKEN
from quality.heads import Heads
from quality.thresholds import Quarantine
from tests.lakes import write

LIMITS = Quarantine(max_share=0.10, max_share_of_a_file=0.25, min_rows=1000, max_share_of={"returns": 0.29})
Of = Callable[..., Heads]


def told(rows: int, refused: int, **more: Any) -> list[dict[str, Any]]:
    """What became of so many rows of one file."""
    file = {"source_system": "shop", "feed": "order_lines", "file_kind": "orders", "_file_delivery": "d1"}
    file |= {"_batch_id": 1} | more
    return [file | {"outcome": "accepted", "rows": rows - refused}, file | {"outcome": "quarantined", "rows": refused}]


@pytest.fixture
def of(spark: SparkSession, tmp_path: Path) -> Of:
    """Files of which batch 1 is new."""

    def staged(*files: list[dict[str, Any]]) -> Heads:
        write(tmp_path, LINEAGE, [row for file in files for row in file])
        new = {"source_system": "shop", "status": "loaded", "batch_id": 1, "file_kind": "orders", "delivery": "d1"}
        write(tmp_path, INGESTED_FILES, [new | {"path": "orders.csv", "rows": 1000}])
        return Heads(Lake(spark, tmp_path, run_id="r", as_of=date(2024, 2, 1)), (), [1])

    return staged


def test_a_share_exactly_at_the_limit_passes_and_one_row_more_does_not(of: Of) -> None:
    assert quarantined_share(of(told(1000, 100)), LIMITS) == NOTHING_BROKEN
    found = quarantined_share(of(told(1000, 101)), LIMITS)
    assert (found.figure, found.observed) == (1, "shop.order_lines: 10.1% of 1,000 rows, at most 10.0%")


@pytest.mark.parametrize(("rows", "refused"), [(1000, 290), (1500, 435), (3100, 899)])
def test_a_limit_is_met_exactly_whatever_floating_point_makes_of_it(of: Of, rows: int, refused: int) -> None:
    assert quarantined_share(of(told(rows, refused, feed="returns")), LIMITS) == NOTHING_BROKEN
    assert quarantined_share(of(told(rows, refused + 1, feed="returns")), LIMITS).figure == 1


def test_fewer_rows_than_are_judged_never_fail(of: Of) -> None:
    assert quarantined_share(of(told(999, 999)), LIMITS) == NOTHING_BROKEN
    assert quarantined_share(of(told(1000, 1000)), LIMITS).figure == 1
    assert quarantined_share(of([]), LIMITS.model_copy(update={"min_rows": 0})) == NOTHING_BROKEN


def test_all_rows_that_a_feed_ever_took_are_counted_together_and_each_feed_for_itself(of: Of) -> None:
    older = told(9000, 0, _batch_id=0, _file_delivery="d0")
    assert quarantined_share(of(older, told(1000, 1000)), LIMITS) == NOTHING_BROKEN
    found = quarantined_share(of(older, told(1001, 1001), told(2000, 300, feed="customers")), LIMITS)
    assert [one.split(":")[0] for one in found.observed.split("; ")] == ["shop.customers", "shop.order_lines"]


def test_a_new_file_exactly_at_its_limit_passes_and_one_row_more_is_named(of: Of) -> None:
    assert quarantined_share_of_files(of(told(1000, 250)), LIMITS) == NOTHING_BROKEN
    found = quarantined_share_of_files(of(told(1000, 251)), LIMITS)
    assert (found.figure, found.observed) == (1, "shop/orders.csv: 25.1% of 1,000 rows")
    assert quarantined_share_of_files(of(told(999, 999)), LIMITS) == NOTHING_BROKEN


def test_an_older_file_is_not_judged_again(of: Of) -> None:
    assert quarantined_share_of_files(of(told(1000, 900, _batch_id=0)), LIMITS) == NOTHING_BROKEN
