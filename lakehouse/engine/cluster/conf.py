"""Settings of a cluster on this machine: of its processes, and of drivers that work with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lakehouse.engine.cluster.place import SECRET, Place
from lakehouse.engine.cluster.ports import ADDRESS

_LEAST_PARTITIONS = 4


def protected(secret: str) -> dict[str, str]:
    """Who speaks must know the secret, and what is said is encrypted (AES). Nothing weaker is agreed upon."""
    return {
        "spark.authenticate": "true",
        SECRET: secret,
        "spark.network.crypto.enabled": "true",
        "spark.network.crypto.saslFallback": "false",
    }


def daemon_conf(place: Place, secret: str, history_port: int) -> dict[str, str]:
    """Of the master, the workers and the history server."""
    return {
        **protected(secret),
        # Opens a port of its own otherwise, which asks nobody for a secret.
        "spark.master.rest.enabled": "false",
        # Pages show, and end nothing.
        "spark.ui.killEnabled": "false",
        "spark.master.ui.decommission.allow.mode": "DENY",
        # A port that was taken meanwhile is an error, and not another port than the one that was told.
        "spark.port.maxRetries": "0",
        "spark.worker.cleanup.enabled": "true",
        "spark.history.fs.logDirectory": place.events.as_uri(),
        "spark.history.fs.update.interval": "2s",
        "spark.history.ui.port": str(history_port),
    }


def client_conf(place: Place, secret: str, memory: str, cores: int) -> dict[str, str]:
    """Of drivers. What a run asks for besides weighs over it."""
    # For large clusters it is 200: on a few cores each shuffle of a small run is mostly the start of tasks.
    partitions = str(max(_LEAST_PARTITIONS, 2 * cores))
    return {
        "spark.sql.shuffle.partitions": partitions,
        "spark.sql.adaptive.coalescePartitions.initialPartitionNum": partitions,
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": partitions,
        "spark.databricks.delta.snapshotPartitions": "2",
        **protected(secret),
        "spark.executor.memory": memory,
        "spark.driver.host": ADDRESS,
        "spark.driver.bindAddress": ADDRESS,
        # The history server shows runs while they run, too; a driver's own pages would be open to the network.
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": place.events.as_uri(),
    }


def as_properties(conf: Mapping[str, str]) -> str:
    """In the form of spark-defaults.conf."""
    return "".join(f"{name} {value}\n" for name, value in conf.items())


def from_properties(path: Path) -> dict[str, str]:
    """What `as_properties` wrote."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition(" ") for line in lines)}
