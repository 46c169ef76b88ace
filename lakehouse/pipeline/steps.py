"""The runner of steps: each starts once the tables that it reads are there, and only where something changed."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

from lakehouse.lake import Lake
from lakehouse.pipeline.events import Events
from lakehouse.settings import Settings
from lakehouse.step import Step

STEPS_AT_ONCE = 3


def run_steps(steps: Sequence[Step], lake: Lake, settings: Settings, events: Events, *, stage: str) -> list[str]:
    """Runs the steps whose inputs changed or whose tables were never published. Returns their names.

    A step starts once those are done whose tables it reads. Others run beside it, since much of a small one is
    waiting. Where one fails, those that have not begun do not.
    """
    by_name, done = {step.name: step for step in steps}, []
    order = TopologicalSorter(waits_for(steps))
    order.prepare()
    pool = ThreadPoolExecutor(STEPS_AT_ONCE)
    running: dict[Future[bool], str] = {}
    try:
        while order.is_active():
            for name in order.get_ready():
                running[pool.submit(_run_one, by_name[name], lake, settings, events, stage)] = name
            for finished in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(finished)
                if finished.result():
                    done.append(name)
                order.done(name)
    finally:
        pool.shutdown(cancel_futures=True)
        lake.release()
    return done


def _run_one(step: Step, lake: Lake, settings: Settings, events: Events, stage: str) -> bool:
    """False where nothing that it reads changed, nor the day that it is seen from: there is nothing to do."""
    unpublished = any(lake.published_version(table) is None for table in step.writes)
    moved = step.follows_as_of and lake.as_of_moved
    if not (unpublished or lake.rebuild or moved or any(lake.changes(table) for table in step.reads)):
        return False
    with events.stage(stage, step.name):
        step.build(lake, settings)
    return True


def waits_for(steps: Sequence[Step]) -> dict[str, set[str]]:
    """Step -> the steps that write what it reads."""
    writers = {table.name: step.name for step in steps for table in step.writes}
    return {step.name: {writers[table.name] for table in step.reads if table.name in writers} for step in steps}
