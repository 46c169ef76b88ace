"""A published shop for exports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lakehouse.published import PublishedLake, open_published
from tests.export.shop import make_shop


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lake of tests/export/shop.py, to be read only."""
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def published(shop: Path) -> Iterator[PublishedLake]:
    with open_published(shop) as lake:
        yield lake
