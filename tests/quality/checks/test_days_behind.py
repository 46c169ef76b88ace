"""How far the newest order lies behind the day that a lake is seen from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.silver import ORDER_LINES
from quality.checks.days import days_behind, days_without_orders
from quality.heads import Heads
from quality.thresholds import Quarantine
from quality.verdicts import NOTHING_BROKEN
from tests.lakes import write


def heads(spark: SparkSession, root: Path, **newest: date) -> Heads:
    write(root, ORDER_LINES, [{"source_system": source, "order_date": day} for source, day in newest.items()])
    return Heads(Lake(spark, root, run_id="r", as_of=date(2024, 3, 1)), (), [1])


def test_the_source_that_lags_most_counts_and_each_is_told(spark: SparkSession, tmp_path: Path) -> None:
    found = days_behind(heads(spark, tmp_path, shop=date(2024, 2, 28), olist=date(2024, 2, 20)))
    assert (found.figure, found.observed) == (10, "newest order before as-of: olist 10 days, shop 2 days")


def test_without_orders_nothing_lags_and_no_day_is_missing(spark: SparkSession, tmp_path: Path) -> None:
    empty = heads(spark, tmp_path)
    assert (days_behind(empty), days_without_orders(empty, 4)) == (NOTHING_BROKEN, NOTHING_BROKEN)
    assert NOTHING_BROKEN.figure == 0


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    limits = {"max_share": 0.1, "max_share_of_a_file": 0.2, "min_rows": 1, "max_share_of": {}}
    Quarantine.model_validate(limits | {"max_share": 1.0, "max_share_of_a_file": 0.0})
    with pytest.raises(ValueError, match="max_share"):
        Quarantine.model_validate(limits | {"max_share": share})
