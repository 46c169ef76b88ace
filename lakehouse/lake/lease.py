"""A lock on the lake: one writer at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


class LakeBusy(Exception):
    """Another run holds the lake's lease. Exit code 1."""


@contextmanager
def lease(root: Path) -> Iterator[None]:
    """One writer at a time; the operating system frees the lease of a killed run. Raises LakeBusy."""
    root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(root / ".lease", timeout=0):
            yield
    except Timeout as error:
        raise LakeBusy(f"another run is writing to {root}: wait for it to end, then start again") from error
