"""How Spark is to work follows from how much there is to read."""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from rich.console import Console

from jobs import work
from jobs.work import Work
from lakehouse.events import Events
from lakehouse.lake import Lake
from lakehouse.settings import load_settings
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables.silver import CUSTOMERS
from tests.lakes import write

NEW = {"shop": BatchSelection(consumed=(1,), new=(2,))}


def is_interpreted(lake: Lake, *, rebuild: bool = False) -> bool:
    """Whether a run of one new batch has plans interpreted."""
    with Events(lake.root, "r", progress=Console(file=io.StringIO())) as events:
        doing = Work(lake, load_settings(), [], events, lambda: datetime(2024, 3, 1, tzinfo=UTC), rebuild)
        # The tests' own session interprets all plans, so its options would not tell.
        return not isinstance(doing.pace(NEW), nullcontext)


def test_a_small_run_in_a_small_lake_has_its_plans_interpreted(lake: Lake) -> None:
    assert is_interpreted(lake)


def test_a_rebuild_has_not(lake: Lake) -> None:
    assert not is_interpreted(lake, rebuild=True)


def test_customers_count_towards_a_large_lake_as_lines_do(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    write(lake.root, CUSTOMERS, [{"customer_id": name} for name in "ABC"])
    monkeypatch.setattr(work, "FEW_KNOWN", 3)
    assert is_interpreted(lake)
    monkeypatch.setattr(work, "FEW_KNOWN", 2)
    assert not is_interpreted(lake)
