"""A step: what it reads, what it writes, and the function that builds it. The DAG of a run is made of these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    follows_as_of: bool = False
    """True where what it writes depends on the day that the lake is seen from."""
