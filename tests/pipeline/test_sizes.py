"""What stands behind a table decides who writes it."""

from __future__ import annotations

import pyarrow as pa
from deltalake import write_deltalake

from lakehouse.lake import Lake
from lakehouse.pipeline.sizes import rows_behind
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
