"""Why a lake cannot be written to, in words: the file system is read-only, or full, or not this user's."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

_WORDS = {
    errno.EROFS: "read-only file system",
    errno.ENOSPC: "no space left on device",
    errno.EDQUOT: "disk quota exceeded",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
}
_OF_THE_DISK = (errno.EROFS, errno.ENOSPC, errno.EDQUOT)
"""What errors of Java and of delta-rs, which are texts, are searched for: the others may be about any file."""
_SAID = {number: re.compile(rf"{_WORDS[number]}|\(os error {number}\)", re.IGNORECASE) for number in _OF_THE_DISK}


class LakeUnwritable(Exception):
    """The lake's folder cannot be written to. Exit code 1."""


@contextmanager
def writing_to(lake: Path) -> Iterator[None]:
    """Raises LakeUnwritable where what is within cannot write to the lake."""
    try:
        yield
    except OSError as error:
        if error.errno in _WORDS:
            raise LakeUnwritable(f"the lake at {lake} cannot be written: {_WORDS[error.errno]}") from error
        raise


def why_unwritable(error: BaseException, lake: Path) -> str:
    """What an error, or one behind it, says of a disk that took no more; empty where it is about something else."""
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in _WORDS:
            is_of_lake = bool(one.filename) and Path(str(one.filename)).resolve().is_relative_to(lake.resolve())
            if is_of_lake or (one.errno in _OF_THE_DISK and not one.filename):
                return f"the lake at {lake} cannot be written: {_WORDS[one.errno]}"
            if one.errno in _OF_THE_DISK:
                return f"{one.filename} cannot be written: {_WORDS[one.errno]}"
        for number, words in _SAID.items():
            if not isinstance(one, OSError) and words.search(str(one)):
                what = f"the lake at {lake}" + ("" if str(lake.resolve()) in str(one) else f", or {gettempdir()},")
                return f"{what} cannot be written: {_WORDS[number]}"
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it, the last first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
