"""What is noted of a table at a version, to know it again: rows, files, bytes and a digest of its list of files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote

import pyarrow as pa
from deltalake.exceptions import DeltaError

from lakehouse.delta.damage import Damaged, name_of
from lakehouse.delta.log import opened

_File = tuple[str, int, int]
"""Path below the table, bytes and rows."""


@dataclass(frozen=True)
class TableNote:
    """A table at a version, in few figures."""

    version: int
    rows: int
    """In its files: rows that deletion vectors take away are counted."""
    files: int
    bytes: int
    digest: str
    """SHA-256 of its list of files, each with its size."""

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def __str__(self) -> str:
        return json.dumps(asdict(self))


def data_files(path: str | Path, version: int) -> dict[str, int]:
    """Path below the table -> bytes of each data file of the version, from the log alone. Raises Damaged."""
    return {name: size for name, size, _ in _listed(path, version)}


def note_of(path: str | Path, version: int) -> TableNote:
    """What the log says of the version. Raises Damaged where it does not read."""
    return _note(version, _listed(path, version))


def _note(version: int, files: list[_File]) -> TableNote:
    told = "\n".join(f"{name}\t{size}" for name, size, _ in files)
    rows, size = sum(count for _, _, count in files), sum(size for _, size, _ in files)
    return TableNote(version, rows, len(files), size, hashlib.sha256(told.encode()).hexdigest())


def check(path: str | Path, version: int, noted: TableNote | None) -> list[str]:
    """The data files of a version, which are there, of their sizes.

    Raises Damaged where the log says otherwise than what was noted, or a data file is gone or of another size.
    """
    files = _listed(path, version)
    if noted is not None and (found := _note(version, files)) != noted:
        raise Damaged(name_of(path), _difference(noted, found))
    for name, size, _ in files:
        try:
            there = Path(path, name).stat().st_size
        except FileNotFoundError:
            raise Damaged(name_of(path), f"the data file {name} is gone") from None
        if there != size:
            raise Damaged(name_of(path), f"the data file {name} has {there:,} bytes instead of {size:,}")
    return [name for name, _, _ in files]


def _listed(path: str | Path, version: int) -> list[_File]:
    try:
        actions = pa.table(opened(path, version).get_add_actions(flatten=True))
    except DeltaError as error:
        raise Damaged(name_of(path), f"there is no version {version} of it: {error}") from error
    columns = (actions[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
    return sorted((unquote(name), size, rows or 0) for name, size, rows in zip(*columns, strict=True))


def _difference(noted: TableNote, found: TableNote) -> str:
    said = (f"{one.rows:,} rows in {one.files:,} files of {one.bytes:,} bytes" for one in (found, noted))
    there, published = said
    if there == published:
        return f"version {noted.version} lists other files than were published"
    return f"version {noted.version} has {there}, published were {published}"
