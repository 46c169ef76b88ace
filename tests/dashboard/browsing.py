"""A small shop's dashboard, and a browser to look at it with; skipped where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bench.browser import chromium, dashboard_of, missing
from tests.dashboard.extras import everything
from tests.dashboard.shop import shop


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lake = tmp_path_factory.mktemp("browser")
    shop(lake, more=everything())
    with dashboard_of(lake) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if said := missing():
        pytest.skip(said)
    with chromium() as opened:
        yield opened
