"""How Spark is to work follows from how much there is to read."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from lakehouse.lake import Lake
from lakehouse.pipeline import pace
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables.silver import CUSTOMERS
from tests.lakes import write

pytestmark = pytest.mark.spark

NEW = {"shop": BatchSelection(consumed=(1,), new=(2,))}


def is_interpreted(lake: Lake, *, rebuild: bool = False) -> bool:
    """Whether a run of one new batch has plans interpreted."""
    # The tests' own session interprets all plans, so its options would not tell.
    return not isinstance(pace.pace(lake, NEW, rebuild=rebuild), nullcontext)


def test_a_small_run_in_a_small_lake_has_its_plans_interpreted(lake: Lake) -> None:
    assert is_interpreted(lake)


def test_a_rebuild_has_not(lake: Lake) -> None:
    assert not is_interpreted(lake, rebuild=True)


def test_customers_count_towards_a_large_lake_as_lines_do(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    write(lake.root, CUSTOMERS, [{"customer_id": name} for name in "ABC"])
    monkeypatch.setattr(pace, "FEW_KNOWN", 3)
    assert is_interpreted(lake)
    monkeypatch.setattr(pace, "FEW_KNOWN", 2)
    assert not is_interpreted(lake)
