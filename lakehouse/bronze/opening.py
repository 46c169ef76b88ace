"""Files opened as they were found: what is read of another file, or of other bytes, is never taken for theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from lakehouse.bronze.files import FoundFile, RefusedError, Rejection
from lakehouse.bronze.marks import mark_of
from lakehouse.tables.reasons import FileReason

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""A pipe in the file's place keeps nobody waiting, and a link in its place is not followed."""


@contextmanager
def as_found(found: FoundFile) -> Iterator[IO[bytes]]:
    """A file, or the archive that it is in, opened.

    Raises OSError where it cannot be opened, and RefusedError (still_changing) where it is another one than was
    found, has other bytes, or has them once they were read. An error of reading what has changed is that error.
    """
    with open(found.location, "rb", opener=lambda path, flags: os.open(path, flags | _FLAGS)) as file:
        _check(found, file)
        try:
            yield file
        except Exception:
            _check(found, file)
            raise
        _check(found, file)


def trouble_of(found: FoundFile) -> Rejection | None:
    """Why a file can no longer be read as it was found; None where it can."""
    try:
        with as_found(found):
            return None
    except RefusedError as refusal:
        return refusal.rejection
    except OSError as error:
        return unreadable(error)


def unreadable(error: OSError) -> Rejection:
    return Rejection(FileReason.UNREADABLE_FILE, f"The file cannot be opened: {error.strerror or type(error).__name__}")


def _check(found: FoundFile, file: IO[bytes]) -> None:
    if found.mark is None:
        return
    # That no folder on the way became a link is asked last: the file is open by now, and its number is known.
    if mark_of(os.fstat(file.fileno())) != found.mark or os.path.realpath(found.location) != found.location:
        raise RefusedError(
            FileReason.STILL_CHANGING,
            "The file changed since the run began to look at it: it is looked at again in the next run",
        )
