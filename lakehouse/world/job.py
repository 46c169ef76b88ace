"""The job that generates a shop: its session, and the run from a request to the files."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from shutil import rmtree

from pyspark.sql import SparkSession

from lakehouse.engine.choose import opened
from lakehouse.engine.spark.session import spark_session
from lakehouse.settings import Settings
from lakehouse.terminal import Terminal, marked
from lakehouse.world.generate import Request, generate, truth_folder

_CUSTOMERS_PER_PARTITION = 1_000_000
_FEW_CUSTOMERS = 100_000
MOST_FOR_SAIL = 100_000
"""Customers that Sail makes sooner than Spark: of 50,000 in a seventh of the time."""
_QUICK_COMPILER = "-XX:TieredStopAtLevel=1"
"""Java's second compiler makes code that is twice as fast, and took half of the time of a run of so few customers."""
_CONF = {
    # Constant tables stand in the plans; their text is of no use to anyone.
    "spark.sql.maxPlanStringLength": "2000",
}


def session(settings: Settings, customers: float, conf: Mapping[str, str] | None = None) -> SparkSession:
    """A session that is good at making the files of so many customers. `conf` weighs over its own settings."""
    partitions = max(4, math.ceil(customers / _CUSTOMERS_PER_PARTITION))
    return spark_session(
        "generate",
        master=settings.spark.master,
        driver_memory=settings.spark.driver_memory,
        log_file=truth_folder(settings.landing) / "_logs" / "generate.log",
        java_options=[_QUICK_COMPILER] if customers <= _FEW_CUSTOMERS else [],
        conf={**_CONF, "spark.sql.shuffle.partitions": str(partitions), **(conf or {})},
    )


def megabytes(request: Request) -> float:
    """What the request counts for where nobody names an engine: of many customers Spark makes the files sooner."""
    return 0 if request.profile.customers * request.scale <= MOST_FOR_SAIL else math.inf


def run(settings: Settings, request: Request) -> None:
    """Generates into settings.landing by the engine of the settings, and says where everything is."""
    console, started = Terminal(highlight=False), time.monotonic()
    customers, held = request.profile.customers * request.scale, truth_folder(settings.landing) / "_held"
    engine = opened(settings.engine, settings.spark.master, lambda: session(settings, customers), held)
    try:
        with console.status("…") as status:
            told = engine.session, request, settings.landing
            world = generate(*told, lambda what: status.update(marked("making {}", what)))
    finally:
        engine.close()
        if engine.name == "spark":
            engine.session.stop()
        rmtree(held, ignore_errors=True)
    seconds = time.monotonic() - started
    console.print(
        f"{world.customers:,} customers, {request.from_} to {request.until}: files in {settings.landing}/shop,"
        f" the truth in {truth_folder(settings.landing)} ({seconds:.0f} s)"
    )
