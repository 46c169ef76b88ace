"""What lies in a source's landing folder: files, and what is not opened, with why. Nothing outside it is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from lakehouse.bronze.files import FoundFile, Rejection
from lakehouse.bronze.marks import mark_of
from lakehouse.bronze.members import UNFINISHED, Looked
from lakehouse.tables.reasons import FileReason

NEVER_OPENED = (FileReason.LEADS_OUTSIDE, FileReason.NOT_A_FILE)
"""Why an entry is told of once and not opened: what it is does not change by itself."""


def entries(folder: Path) -> Iterator[Looked]:
    """What is below a folder at any depth, in order of path: each a file, or one with why it is not opened.

    The folder may be a link. Links in it are followed as long as they lead to something below it; a folder that was
    walked already is not walked again. An entry that cannot be looked at takes nothing but itself along.
    """
    root = os.path.realpath(folder)
    if os.path.isdir(root):
        yield from _walk(root, root, "", set())


def _walk(root: str, folder: str, prefix: str, walked: set[tuple[int, int]]) -> Iterator[Looked]:
    try:
        place = os.stat(folder)
        if (place.st_dev, place.st_ino) in walked:
            return
        walked.add((place.st_dev, place.st_ino))
        with os.scandir(folder) as found:
            visible = sorted((one for one in found if not one.name.startswith((".", "_"))), key=lambda one: one.name)
    except OSError as error:
        yield _not_opened(prefix.removesuffix("/") or ".", folder, _unreadable("folder", error))
        return
    if prefix and not visible:
        yield _not_opened(prefix.removesuffix("/"), folder, _no_file("an empty folder"), place)
    for entry in visible:
        path = prefix + os.fsencode(entry.name).decode(errors="replace")
        is_unfinished = entry.name.lower().endswith(UNFINISHED)
        if not is_unfinished or entry.is_dir(follow_symlinks=False):
            yield from _entry(root, entry, path, walked)


def _entry(root: str, entry: os.DirEntry[str], path: str, walked: set[tuple[int, int]]) -> Iterator[Looked]:
    try:
        state, location = entry.stat(follow_symlinks=False), entry.path
        if stat.S_ISLNK(state.st_mode):
            location = os.path.realpath(entry.path)
            if not is_below(root, location):
                yield _not_opened(path, entry.path, _OUTSIDE, state)
                return
            state = os.lstat(location)
    except OSError as error:
        yield _not_opened(path, entry.path, _gone(entry, error))
        return
    if stat.S_ISDIR(state.st_mode):
        yield from _walk(root, location, f"{path}/", walked)
    elif stat.S_ISREG(state.st_mode):
        yield FoundFile(path, location, state.st_size, state.st_mtime_ns // 1000, mark=mark_of(state)), None
    elif stat.S_ISLNK(state.st_mode):
        yield _not_opened(path, location, Rejection(FileReason.UNREADABLE_FILE, _NOWHERE))
    else:
        yield _not_opened(path, location, _no_file(_named(state.st_mode)), state)


def is_below(root: str, location: str) -> bool:
    """Whether a place is a folder or within it. Neither has links in it."""
    return location == root or location.startswith(root.rstrip(os.sep) + os.sep)


def _not_opened(path: str, location: str, why: Rejection, state: os.stat_result | None = None) -> Looked:
    size, modified = (state.st_size, state.st_mtime_ns // 1000) if state else (0, 0)
    return FoundFile(path, location, size, modified), why


_NOWHERE = "The link leads to itself or to nothing: take it away, or put the file itself there"
_OUTSIDE = Rejection(
    FileReason.LEADS_OUTSIDE,
    "The link leads out of the source's landing folder and is not followed: put the file itself there",
)


def _no_file(what: str) -> Rejection:
    return Rejection(FileReason.NOT_A_FILE, f"This is {what} and no file: put the file itself there")


def _named(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _unreadable(what: str, error: OSError) -> Rejection:
    return Rejection(FileReason.UNREADABLE_FILE, f"The {what} cannot be opened: {error.strerror}")


def _gone(entry: os.DirEntry[str], error: OSError) -> Rejection:
    if entry.is_symlink():
        return Rejection(FileReason.UNREADABLE_FILE, _NOWHERE)
    return _unreadable("file", error)
