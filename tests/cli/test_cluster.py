"""What the commands of the cluster print, at 80 columns, and how they end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from jobs.cli import app
from jobs.cli.cluster import _memory, show
from lakehouse.engine.cluster.ask import State
from lakehouse.engine.cluster.place import FOLDER_VARIABLE, Cluster, Page, Place

NAMES = ["master", *(f"worker-{number}" for number in range(1, 13)), "history"]
PAGES = [Page(name, f"http://127.0.0.1:{8080 + place}") for place, name in enumerate(NAMES)]
CLUSTER = Cluster("lakehouse-1", "spark://127.0.0.1:65535", PAGES, dict.fromkeys(NAMES, 1))
WHOLE = State((), True, 12, 1024, 1024, ("lakehouse",))


def shown(cluster: Cluster | None, state: State | None) -> list[str]:
    console = Console(width=80, record=True, force_terminal=False, highlight=False, soft_wrap=True)
    show(console, Place(Path("/home/someone/.local/state/lakehouse/cluster")), cluster, state)
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    return lines


def test_a_cluster_that_is_whole_is_told_with_its_pages() -> None:
    lines = shown(CLUSTER, WHOLE)
    assert lines[0] == "spark://127.0.0.1:65535  12 of 12 workers alive, 1024 of 1024 cores at work"
    assert [line.split() for line in lines[1:15]] == [[page.name, "runs", page.address] for page in PAGES]
    assert ["at", "work", "lakehouse"] in [line.split() for line in lines]
    assert not any("down" in line for line in lines)


def test_what_is_gone_is_named_with_the_way_on() -> None:
    lines = shown(CLUSTER, replace(WHOLE, dead=("worker-2",)))
    assert [line.split()[0] for line in lines if " gone " in line] == ["worker-2"]
    assert any("lakehouse cluster down" in line for line in lines)
    lines = shown(CLUSTER, State(("master",), False, 0, 0, 0, ()))
    assert lines[0] == "the master of spark://127.0.0.1:65535 does not answer"
    assert any("lakehouse cluster down" in line for line in lines)


def test_no_cluster_is_an_exit_code_and_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    status = CliRunner().invoke(app, ["cluster", "status"])
    assert (status.exit_code, "`lakehouse cluster up` starts one" in status.stdout) == (1, True)
    as_json = CliRunner().invoke(app, ["cluster", "status", "--json"])
    assert (as_json.exit_code, json.loads(as_json.stdout)) == (1, {"cluster": None, "state": None})
    down = CliRunner().invoke(app, ["cluster", "down"])
    assert (down.exit_code, down.stdout) == (0, f"no cluster runs in {tmp_path}\n")


@pytest.mark.parametrize(
    "option", [["--workers", "0"], ["--cores", "0"], ["--port", "80"], ["--memory", "511m"], ["--memory", "512"]]
)
def test_a_size_that_is_none_is_wrong_usage(option: list[str], tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["cluster", "up", "--folder", str(tmp_path / "x"), *option])
    assert said.exit_code == 2
    assert not (tmp_path / "x").exists()


def test_the_least_size_is_one() -> None:
    assert [_memory(size) for size in ("512m", "1g")] == ["512m", "1g"]
