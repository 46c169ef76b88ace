"""README's tour: its commands are typed as they stand, its pictures are there and small."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.dashboard.extras import everything
from tests.dashboard.shop import shop
from tests.docs.pages import ROOT, block

README = (ROOT / "README.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"(?:\]\(|src(?:set)?=\")(docs/images/[^)\"]+)", README)
MOST_BYTES = 250_000


def test_the_commands_of_the_tour_do_what_it_says(tmp_path: Path) -> None:
    shop(tmp_path / "demo" / "lake", more=everything())
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    (scripts / "activate").write_text(f"lakehouse() {{ '{sys.executable}' -m jobs.cli \"$@\"; }}\n")
    done = subprocess.run(
        ["bash", "-e"], input=block("README.md", "source .venv/bin/activate").text, cwd=tmp_path, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "United Kingdom" in done.stdout
    kinds = {path.suffix for path in (tmp_path / "report").iterdir() if path.stem.startswith("executive_summary_")}
    assert kinds == {".html", ".md", ".txt"}
    assert list((tmp_path / "report").glob("*.png"))
    workbook = openpyxl.load_workbook(tmp_path / "exports" / "gold.customer_rfm.xlsx")
    assert workbook.sheetnames == ["rows", "about"]


def test_there_are_pictures_of_dashboard_report_and_models() -> None:
    assert {Path(one).stem.split("_")[0] for one in PICTURES} == {"lakehouse", "dashboard", "report", "mlflow"}


@pytest.mark.parametrize("picture", PICTURES)
def test_a_picture_is_there_and_small(picture: str) -> None:
    assert 1000 < (ROOT / picture).stat().st_size < MOST_BYTES


def test_the_picture_of_the_lakehouse_is_the_one_that_its_script_draws() -> None:
    from bench.diagram import drawn

    assert (ROOT / "docs/images/lakehouse.svg").read_text(encoding="utf-8") == drawn()
