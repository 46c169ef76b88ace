"""docs/report.md: its commands are typed as they stand, and its tables are those of the code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.report.compose import document, wanted
from dashboard.report.parts import advice
from tests.dashboard.report.conftest import opened, plain, two, whole
from tests.dashboard.shop import shop
from tests.docs.pages import ROOT, block, words

__all__ = ["plain", "two", "whole"]
NAME = "docs/report.md"
PAGE = (ROOT / NAME).read_text(encoding="utf-8")


def typed(command: str, folder: Path) -> str:
    """What a command of the page prints in a folder with a lake; its script is that of the checkout."""
    program, *arguments = words(command)
    start = [sys.executable, "-m", "jobs.cli"] if program == "lakehouse" else [sys.executable, ROOT / arguments.pop(0)]
    done = subprocess.run(
        [*start, *arguments], cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_the_commands_write_the_files_that_the_page_names(tmp_path: Path) -> None:
    shop(tmp_path / "demo" / "lake")
    for command in block(NAME, "lakehouse report --lake").commands:
        typed(command, tmp_path)
    for folder, name in (("demo/lake/reports/executive", "20240401"), ("reports", "20240401"),
                         ("reports", "20240401_shop")):  # fmt: skip
        assert {path.suffix for path in (tmp_path / folder).glob(f"executive_summary_{name}.*")} == {
            ".md", ".txt", ".html"
        }  # fmt: skip
    assert typed(block(NAME, "lakehouse sql").commands[0], tmp_path)


def test_the_page_names_every_section(whole: Path) -> None:
    answers = opened(whole)
    found = document(whole, answers, wanted(answers, None), {})
    titles = [section.title for part in found.parts for section in part.sections]
    titles += [section.title for section in found.closing]
    told = re.findall(r"^\| ([^|`]+?) \|", PAGE.split("## What is in it")[1].split("**Period")[0], re.M)
    assert told == ["section", *titles, "Where the numbers are from"]


def test_the_page_says_where_recommendations_end() -> None:
    assert advice.LEAST_SHARE == 0.0005
    assert "less than 0.05 % of the period's revenue" in PAGE
    assert (advice.MOST, advice.MOST_OF_A_KIND) == (7, 2)
    assert "no more than seven are made, two of a kind" in PAGE
