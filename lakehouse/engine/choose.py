"""Which engine runs what, and whose a session is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pyspark.sql import SparkSession

from lakehouse.engine.model import Engine, EngineUnavailable
from lakehouse.engine.sail import engine as sail
from lakehouse.engine.spark.engine import SparkEngine

Choice = Literal["auto", "spark", "sail"]


def chosen(choice: Choice, master: str) -> Literal["spark", "sail"]:
    """The engine that is meant: Spark where nothing else is said.

    Raises EngineUnavailable where Sail is to work on a cluster, or for spark-submit, which has started Spark.
    """
    if choice != "sail":
        return "spark"
    if master.split("[")[0] != "local":
        raise EngineUnavailable(
            f"Sail works on one machine, not for the master {master}: leave --engine sail (LAKEHOUSE_ENGINE) out, or"
            " the master (--master, LAKEHOUSE_SPARK__MASTER, [spark] master)"
        )
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        raise EngineUnavailable(
            "spark-submit has started Spark already: leave --engine sail (LAKEHOUSE_ENGINE) out, or start"
            " `lakehouse` itself"
        )
    return "sail"


def opened(choice: Choice, master: str, spark: Callable[[], SparkSession], scratch: Path) -> Engine:
    """The engine, at work. `spark` makes a session of Spark; `scratch` is where Sail holds frames."""
    return sail.started(scratch) if chosen(choice, master) == "sail" else SparkEngine(spark())


def engine_of(session: SparkSession) -> Engine:
    """The engine whose session that is."""
    return sail.engine_of(session) or SparkEngine(session)
