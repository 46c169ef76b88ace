"""The sheet that pictures are drawn on, and their look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard.report.pictures.canvas import look_of_pictures
from dashboard.report.pictures.sheet import Sheet
from tests.dashboard.report.pictures import rows
from tests.dashboard.report.pictures.drawn import sheet_of


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    return sheet_of(tmp_path_factory.mktemp("drawn"), rows.everything())


@pytest.fixture(autouse=True)
def _look() -> Iterator[None]:
    with look_of_pictures():
        yield
