"""A lake of marts at random, published once for all tests of their figures."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dashboard.data.answers import Answers, opened
from lakehouse.tables import ops
from tests.dashboard import random_marts
from tests.dashboard.random_marts import PUBLISHED, Rows
from tests.dashboard.shop import publication
from tests.lakes import write


@pytest.fixture(scope="session")
def rows() -> Rows:
    """Short name of a table -> its rows."""
    return Rows(random_marts.marts() | random_marts.ops(random.Random(5)))


@pytest.fixture(scope="session")
def marts_lake(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two publications: the first without a third of the customers' scores and without campaigns."""
    lake = tmp_path_factory.mktemp("marts")
    before = rows | {"customer_rfm": [one for at, one in enumerate(rows["customer_rfm"]) if at % 3]}
    publication(lake, 1, before, without=("gold.campaign_roi",), published_at=random_marts.MOMENTS[0], batches=[1])
    publication(lake, 2, rows, parent=1, published_at=PUBLISHED, run_id="of the publication", batches=[2])
    for table in ops.TABLES:
        if table.short_name in rows:
            write(lake, table, rows[table.short_name])
    return lake


@pytest.fixture(scope="session")
def marts(marts_lake: Path) -> Answers:
    return opened(marts_lake, 2)
