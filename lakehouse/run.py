"""Steps and the runner: what a step reads, what it writes, and the function that builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lakehouse.events import Events
from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.tables.model import Table

STEPS_AT_ONCE = 3


@dataclass(frozen=True)
class Step:
    """One node of the DAG."""

    name: str
    reads: tuple[Table, ...]
    writes: tuple[Table, ...]
    build: Callable[[Lake, Settings], None]
    follows_as_of: bool = False
    """True where what it writes depends on the day that the lake is seen from."""


def run_steps(steps: Sequence[Step], lake: Lake, settings: Settings, events: Events) -> list[str]:
    """Runs the steps whose inputs changed or whose tables were never published. Returns their names.

    Steps wait for those whose tables they read; others run side by side, since much of a small one is waiting.
    """
    done: list[str] = []
    try:
        with ThreadPoolExecutor(STEPS_AT_ONCE) as pool:
            for wave in waves(steps):
                ran = pool.map(lambda step: _run_one(step, lake, settings, events), wave)
                done += [name for name in ran if name]
    finally:
        lake.release()
    return done


def _run_one(step: Step, lake: Lake, settings: Settings, events: Events) -> str | None:
    """The step's name; None where nothing that it reads changed, nor the day that it is seen from."""
    unpublished = any(lake.published_version(table) is None for table in step.writes)
    moved = step.follows_as_of and lake.as_of_moved
    if not (unpublished or lake.rebuild or moved or any(lake.changes(table) for table in step.reads)):
        return None
    with events.stage("gold", step.name):
        step.build(lake, settings)
    return step.name


def waves(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The steps in groups: none reads what its own group or a later one writes. Raises ValueError for a circle."""
    left = list(steps)
    while left:
        unwritten = {table.name for step in left for table in step.writes}
        ready = [step for step in left if not any(table.name in unwritten for table in step.reads)]
        if not ready:
            raise ValueError(f"the steps {', '.join(step.name for step in left)} wait for each other")
        yield ready
        left = [step for step in left if step not in ready]
