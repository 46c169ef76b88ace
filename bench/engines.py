"""What a run costs on each engine: the files of a shop, one more day, and nothing new, each in a process of its own.

    python -m bench.engines --profile seed

The clock runs from the start of the process to its exit. Both engines read the same files, one after the other, and
what they published is held against each other: where it differs, the bench fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from lakehouse.published import open_published
from lakehouse.tables.registry import PUBLISHED
from lakehouse.world.profile import load_profile

ENGINES = ("spark", "sail")


def main(profile: str = "seed", models: bool = False, cores: int = 2) -> None:
    """Prints seconds by engine and run. `cores` are those that Spark takes; Sail takes those of the machine."""
    end = load_profile(profile).end
    last = (end - timedelta(days=1)).isoformat()
    environment = {
        **os.environ,
        "LAKEHOUSE_MODELS__ENABLED": str(models),
        "LAKEHOUSE_REPORT__ENABLED": "false",
        "LAKEHOUSE_SPARK__MASTER": f"local[{cores}]",
    }
    seconds: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        steps = (("files of the shop", ["--until", last]), ("one more day", ["--from", last]), ("nothing new", []))
        for step, days in steps:
            if days:
                timed(["generate", "--profile", profile, "--out", "landing", *days], folder, environment)
            for engine in ENGINES:
                run = ["run", "--lake", engine, "--landing", "landing", "--source", "shop", "--as-of", end.isoformat()]
                took = timed([*run, "--engine", engine], folder, environment)
                seconds.setdefault(step, {})[engine] = took
        differing = differences(*(folder / engine for engine in ENGINES))
    show(seconds, profile)
    if differing:
        raise SystemExit(f"the engines differ in {', '.join(differing)}")


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    """Seconds that a command of ours takes. Raises CalledProcessError where it does not end well."""
    began = time.monotonic()
    where = {"PYTHONPATH": str(Path(__file__).parents[1])}
    subprocess.run([sys.executable, "-m", "jobs.cli", *command], check=True, cwd=folder, env={**environment, **where})
    return time.monotonic() - began


def differences(one: Path, other: Path) -> list[str]:
    """The published tables that do not have the same rows over their business columns."""
    found = []
    for table in PUBLISHED:
        names = ", ".join(f'"{name}"' for name in table.business_columns)
        sides = []
        for lake in (one, other):
            with open_published(lake) as published:
                if table.name in published.table_names():
                    rows = published.sql(f"SELECT CAST(t AS VARCHAR) FROM (SELECT {names} FROM {table.name}) AS t")
                    sides.append(sorted(rows.fetchall()))
        if len(sides) == 1 or (sides and sides[0] != sides[1]):
            found.append(table.name)
    return found


def show(seconds: Mapping[str, Mapping[str, float]], profile: str) -> None:
    grid = Table(title=f"seconds of `lakehouse run` on the profile {profile}", title_justify="left")
    grid.add_column("")
    for name in (*ENGINES, "sail / spark"):
        grid.add_column(name, justify="right")
    for step, took in seconds.items():
        values = (took[engine] for engine in ENGINES)
        grid.add_row(step, *(f"{value:.1f}" for value in values), f"{took['sail'] / took['spark']:.2f}")
    Console().print(grid)


if __name__ == "__main__":
    typer.run(main)
