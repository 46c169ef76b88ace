"""What a file system says of a file, so that another in its place, or other bytes in it, are seen."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

COARSEST = 0.02
"""Seconds in which a file system may give two changes the same time: Linux counts in hundredths of a second or less."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The same as long as nobody wrote to a file, or put another in its place.

    Its size and its time of modification anybody can set; the time of the last change of its entry only the file
    system does. Where one keeps neither that nor numbers of files, size and time of modification are all there is.
    """

    device: int
    number: int
    bytes: int
    modified_at: int
    changed_at: int
    """Nanoseconds since 1970, as `modified_at`; a copy with the same times, a change of rights count as changes too."""


def mark_of(state: os.stat_result) -> Mark:
    return Mark(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


def wait_for_next_tick(mark: Mark) -> None:
    """Where a file was changed just now, waits until a further change has a time of its own."""
    if abs(time.time_ns() - mark.changed_at) < COARSEST * 1e9:
        time.sleep(COARSEST)
