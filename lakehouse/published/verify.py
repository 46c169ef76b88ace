"""Whether a publication is still what was published: its logs, its data files, and the bytes in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lakehouse.delta.damage import Damaged
from lakehouse.delta.log import LOG, head_version, table_path
from lakehouse.delta.notes import check, data_files
from lakehouse.delta.rows import answer
from lakehouse.published.publications import Publication
from lakehouse.tables.ops import DATA_FILES
from lakehouse.tables.ops import TABLES as OPS

_HASHES = "SELECT table_name, data_file, sha256 FROM data_files"


@dataclass
class Verified:
    """What was looked at, and what is damaged."""

    publication: int
    tables: int = 0
    files: int = 0
    hashed: int = 0
    """Data files whose bytes were read and held against the hash that is kept."""
    without_hash: int = 0
    """Data files of which no hash is kept, since older code published them."""
    hashes_are_gone: bool = False
    """Whether the table of hashes is not there, though there was one when this was published."""
    damaged: list[Damaged] = field(default_factory=list)


def verify(root: Path, publication: Publication, *, deep: bool = False) -> Verified:
    """Holds each table of the publication, and bronze as it was then, against what was noted.

    `deep` reads every data file. The first damage of each table is told; of tables of ops, commits that say nothing,
    and data files that are gone or of another size than their log says.
    """
    found = Verified(publication.publication)
    notes = publication.notes
    hashes = _hashes(root) if deep else {}
    for name in sorted(publication.table_versions.keys() | notes.keys()):
        note = notes.get(name)
        version = note.version if note else publication.table_versions[name]
        found.tables += 1
        try:
            files = checked(root, name, version, publication)
            found.files += len(files)
            for file in files if deep else ():
                _check_bytes(folder_of(root, name), name, file, hashes.get((name, file)), found)
        except Damaged as damage:
            found.damaged.append(damage)
    found.damaged += _damaged_notes(root)
    found.hashes_are_gone = bool(deep and notes) and not table_path(root, DATA_FILES).is_dir()
    return found


def _damaged_notes(root: Path) -> Iterator[Damaged]:
    """Tables of ops, of which no publication notes anything, that are not as their own log says."""
    for table in OPS:
        path = table_path(root, table)
        if (path / LOG).is_dir():
            try:
                check(path, head_version(path), None)
            except Damaged as damage:
                yield damage


def checked(root: Path, name: str, version: int, publication: Publication | None) -> list[str]:
    """The data files of a table, which are as its log and what was noted say. Raises Damaged where they are not."""
    path = folder_of(root, name)
    if not (path / LOG).is_dir():
        raise Damaged(name, f"its folder {path} is gone, or has no {LOG}")
    note = publication.notes.get(name) if publication else None
    return check(path, version, note if note and note.version == version else None)


def damaged_files(root: Path, name: str, version: int) -> list[str]:
    """The data files of a version of a table that are gone, or hold other bytes than the log or a publication says.

    Raises Damaged where its log does not read.
    """
    path, hashes = folder_of(root, name), _hashes(root)
    found = []
    for file, size in data_files(path, version).items():
        there = (path / file).stat().st_size if (path / file).is_file() else None
        noted = hashes.get((name, file))
        if there != size or (noted is not None and _sha256(path / file) != noted):
            found.append(file)
    return found


def folder_of(root: Path, name: str) -> Path:
    """Where a table called `layer.table` lies."""
    return root.joinpath(*name.split(".", 1))


def blame(root: Path, name: str, publication: Publication | None, error: Exception) -> None:
    """Raises Damaged where the table of the publication does not hold the bytes that were published."""
    if publication and name in publication.notes:
        only = replace(publication, table_versions={}, table_notes={name: publication.table_notes[name]})
        for damage in verify(root, only, deep=True).damaged:
            raise damage from error


def _check_bytes(path: Path, name: str, file: str, noted: str | None, found: Verified) -> None:
    if noted is None:
        found.without_hash += 1
        return
    found.hashed += 1
    if _sha256(path / file) != noted:
        raise Damaged(name, f"the data file {file} holds other bytes than were published")


def _hashes(root: Path) -> dict[tuple[str, str], str]:
    """Table and data file -> the hash that was kept when it was published."""
    return {(table, file): digest for table, file, digest in answer(root, DATA_FILES, _HASHES)}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
