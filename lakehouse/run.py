"""Steps and the runner: what a step reads, what it writes, and the function that builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lakehouse.events import Events
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.tables.model import Table


@dataclass(frozen=True)
class Step:
    """One node of the DAG."""

    name: str
    reads: tuple[Table, ...]
    writes: tuple[Table, ...]
    build: Callable[[Lake, Settings], None]


def run_steps(steps: Iterable[Step], lake: Lake, settings: Settings, events: Events) -> list[str]:
    """Runs, in order, the steps whose inputs changed or whose tables were never published. Returns their names."""
    done = []
    for step in steps:
        unpublished = any(lake.published_version(table) is None for table in step.writes)
        if unpublished or lake.rebuild or any(lake.changes(table) for table in step.reads):
            with events.stage("gold", step.name):
                step.build(lake, settings)
            done.append(step.name)
    return done
