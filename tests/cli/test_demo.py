"""What `make demo` says at its end, and `make dashboard` where there is no lake."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from typer.main import get_command

from jobs.cli import app
from jobs.cli.demo import where_to_look
from tests.docs.pages import ROOT, words

SAID = where_to_look(date(2024, 2, 1))
COMMANDS = [line[15:].split("   ")[0].rstrip(" \\") for line in SAID.splitlines() if ".venv/bin/lakehouse" in line]


def test_no_line_is_longer_than_a_terminal_is_wide() -> None:
    assert max(map(len, SAID.splitlines())) <= 80


def test_dashboard_report_models_quality_and_notebooks_are_told() -> None:
    [opened] = [part for part in SAID.split("\n\n") if part.strip().startswith("Open")]
    for wanted in (
        "make dashboard   then http://127.0.0.1:8501",
        "demo/lake/reports/executive/executive_summary_20240201.html",
        "models ui --lake demo/lake",
        "demo/lake/reports/quality/latest.html",
        "notebooks",
    ):
        assert wanted in opened


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_that_there_is(command: str) -> None:
    root = get_command(app)
    name, *_ = words(command)[1:]
    assert name in root.list_commands(root.make_context("lakehouse", [name], resilient_parsing=True))  # type: ignore[attr-defined]


def test_without_a_lake_make_dashboard_says_what_makes_one(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "-o", "setup", "dashboard", f"LAKE={tmp_path / 'none'}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "make demo makes one" in done.stderr


def test_without_a_lake_no_picture_is_taken_and_make_demo_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "-o", "setup", "screenshots", f"LAKE={tmp_path / 'none'}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "`make demo` makes a lake" in done.stderr
