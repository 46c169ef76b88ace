"""Which engine runs what, and whose a session is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pyspark.sql import SparkSession

from lakehouse.engine.model import Engine, EngineUnavailable
from lakehouse.engine.sail import engine as sail
from lakehouse.engine.sail.alone import CAN_BE as CAN_BE_ALONE
from lakehouse.engine.spark.engine import SparkEngine

Choice = Literal["auto", "spark", "sail"]


def fitting(choice: Choice, master: str, megabytes: float, most_megabytes: float) -> Literal["spark", "sail"]:
    """The engine that is meant. `auto` is Sail on one machine where no other gets at its server, for at most so many
    megabytes of files and bronze: it holds in memory what Spark spills. Raises EngineUnavailable as `chosen` does."""
    if choice == "auto":
        is_for_sail = _is_on_one_machine(master) and not _is_submitted() and sail.is_there() and CAN_BE_ALONE
        return "sail" if is_for_sail and megabytes <= most_megabytes else "spark"
    return chosen(choice, master)


def chosen(choice: Choice, master: str) -> Literal["spark", "sail"]:
    """The engine that is meant, Spark where nobody says.

    Raises EngineUnavailable where Sail is to work on a cluster, or for spark-submit, which has started Spark.
    """
    if choice != "sail":
        return "spark"
    if not _is_on_one_machine(master):
        raise EngineUnavailable(
            f"Sail works on one machine, not for the master {master}: leave --engine sail (LAKEHOUSE_ENGINE) out, or"
            " the master (--master, LAKEHOUSE_SPARK__MASTER, [spark] master)"
        )
    if _is_submitted():
        raise EngineUnavailable(
            "spark-submit has started Spark already: leave --engine sail (LAKEHOUSE_ENGINE) out, or start"
            " `lakehouse` itself"
        )
    return "sail"


def _is_on_one_machine(master: str) -> bool:
    return master.split("[")[0] == "local"


def _is_submitted() -> bool:
    return "PYSPARK_GATEWAY_PORT" in os.environ


def opened(choice: Choice, master: str, spark: Callable[[], SparkSession], scratch: Path) -> Engine:
    """The engine, at work. `spark` makes a session of Spark; `scratch` is where Sail holds frames."""
    return sail.started(scratch) if chosen(choice, master) == "sail" else SparkEngine(spark())


def engine_of(session: SparkSession) -> Engine:
    """The engine whose session that is."""
    return sail.engine_of(session) or SparkEngine(session)
