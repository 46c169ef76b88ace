"""A run on a cluster that goes away: Spark waits for it without end, so the run is ended with a sentence instead."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from lakehouse.engine.cluster.client import is_standalone
from lakehouse.engine.spark.reach import addresses, listens

EVERY_SECONDS = 2.0
MASTER_SECONDS = 20.0
"""A master that is started again within this time is found by its workers and drivers."""
EXECUTOR_SECONDS = 120.0
"""Workers may be at work for others, and executors take their time to start."""


class ClusterLost(Exception):
    """The cluster went away from under a run. Exit code 1."""

    exit_code = 1


@dataclass
class Patience:
    """How long something has been missing."""

    longest: float
    since: float | None = None

    def is_over(self, there: bool, now: float) -> bool:
        """Whether it has been missing for longer than that."""
        if there:
            self.since = None
        elif self.since is None:
            self.since = now
        return self.since is not None and now - self.since >= self.longest


@contextmanager
def watched(spark: SparkSession) -> Iterator[None]:
    """Ends what runs within where the master is gone, or no executor is there; raises ClusterLost then.

    Nothing is watched where Spark has no cluster of its own kind.
    """
    master = str(spark.conf.get("spark.master"))
    if not is_standalone(master):
        yield
        return
    found: list[str] = []
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(spark, master, over, found), name="cluster", daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        if found:
            raise ClusterLost(found[0]) from error
        raise
    finally:
        over.set()
        thread.join(EVERY_SECONDS * 5)


def _watch(spark: SparkSession, master: str, over: threading.Event, found: list[str]) -> None:
    context: Any = spark.sparkContext._jsc
    given_back = spark.conf.get("spark.dynamicAllocation.enabled", "false") == "true"
    places = addresses(master)
    try:
        said = missing(
            lambda: any(listens(place) for place in places),
            lambda: given_back or len(context.sc().statusTracker().getExecutorInfos()) > 1,  # the driver is one
            lambda: over.wait(EVERY_SECONDS),
            master,
        )
        if said:
            found.append(said)
            context.sc().stop()
    except Py4JError:  # Spark itself has ended, of which the run hears too
        return


def missing(
    has_master: Callable[[], bool],
    has_executor: Callable[[], bool],
    is_over: Callable[[], bool],
    master: str,
    clock: Callable[[], float] = time.monotonic,
) -> str | None:
    """Looks until the run is over, which gives None, or something was missing for too long: what, in a sentence."""
    without_master, without_executor = Patience(MASTER_SECONDS), Patience(EXECUTOR_SECONDS)
    while not is_over():
        now = clock()
        if without_master.is_over(has_master(), now):
            return (
                f"the master at {master} has been gone for {MASTER_SECONDS:.0f} seconds: this run published nothing, "
                "the last publication stands. Start the cluster (`lakehouse cluster down`, then `up`) and run again"
            )
        if without_executor.is_over(has_executor(), now):
            return (
                f"the cluster at {master} has given this run no executor for {EXECUTOR_SECONDS:.0f} seconds: its "
                "workers are gone, or at work for others (`lakehouse cluster status`). Nothing was published"
            )
    return None
