"""Lakes that are published once for many tests, and the opening of a page."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.data.answers import Answers, opened
from lakehouse.tables import ops
from tests.dashboard import random_marts
from tests.dashboard.extras import SCORES, everything, in_use
from tests.dashboard.random_marts import PUBLISHED, Rows
from tests.dashboard.shop import publication, shop
from tests.lakes import write

ROOM = Path(dashboard.__file__).parent
Open = Callable[..., AppTest]


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


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Open:
    """Opens a page of a lake with the address given; nothing may go wrong on it."""

    def opens(lake: Path, name: str, **address: Any) -> AppTest:
        monkeypatch.setenv("LAKEHOUSE_LAKE", str(lake))
        test = AppTest.from_file(str(ROOM / "views" / f"{name}.py"), default_timeout=120)
        for key, value in address.items():
            test.query_params[key] = value
        with caplog.at_level(logging.ERROR, logger="dashboard"):
            test.run()
        assert not test.exception, test.exception
        assert [one.getMessage() for one in caplog.records if one.name.startswith("dashboard")] == []
        return test

    return opens


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One source with costs, customers, campaigns, scores and models in use."""
    lake = tmp_path_factory.mktemp("full")
    shop(lake, more=everything())
    write(lake, ops.INGESTED_FILES, [{"source_system": "shop", "status": "loaded", "file_kind": "orders", "rows": 9}])
    for table, noted in in_use():
        write(lake, table, noted)
    return lake


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One source that says nothing but what was sold when, and was published before there were scores."""
    lake = tmp_path_factory.mktemp("plain")
    shop(lake, costs=False, customers=False, dimensions=False, without=SCORES)
    return lake


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("several")
    shop(lake, sources=("shop", "stall", "web", "fair", "club"))
    return lake
