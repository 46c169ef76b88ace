"""How much there is to do, before it is done: what decides who does it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from lakehouse.lake import Lake
from lakehouse.settings import Settings
from lakehouse.settings.machine import memory
from lakehouse.tables.model import Table
from lakehouse.tables.silver import ORDER_LINES

MEMORY_OF_SAIL = 40
"""Times what lies in the landing zone and in bronze that a run by Sail may take of memory: see docs/operations.md."""


def rows_behind(lake: Lake, table: Table) -> int:
    """Order lines; for silver, where they are not counted before they are written, the rows of bronze."""
    return lake.count_layer("bronze") if table.layer == "silver" else lake.count(ORDER_LINES)


def megabytes_of(settings: Settings) -> float:
    """What lies in the landing zone and in bronze, as it lies there: files that were loaded count twice."""
    return sum(map(_bytes_of, (settings.landing, settings.lake / "bronze"))) / 1_000_000


def most_for_sail(settings: Settings) -> float:
    """Megabytes up to which `auto` takes Sail: as is set, and no more than fits into the machine's memory."""
    return min(settings.sail.most_megabytes, memory() / 1_000_000 / MEMORY_OF_SAIL)


def _bytes_of(folder: Path) -> int:
    return sum(_sizes(folder))


def _sizes(folder: str | Path) -> Iterator[int]:
    """Of all files below; of what cannot be looked into, nothing: whoever reads it says why."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _sizes(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry.stat(follow_symlinks=False).st_size
