"""A shop by Spark with Comet's operators: the rows that Sail makes of it, which are those of Spark alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lakehouse.engine.spark import comet
from lakehouse.engine.spark.jars import JarsMissing, fetch_jars
from lakehouse.world.profile import load_profile
from tests.docs.pages import ROOT
from tests.journeys.compare import contents

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


def said(folder: Path, *command: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jobs.cli", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_with_comet_the_same_rows_are_published(tmp_path: Path) -> None:
    """The first files of a shop, then the rest of them."""
    for span in (["--until", HALF], ["--from", HALF]):
        said(tmp_path, "generate", "--profile", "tiny", "--out", "landing", *span, "--engine", "sail")
        for lake, engine, wanted in (("comet", "spark", "1"), ("without", "sail", "0")):
            places = ["--lake", lake, "--landing", "landing", "--source", "shop", "--as-of", str(PROFILE.end)]
            said(tmp_path, "run", *places, "--engine", engine, **{comet.VARIABLE: wanted})
        assert contents(tmp_path / "comet") == contents(tmp_path / "without")
    log = (tmp_path / "comet" / "logs" / "spark.log").read_text(encoding="utf-8")
    assert "Comet native library version 1.2.0 initialized" in log
    assert "CometNativeException" not in log
