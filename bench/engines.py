"""What a run costs on each engine: the files of a shop, one more day, and nothing new, each in a process of its own.

    python -m bench.engines --profile seed
    python -m bench.engines --scale 10 --no-spark
    python -m bench.engines --landing LANDING --source online_retail --as-of 2011-12-10

Of files that are there already the last one by name comes as the day.

The clock runs from the start of the process to its exit; memory is the most that the process itself held at any time,
without Java. Both engines read the same files, one after the other, and what they published is held against each other:
where it differs, the bench fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from lakehouse.engine.spark import comet
from lakehouse.published.same_rows import between
from lakehouse.tables.registry import PUBLISHED
from lakehouse.world.profile import load_profile

ENGINES = ("spark", "comet", "sail")
"""Comet is Spark with its operators (docs/cluster.md)."""
FIRST, THEN, IDLE = "the files", "one more day", "nothing new"
STEPS = (FIRST, THEN, IDLE)
Took = tuple[float, float]
"""Seconds, and megabytes at most."""


def main(
    profile: str = "seed",
    scale: float = 1,
    landing: Path | None = None,
    source: str = "shop",
    as_of: str = "",
    models: bool = False,
    by_spark: Annotated[bool, typer.Option("--spark/--no-spark")] = True,
    by_comet: Annotated[bool, typer.Option("--comet/--no-comet")] = False,
    cores: int = 2,
) -> None:
    """Prints seconds by engine and run. `cores` are those that Spark takes; Sail takes those of the machine."""
    day = as_of or load_profile(profile).end.isoformat()
    environment = {
        **os.environ,
        "LAKEHOUSE_MODELS__ENABLED": str(models),
        "LAKEHOUSE_REPORT__ENABLED": "false",
        "LAKEHOUSE_SPARK__MASTER": f"local[{cores}]",
    }
    took: dict[str, dict[str, Took]] = {}
    engines = [name for name, is_asked in zip(ENGINES, (by_spark, by_comet, True), strict=True) if is_asked]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for step in STEPS:
            if landing is None:
                make_files(step, folder, environment, profile, scale)
            else:
                copy_files(step, folder, landing / source)
            for engine in engines:
                run = ["run", "--lake", engine, "--landing", "landing", "--source", source, "--as-of", day]
                native = {comet.VARIABLE: "1" if engine == "comet" else "0"}
                by = ["--engine", "sail" if engine == "sail" else "spark"]
                took.setdefault(step, {})[engine] = timed([*run, *by], folder, environment | native)
        found = [each for one in engines[:-1] for each in between(folder / one, folder / "sail", PUBLISHED)]
    show(took, f"the profile {profile}, {scale:g} times" if landing is None else source)
    if found:
        raise SystemExit(f"the engines differ in {', '.join(sorted({each.table for each in found}))}")


def make_files(step: str, folder: Path, environment: Mapping[str, str], profile: str, scale: float) -> None:
    """Files of a generated shop, the last day of which comes later."""
    last = (load_profile(profile).end - timedelta(days=1)).isoformat()
    if span := {FIRST: ["--until", last], THEN: ["--from", last]}.get(step):
        made = ["generate", "--profile", profile, "--scale", str(scale), "--out", "landing", *span]
        timed(made, folder, environment)


def copy_files(step: str, folder: Path, files: Path) -> None:
    """Files that are there, the last of which by name comes later; where there is one alone, it comes first."""
    found = sorted(path for path in files.rglob("*") if path.is_file())
    for path in {FIRST: found[:-1] or found, THEN: found[1:][-1:]}.get(step, []):
        target = folder / "landing" / files.name / path.relative_to(files)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)


def timed(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Took:
    """What a command of ours takes. Raises CalledProcessError where it does not end well."""
    began = time.monotonic()
    where = {"PYTHONPATH": str(Path(__file__).parents[1])}
    whole = [sys.executable, "-m", "jobs.cli", *command]
    with subprocess.Popen(whole, cwd=folder, env={**environment, **where}) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, whole)
    return time.monotonic() - began, used.ru_maxrss / 1024


def show(took: Mapping[str, Mapping[str, Took]], what: str) -> None:
    grid = Table(title=f"`lakehouse run` on {what}", title_justify="left")
    names = list(next(iter(took.values())))
    others = [name for name in names if name != "spark" and "spark" in names]
    for heading in ("", *(f"{name}, s" for name in names), *(f"{name} / spark" for name in others), "sail, MB"):
        grid.add_column(heading, justify="right" if heading else "left")
    for step, of_engines in took.items():
        seconds = [of_engines[name][0] for name in names]
        ratios = (of_engines[name][0] / of_engines["spark"][0] for name in others)
        grid.add_row(
            step, *(f"{one:.1f}" for one in seconds), *(f"{one:.2f}" for one in ratios), f"{of_engines['sail'][1]:,.0f}"
        )
    Console().print(grid)


if __name__ == "__main__":
    typer.run(main)
