"""What the gate adds to a run: the generated shop at a scale, loaded whole, and then one more day.

    python -m bench.gate --scale 22

At scale 22 the shop has a million order lines. Both runs share one JVM, so the start of Spark counts in neither.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from jobs.wiring import pipeline
from lakehouse.engine.spark.session import spark_session
from lakehouse.settings import load_settings
from lakehouse.world.profile import load_profile


def main(scale: float = 22.0, master: str = "local[2]") -> None:
    """Prints seconds by stage, and those of the gate as a part of all others."""
    profile = load_profile("seed")
    last = profile.end - timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder:
        landing = Path(folder) / "landing"
        settings = load_settings(
            lake=Path(folder) / "lake", landing=landing, spark={"master": master}, as_of=profile.end
        )
        runs: dict[str, dict[str, float]] = {}
        for name, first, until in (("first load", profile.start, last), ("one more day", last, profile.end)):
            generate(landing, scale, first, until)
            spark_session("bench", master=master, log_file=Path(folder) / "spark.log")
            runs[name] = dict(pipeline.run(settings, ["shop"]).summary.seconds)
        show(runs)


def generate(landing: Path, scale: float, first: date, until: date) -> None:
    """By the command, in a process of its own: its Spark is set up for other work."""
    span = ("--from", first.isoformat(), "--until", until.isoformat())
    command = [sys.executable, "-m", "jobs.cli", "generate", "--out", str(landing), "--scale", f"{scale:g}", *span]
    subprocess.run(command, check=True)


def show(runs: dict[str, dict[str, float]]) -> None:
    grid = Table(title="seconds by stage", title_justify="left")
    grid.add_column("")
    for name in runs:
        grid.add_column(name, justify="right")
    for stage in dict.fromkeys(stage for seconds in runs.values() for stage in seconds):
        grid.add_row(stage, *(f"{seconds.get(stage, 0):.1f}" for seconds in runs.values()))
    shares = (seconds["gate"] / (sum(seconds.values()) - seconds["gate"]) for seconds in runs.values())
    grid.add_row("the gate adds to all others", *(f"{share:.1%}" for share in shares))
    Console().print(grid)


if __name__ == "__main__":
    typer.run(main)
