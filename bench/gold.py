"""The gold stage at ten million order lines by Spark and by Sail, against DuckDB and pandas on the same Parquet files.

    python -m bench.gold --lines 10000000
    python -m bench.gold --lines 1000000 --no-spark     by Sail alone, for Spark is known

The generated shop without defects is run to silver at scale 1; its silver is taken as many times as needed, each time
with other customers and orders. From these files the lake's gold stage makes all its tables: first those that the
others make too, then the rest. Sail does the same from a copy of silver, DuckDB (2 threads) and pandas make theirs,
each of them in a process of its own that has the machine to itself; rows and net revenue of facts and marts must be the
same, or the command fails. The most memory that a process held is that of its own; --driver-memory bounds Spark's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from deltalake import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from rich.console import Console
from rich.table import Table as Grid

from lakehouse.engine.spark.session import spark_session
from lakehouse.gold import STEPS
from lakehouse.lake import Lake, spark_writer
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.sizes import rows_behind
from lakehouse.pipeline.steps import run_steps
from lakehouse.settings import Settings, load_settings
from lakehouse.step import Step
from lakehouse.tables import silver
from lakehouse.tables.model import Table
from lakehouse.world.profile import load_profile

Found = dict[str, tuple[float, int, float]]
"""Table -> seconds, rows, net revenue."""
Made = tuple[dict[str, float], Found]
"""Seconds of the shared steps and of the rest; of the shared ones what they made."""
BY_SAIL = "lake_of_sail"
"""Folder of the copy of silver that Sail starts from."""

SHARED = (
    *("dim_date", "dim_customer", "dim_product", "fact_sales", "dim_geography", "fact_returns", "mart_currencies"),
    *("order_totals", "daily_sales", "product_days", "customer_rfm", "cohort_retention"),
)
"""Steps that make what the other engines make too, and some tables beside."""
COMPARED = (
    *("fact_sales", "fact_returns", "order_totals", "daily_sales", "product_days", "customer_rfm"),
    "cohort_retention",
)
OF_CUSTOMERS = ("customer_id", "order_id", "return_id", "payment_id", "touch_id")
ONCE = ("silver.products", "silver.campaigns", "silver.campaign_spend", "silver.fx_rates")


def main(
    lines: int = 10_000_000,
    master: str = "local[2]",
    driver_memory: str = "8g",
    by_spark: Annotated[bool, typer.Option("--spark/--no-spark")] = True,
) -> None:
    """Prints seconds by engine and their ratios."""
    profile = load_profile("seed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop(folder / "shop")
        settings = load_settings(lake=folder / "lake", as_of=profile.end)
        spark = spark_session("bench", master=master, driver_memory=driver_memory, log_file=folder / "spark.log")
        multiply(spark, folder / "shop" / "lake", settings.lake, lines, profile.end)
        shutil.rmtree(folder / "shop")
        shutil.copytree(settings.lake, folder / BY_SAIL)
        (folder / "files.json").write_text(json.dumps(files_of_silver(settings.lake)))
        made = {"Spark": by_session(spark, settings, profile.end)} if by_spark else {}
        end(spark)
        told, megabytes = in_own_process("sail", folder, profile.end, settings.reporting_currency)
        made["Sail"] = (told["seconds"], told["made"])
        memory, others = {"Sail": megabytes}, {}
        for engine in ("duckdb", "pandas"):
            others[engine], memory[engine] = in_own_process(engine, folder, profile.end, settings.reporting_currency)
        show(made, others, memory)


def end(spark: SparkSession) -> None:
    """Ends the session and its JVM: the others are to have the machine's memory."""
    gateway: Any = spark.sparkContext._gateway
    spark.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


def shop(folder: Path) -> None:
    """The shop's silver, by the commands, in processes of their own."""
    places = ("--landing", str(folder / "landing"), "--lake", str(folder / "lake"))
    for command in (
        ("generate", "--clean", "--out", str(folder / "landing")),
        ("ingest", *places),
        ("silver", *places),
    ):
        subprocess.run([sys.executable, "-m", "jobs.cli", *command], check=True)


def multiply(spark: SparkSession, small: Path, root: Path, lines: int, as_of: date) -> None:
    """Writes the silver tables of a lake with at least so many order lines."""
    before, after = (
        Lake(spark, folder, run_id="bench", as_of=as_of, rows_behind=rows_behind) for folder in (small, root)
    )
    times = -(-lines // before.read(silver.ORDER_LINES).count())
    for table in silver.TABLES:
        after.ensure(table)
        if table.name not in ("silver.quarantine", "silver.lineage", "silver.left_out"):
            rows = taken(before.read(table), 1 if table.name in ONCE else times)
            # The lake itself would take these for little, for it has no bronze.
            spark_writer.append(after.path(table), table, rows)


def taken(rows: DataFrame, times: int) -> DataFrame:
    """The rows so many times, each time of other customers and orders."""
    again = rows.crossJoin(F.broadcast(rows.sparkSession.range(times).select(F.col("id").alias("_time"))))
    names = [name for name in OF_CUSTOMERS if name in rows.columns and times > 1]
    return again.withColumns({name: F.concat_ws("~", name, "_time") for name in names}).drop("_time")


def files_of_silver(root: Path) -> dict[str, list[str]]:
    """Table -> its Parquet files, of the tables that have rows."""
    files = {table.short_name: DeltaTable(f"{root}/silver/{table.short_name}").file_uris() for table in silver.TABLES}
    return {name: paths for name, paths in files.items() if paths}


def by_session(spark: SparkSession, settings: Settings, as_of: date) -> Made:
    """Seconds of the shared steps and of the rest, and what the tables hold."""
    lake = Lake(spark, settings.lake, run_id="bench", as_of=as_of, rows_behind=rows_behind)
    shared = [step for step in STEPS if step.name in SHARED]
    seconds = {}
    with Events(settings.lake, "bench") as events:
        for name, steps in (("shared", shared), ("rest", [step for step in STEPS if step not in shared])):
            seconds[name] = timed(steps, lake, settings, events)
    tables = {table.short_name: table for step in shared for table in step.writes}
    return seconds, {name: figures(lake, tables[name]) for name in COMPARED}


def timed(steps: Sequence[Step], lake: Lake, settings: Settings, events: Events) -> float:
    began = time.monotonic()
    run_steps(steps, lake, settings, events, stage="gold")
    return time.monotonic() - began


def figures(lake: Lake, table: Table) -> tuple[float, int, float]:
    revenue = F.sum("net_revenue") if "net_revenue" in table.column_names else F.lit(0)
    # The lake also says of a cohort in which months nobody ordered.
    rows = lake.read(table).where("customers > 0") if table.short_name == "cohort_retention" else lake.read(table)
    [row] = rows.agg(F.count("*"), revenue).collect()
    return 0.0, row[0], float(row[1])


def in_own_process(engine: str, folder: Path, as_of: date, reporting: str) -> tuple[Any, float]:
    """What the script of an engine prints, and the most megabytes of memory that it held."""
    command = [sys.executable, "-m", f"bench.gold_{engine}", str(folder), as_of.isoformat(), reporting]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return json.loads(output.splitlines()[-1]), used.ru_maxrss / 1024


def show(made: Mapping[str, Made], others: Mapping[str, Found], memory: Mapping[str, float]) -> None:
    """Prints seconds, and the ratios to DuckDB and pandas. Ends with an error where what was made differs."""
    first = next(iter(made.values()))[1]
    grid = Grid(title=f"gold of {first['fact_sales'][1]:,} order lines, seconds", title_justify="left")
    for name in ("", *made, *others):
        grid.add_column(name, justify="right" if name else "left")
    empty = [""] * len(made)
    for table in others["duckdb"]:
        grid.add_row(table, *empty, *(f"{found[table][0]:.1f}" if table in found else "" for found in others.values()))
    sums = {engine: sum(second for second, _, _ in found.values()) for engine, found in others.items()}
    shared = {engine: seconds["shared"] for engine, (seconds, _) in made.items()} | sums
    grid.add_row("all of these", *(f"{seconds:.1f}" for seconds in shared.values()))
    for engine, total in sums.items():
        grid.add_row(f"by {engine}'s", *(f"{seconds / total:.2f} x" for seconds in shared.values()))
    grid.add_row("all other marts", *(f"{seconds['rest']:.1f}" for seconds, _ in made.values()))
    grid.add_row("megabytes at most", *(f"{memory[name]:,.0f}" if name in memory else "" for name in (*made, *others)))
    Console().print(grid)
    for engine, found in [(name, one) for name, (_, one) in made.items()] + list(others.items()):
        for table, (_, rows, revenue) in first.items():
            # Floats of pandas: to a part in ten million.
            if rows != found[table][1] or abs(revenue - found[table][2]) > 1e-7 * abs(revenue):
                sys.exit(f"{table}: {next(iter(made))} made {rows:,} rows, {revenue:.4f}; {engine} {found[table][1:]}")


if __name__ == "__main__":
    typer.run(main)
