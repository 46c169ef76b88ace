"""Whether new order lines are of another kind: the index, and when it says something."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.silver import ORDER_LINES
from quality.checks.shift import LEAST_SHARE, shift_of_categories, stability_index
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN
from tests.lakes import publish, write


def heads(spark: SparkSession, root: Path, *, before: int, new: int) -> Heads:
    """Lines by card of before, and new ones half by voucher."""
    lines = [{"_batch_id": 1, "payment_method": "card"}] * before
    lines += [{"_batch_id": 2, "payment_method": ("card", "voucher")[number % 2]} for number in range(new)]
    publish(root, 1, {ORDER_LINES.name: write(root, ORDER_LINES, lines)})
    return Heads(Lake(spark, root, run_id="r", as_of=date(2024, 3, 1)), (), [2])


def test_a_kind_that_one_side_does_not_have_counts_as_if_it_had_a_little() -> None:
    half = (0.5 - 1) * math.log(0.5)
    as_if = (0.5 - LEAST_SHARE) * math.log(0.5 / LEAST_SHARE)
    assert stability_index({"card": 4}, {"card": 2, "voucher": 2}) == pytest.approx(half + as_if)
    assert stability_index({"card": 2, "voucher": 2}, {"card": 4}) == pytest.approx(half + as_if)


@pytest.mark.parametrize(("before", "new", "says"), [(4, 4, True), (3, 4, False), (4, 3, False)])
def test_so_many_lines_of_either_side_are_enough_and_one_less_is_not(
    spark: SparkSession, tmp_path: Path, before: int, new: int, says: bool
) -> None:
    found = shift_of_categories(heads(spark, tmp_path, before=before, new=new), 4)
    assert (found != NOTHING_BROKEN) == says
    if says:
        assert found.figure == pytest.approx(stability_index({"card": 4}, {"card": 2, "voucher": 2}))
