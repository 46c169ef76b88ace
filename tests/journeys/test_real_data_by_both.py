"""Real data sets by both engines: what is published is the same, row by row."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lakehouse.published import newest
from lakehouse.published.same_rows import between
from lakehouse.tables.registry import PUBLISHED
from tests.journeys.by_engine import run

pytestmark = [
    *(pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(3000), pytest.mark.shared_data),
    pytest.mark.usefixtures("java"),
]
FOLDERS = {
    "adventureworks": ["adventureworks_maven"],
    "northwind": ["northwind"],
    "olist": ["olist_sample_10k", "olist_reference"],
    "online_retail": ["online_retail"],
}


@pytest.mark.parametrize("source", FOLDERS)
def test_both_engines_publish_the_same_of_real_files(source: str, shared_data: Path, tmp_path: Path) -> None:
    for name in FOLDERS[source]:
        shutil.copytree(shared_data / name, tmp_path / "landing" / source / name)
    for engine in ("sail", "spark"):
        run(tmp_path, engine, source, "2024-01-01", engine)
    assert between(tmp_path / "sail", tmp_path / "spark", PUBLISHED) == []
    assert newest(tmp_path / "sail").notes["gold.fact_sales"].rows > 2000
