"""A shop by Spark with Comet's operators: the rows that Sail makes of it, which are those of Spark alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakehouse.engine.spark import comet
from lakehouse.engine.spark.jars import JarsMissing, fetch_jars
from lakehouse.published.same_rows import between
from lakehouse.tables.registry import PUBLISHED
from lakehouse.world.profile import load_profile
from tests.journeys.by_engine import done, run

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.timeout(1800), pytest.mark.usefixtures("java")]
PROFILE = load_profile("tiny")
HALF = "2024-11-25"


@pytest.fixture(autouse=True)
def _its_jar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(comet.VARIABLE, "1")
    try:
        fetch_jars()
    except JarsMissing as error:
        pytest.skip(f"Comet's JAR cannot be had: {error}")


def test_with_comet_the_same_rows_are_published(tmp_path: Path) -> None:
    """The first files of a shop, then the rest of them."""
    for span in (["--until", HALF], ["--from", HALF]):
        done(tmp_path, "generate", "--profile", "tiny", "--out", "landing", *span, "--engine", "sail")
        for lake, engine, wanted in (("comet", "spark", "1"), ("without", "sail", "0")):
            run(tmp_path, lake, "shop", str(PROFILE.end), engine, **{comet.VARIABLE: wanted})
        assert between(tmp_path / "comet", tmp_path / "without", PUBLISHED) == []
    log = (tmp_path / "comet" / "logs" / "spark.log").read_text(encoding="utf-8")
    assert "Comet native library version 1.2.0 initialized" in log
    assert "CometNativeException" not in log
