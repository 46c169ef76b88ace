"""What a publication names is on the disk before its row is: data files, commits and folders, synced and hashed.

A rename survives a process that is killed, but not a power cut: the file may be there and hold nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lakehouse.delta.log import LOG
from lakehouse.delta.notes import data_files

_AT_ONCE = 2**20


@dataclass(frozen=True)
class DataFile:
    """A data file of a table as it was when it was synced."""

    table_name: str
    data_file: str
    bytes: int
    sha256: str


def secure(root: Path, versions: Mapping[str, int], before: Mapping[str, int]) -> list[DataFile]:
    """Syncs what these versions have that those before had not, and hashes the data files of it.

    Raises Damaged where a log does not read.
    """
    found: list[DataFile] = []
    folders: set[Path] = set()
    for name, version in sorted(versions.items()):
        base = before.get(name)
        if base == version:
            continue
        path = root.joinpath(*name.split(".", 1))
        new = _new_files(path, version, base)
        found += [_secured(path, name, one) for one in new]
        for log in _new_commits(path, -1 if base is None else base):
            _sync(log)
        folders |= _folders(root, [path / one for one in new], path)
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        _sync(folder)
    return found


def _new_files(path: Path, version: int, base: int | None) -> list[str]:
    known = data_files(path, base) if base is not None and base < version else {}
    return [name for name in data_files(path, version) if name not in known]


def _new_commits(path: Path, base: int) -> Iterable[Path]:
    """Files of the log after `base`, checkpoints among them, and the files of rows that were deleted."""
    for one in sorted((path / LOG).iterdir()):
        if one.is_file() and (not one.name[:20].isdigit() or int(one.name[:20]) > base):
            yield one
    yield from path.glob("deletion_vector_*.bin")


def _folders(root: Path, files: Iterable[Path], path: Path) -> set[Path]:
    found = {root, path.parent, path, path / LOG}
    for file in files:
        found |= {one for one in file.parents if path in one.parents}
    return found


def _secured(path: Path, name: str, file: str) -> DataFile:
    sha256, size = hashlib.sha256(), 0
    with (path / file).open("rb") as opened:
        while piece := opened.read(_AT_ONCE):
            sha256.update(piece)
            size += len(piece)
        os.fsync(opened.fileno())
    return DataFile(name, file, size, sha256.hexdigest())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
