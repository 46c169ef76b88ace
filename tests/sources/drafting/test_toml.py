"""Pieces that drafts are written with."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from lakehouse.settings import conf_dir
from lakehouse.sources.drafting.toml import asked, note
from tests.own_conf import own_conf


def test_lines_that_ask_for_a_decision_are_those_that_begin_so() -> None:
    lines = ["# Lines that begin with `# choose:` ask", *note("this"), "a = 1  # choose: no", "  # choose: that"]
    assert asked(lines) == [(2, "this"), (4, "that")]


def test_a_draft_is_said_to_have_as_many_as_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "landing" / "tea").mkdir(parents=True)
    (tmp_path / "landing" / "tea" / "notes.csv").write_text("weather,rain\ndry,none\n", encoding="utf-8")
    with own_conf(tmp_path, monkeypatch):
        made = CliRunner().invoke(app, ["source", "new", "tea", "--landing", str(tmp_path / "landing")])
        text = (conf_dir() / "sources" / "tea.toml").read_text(encoding="utf-8")
    assert made.exit_code == 0, made.output
    marked = [line for line in text.splitlines() if line.startswith("# choose:")]
    assert f"\n{len(marked)} lines begin with `# choose:`" in made.output
