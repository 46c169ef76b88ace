"""The files of a report, the command that writes them, and how it ends."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jobs.cli import app
from jobs.wiring import ExecutiveReport
from lakehouse.published import open_published
from tests.dashboard.shop import publication

KINDS = ("md", "txt", "html")


def command(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["report", *map(str, arguments)])
    return done.exit_code, done.output


def test_the_files_are_three_and_lie_where_they_are_wanted(plain: Path, tmp_path: Path) -> None:
    code, said = command("--lake", plain, "--out", tmp_path / "a" / "b")
    assert code == 0
    assert sorted(map(Path, said.split())) == sorted((tmp_path / "a" / "b").iterdir())
    assert {f"executive_summary_20240401.{kind}" for kind in KINDS} <= {Path(line).name for line in said.split()}


@pytest.mark.long
def test_the_files_are_named_by_the_day_that_they_are_seen_from_and_come_out_the_same(
    whole: Path, tmp_path: Path
) -> None:
    code, said = command("--lake", whole, "--out", tmp_path)
    assert code == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {f"executive_summary_20240402.{kind}" for kind in KINDS} <= set(first)
    assert sorted(map(Path, said.split())) == sorted(tmp_path.iterdir())
    pictures = {name for name in first if not name.startswith("executive")}
    assert {Path(name).suffix for name in pictures} == {".png", ".svg"}
    assert command("--lake", whole, "--out", tmp_path)[0] == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


@pytest.mark.long
def test_an_older_publication_and_one_source_can_be_asked_for(two: Path, whole: Path, tmp_path: Path) -> None:
    assert command("--lake", whole, "--publication", 1, "--out", tmp_path)[0] == 0
    assert "Publication 1, seen from 1 Apr 2024" in (tmp_path / "executive_summary_20240401.md").read_text()
    assert command("--lake", two, "--source", "stall", "--out", tmp_path)[0] == 0
    page = (tmp_path / "executive_summary_20240401_stall.md").read_text()
    assert "Source stall" in page
    assert "Source shop" not in page


def test_without_sales_the_command_has_nothing_to_report_on_and_a_run_goes_without(tmp_path: Path) -> None:
    publication(tmp_path, 1, {"daily_sales": []})
    code, said = command("--lake", tmp_path)
    assert code == 1
    assert "No sale is published yet" in said
    told = ExecutiveReport().write(tmp_path, 1)
    assert (told.page, "No sale is published yet" in told.remark) == (None, True)


def test_what_cannot_be_reported_on_ends_with_words(whole: Path, tmp_path: Path) -> None:
    code, said = command("--lake", whole, "--source", "nobody", "--out", tmp_path)
    assert (code, "has no source nobody: there are shop" in " ".join(said.split())) == (2, True)
    assert command("--lake", whole, "--publication", 9, "--out", tmp_path)[0] == 2
    assert command("--lake", tmp_path / "nothing", "--out", tmp_path)[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_there_is_a_report_that_says_what_to_install(plain: Path, tmp_path: Path) -> None:
    code = (
        "import importlib.machinery as m, sys\n"
        "find = m.PathFinder.find_spec\n"
        "m.PathFinder.find_spec = lambda name, *rest: None if name == 'matplotlib' else find(name, *rest)\n"
        "from jobs.cli import app\n"
        f"app(['report', '--lake', {str(plain)!r}, '--out', {str(tmp_path)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.suffix[1:] for path in tmp_path.iterdir()} == set(KINDS)
    assert "matplotlib" in done.stderr
    assert "pip install" in (tmp_path / "executive_summary_20240401.md").read_text()


@pytest.mark.long
def test_a_report_can_be_asked_again_by_the_statements_that_it_prints(whole: Path, tmp_path: Path) -> None:
    command("--lake", whole, "--out", tmp_path)
    page = (tmp_path / "executive_summary_20240402.txt").read_text()
    statements = re.findall(r"^\[\d+\] .*?publication\s+(\d+)\.\n((?:  (?!- ).*\n)+)", page, re.M)
    assert len(statements) > 20
    for number, statement in statements:
        with open_published(whole, int(number)) as lake:
            assert lake.sql(statement).columns


@pytest.mark.long
def test_a_file_that_is_there_is_replaced_whole(whole: Path, tmp_path: Path) -> None:
    old = tmp_path / "executive_summary_20240402.md"
    old.write_text("old")
    reader = old.open()
    assert command("--lake", whole, "--out", tmp_path)[0] == 0
    assert reader.read() == "old"
    assert old.read_text().startswith("# Executive summary")
    assert not list(tmp_path.glob(".lakehouse-*"))
