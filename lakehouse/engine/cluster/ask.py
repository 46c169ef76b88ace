"""What a cluster says of itself, by its master's page."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from lakehouse.engine.cluster.marked import marked
from lakehouse.engine.cluster.place import Cluster

_LONGEST_SECONDS = 5
# Pages of this machine: no proxy is asked.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class State:
    """What of a cluster is there."""

    dead: tuple[str, ...]
    """Processes that were started and are no more."""
    answers: bool
    """Whether the master does."""
    workers: int
    """Those that the master knows to be alive."""
    cores: int
    cores_used: int
    applications: tuple[str, ...]
    """Names of what runs."""

    @property
    def is_whole(self) -> bool:
        return self.answers and not self.dead


def state(cluster: Cluster) -> State:
    """How the cluster stands now."""
    alive = marked(cluster.identity)
    dead = tuple(name for name, pid in cluster.pids.items() if pid not in alive)
    said = master_says(cluster.page("master")) if "master" not in dead else None
    if said is None or said.get("url") != cluster.master:
        return State(dead, False, 0, 0, 0, ())
    running = tuple(str(one["name"]) for one in said["activeapps"])
    return State(dead, True, int(said["aliveworkers"]), int(said["cores"]), int(said["coresused"]), running)


def master_says(page: str) -> dict[str, Any] | None:
    """What the master's page says to programs; None where it does not answer."""
    found = answer(f"{page}/json/")
    try:
        return dict(json.loads(found)) if found else None
    except ValueError:
        return None


def answer(address: str) -> bytes | None:
    """What a page says; None where it says nothing."""
    try:
        with _OPENER.open(address, timeout=_LONGEST_SECONDS) as response:
            return bytes(response.read())
    except OSError:
        return None
