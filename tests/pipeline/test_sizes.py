"""What stands behind a table decides who writes it, and what lies there in all which engine is taken."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from lakehouse.lake import Lake
from lakehouse.pipeline import sizes
from lakehouse.pipeline.sizes import rows_behind
from lakehouse.settings import load_settings
from lakehouse.tables.gold import DIM_DATE
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES
from tests.lakes import write


def test_what_silver_has_behind_it_are_the_rows_of_bronze(lake: Lake) -> None:
    assert rows_behind(lake, CUSTOMERS) == 0
    for kind in ("any_kind", "other_kind"):
        write_deltalake(lake.root / "bronze" / kind, pa.table({"text": ["1", "2"]}))
    assert rows_behind(lake, CUSTOMERS) == 4


def test_what_gold_has_behind_it_are_the_order_lines(lake: Lake) -> None:
    write(lake.root, ORDER_LINES, [{"order_id": name} for name in "ABC"])
    write(lake.root, DIM_DATE, [{}])
    assert rows_behind(lake, DIM_DATE) == 3


@pytest.mark.parametrize(("memory", "most"), [(8_000_000_000, 200), (20_000_000_000, 500), (64_000_000_000, 500)])
def test_sail_is_given_no_more_than_fits_into_a_fortieth_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: int, most: float
) -> None:
    monkeypatch.setattr(sizes, "memory", lambda: memory)
    assert sizes.most_for_sail(load_settings(lake=tmp_path)) == most
