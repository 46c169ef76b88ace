"""A lock on the lake: one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from lakehouse.delta.unwritable import writing_to


class LakeBusy(Exception):
    """Another run holds the lake's lease. Exit code 1."""


class LeaseLost(Exception):
    """The lease was taken away while the run worked, so another may write now. Exit code 1."""


@dataclass(frozen=True)
class Lease:
    """What a run holds: the lock on one file, which another run would not be kept out by once it is gone."""

    file: Path
    identity: tuple[int, int]
    """Device and inode; the lock keeps the inode from being given to another file."""

    def check(self) -> None:
        """Raises LeaseLost where the file that is locked lies no longer in its place."""
        if _identity(self.file) != self.identity:
            raise LeaseLost(
                f"{self.file} was removed or replaced while this run worked, so another run may write to the lake now:"
                " this one stops and publishes nothing. Leave that file alone; when no run is at work, start again"
            )


@contextmanager
def lease(root: Path) -> Iterator[Lease]:
    """One writer at a time; the operating system frees the lease of a killed run.

    Raises LakeBusy, and LakeUnwritable where the folder cannot be written to.
    """
    file = root / ".lease"
    with writing_to(root):
        root.mkdir(parents=True, exist_ok=True)
        file.open("ab").close()
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise LakeBusy(f"another run is writing to {root}: wait for it to end, then start again") from error
    try:
        yield Lease(file.resolve(), _identity(file) or (0, 0))
    finally:
        lock.release()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
