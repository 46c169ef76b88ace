"""The two lakes, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.shop import Line
from tests.notebooks.worlds import everything, next_to_nothing


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Line]]:
    """A lake with everything, and its order lines."""
    lake = tmp_path_factory.mktemp("everything")
    return lake, everything(lake)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Line]]:
    """A lake with next to nothing, and its order lines."""
    lake = tmp_path_factory.mktemp("next-to-nothing")
    return lake, next_to_nothing(lake)
