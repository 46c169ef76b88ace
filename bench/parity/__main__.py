"""Asks both engines for every function and operator that expressions of sources may use, over edge values.

    python -m bench.parity
    python -m bench.parity --table      the table of docs/engines.md, without asking

Prints what each expression comes to, counted, and what differs: an example with the values of both. Exit code 1 where
Sail takes something otherwise than Spark in silence, and lakehouse.engine.sail.unlike does not refuse it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from itertools import cycle
from pathlib import Path

import typer
from pyspark.sql import SparkSession
from rich.console import Console
from rich.table import Table

from bench.parity.ask import answers, expressions
from bench.parity.edges import edges, edges_at_once
from bench.parity.judge import Verdict, verdict
from lakehouse.engine.sail.engine import started
from lakehouse.engine.sail.unlike import NAMES
from lakehouse.engine.spark.session import spark_session

Answers = dict[str, list[str]]


def by_sail(folder: Path) -> Answers:
    """What Sail says of each expression."""
    engine = started(folder, alone=False)
    try:
        frame = edges(engine.session)
        return {sql: answers(frame, sql) for _, sql in expressions()}
    finally:
        engine.close()


def by_spark(session: SparkSession) -> Answers:
    """What Spark says."""
    frame = edges_at_once(session)
    return {sql: answers(frame, sql) for _, sql in expressions()}


def main(table: bool = False) -> None:
    """Prints the table."""
    if table:
        print(of_refusals())
        return
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sail = by_sail(folder)
        session = spark_session("parity", master="local[1]", driver_memory="1g", log_file=folder / "spark.log")
        spark = by_spark(session)
        session.stop()
    found = {sql: verdict(sql, spark[sql], sail[sql]) for _, sql in expressions()}
    grid = Table("function", "asked", "Spark", "Sail", "what is done")
    for name, sql in expressions():
        if found[sql] is not Verdict.SAME:
            grid.add_row(name, sql, *example(spark[sql], sail[sql]), found[sql].value)
    console.print(grid)
    for one, number in Counter(found.values()).most_common():
        console.print(f"{number:5,} {one.value}")
    if Verdict.SILENT in found.values():
        sys.exit(1)


def example(spark: list[str], sail: list[str]) -> tuple[str, str]:
    """The first values that differ."""
    rows = max(len(spark), len(sail))
    pairs = list(zip(cycle(spark), cycle(sail), range(rows)))
    return next(((one, other) for one, other, _ in pairs if one != other), ("", ""))


def of_refusals() -> str:
    """What Sail takes otherwise, as docs/engines.md has it: a line for each reason."""
    lines = ["| function | what Sail takes otherwise |", "|---|---|"]
    for why in dict.fromkeys(NAMES.values()):
        names = ", ".join(f"`{name}`" for name, one in NAMES.items() if one == why)
        lines.append(f"| {names} | {why} |")
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(main)
