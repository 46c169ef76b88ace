"""What increments cost beside the first load: all files but the last two by name, then these one by one, then nothing.

    python -m bench.increment online_retail landing/online_retail

All runs share one JVM, so the start of Spark counts in none of them. The first increment is the first to take its way
through the code, which Java then interprets; the second one shows what is left once Java has compiled it.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from jobs.wiring import pipeline
from lakehouse.engine.spark.session import spark_session
from lakehouse.settings import load_settings


def main(source: str, files: Path, master: str = "local[2]") -> None:
    """Prints seconds by stage, and each run as a part of the first one."""
    *first, one, last = sorted(path for path in files.rglob("*") if path.is_file())
    runs: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        landing = root / "landing" / source
        landing.mkdir(parents=True)
        settings = load_settings(lake=root / "lake", landing=root / "landing", spark={"master": master})
        spark_session("bench", master=master, log_file=root / "spark.log")
        steps = (("first load", first), ("one more file", [one]), ("one more again", [last]), ("nothing new", []))
        for name, new in steps:
            for path in new:
                shutil.copy2(path, landing)
            began = time.monotonic()
            outcome = pipeline.run(settings, [source])
            runs[name] = {"whole": time.monotonic() - began, **outcome.summary.seconds}
    show(runs, len(first))


def show(runs: dict[str, dict[str, float]], files: int) -> None:
    grid = Table(title=f"{files:,} files, then one, then one more, then none", title_justify="left")
    grid.add_column("")
    for name in runs:
        grid.add_column(name, justify="right")
    whole = [seconds["whole"] for seconds in runs.values()]
    grid.add_row("part of the first load", *(f"{seconds / whole[0]:.1%}" for seconds in whole))
    for stage in dict.fromkeys(stage for seconds in runs.values() for stage in seconds):
        grid.add_row(f"{stage}, s", *(f"{seconds.get(stage, 0):.1f}" for seconds in runs.values()))
    Console().print(grid)


if __name__ == "__main__":
    typer.run(main)
