"""What is noted of a table at a version, to know it again: rows, files, bytes and a digest of its list of files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote

import pyarrow as pa
from deltalake.exceptions import DeltaError

from lakehouse.delta.damage import Damaged, name_of
from lakehouse.delta.log import opened


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
    listed = sorted(_listed(path, version))
    told = "\n".join(f"{name}\t{size}" for name, size, _ in listed)
    rows, size = sum(count for _, _, count in listed), sum(size for _, size, _ in listed)
    return TableNote(version, rows, len(listed), size, hashlib.sha256(told.encode()).hexdigest())


def check(path: str | Path, version: int, noted: TableNote | None) -> None:
    """Raises Damaged where the log says otherwise than what was noted, or a data file is gone or of another size."""
    if noted is not None and (found := note_of(path, version)) != noted:
        raise Damaged(name_of(path), _difference(noted, found))
    for name, size in data_files(path, version).items():
        try:
            there = Path(path, name).stat().st_size
        except FileNotFoundError:
            raise Damaged(name_of(path), f"the data file {name} is gone") from None
        if there != size:
            raise Damaged(name_of(path), f"the data file {name} has {there:,} bytes instead of {size:,}")


def _listed(path: str | Path, version: int) -> Iterator[tuple[str, int, int]]:
    try:
        actions = pa.table(opened(path, version).get_add_actions(flatten=True))
    except DeltaError as error:
        raise Damaged(name_of(path), f"there is no version {version} of it: {error}") from error
    columns = (actions[name].to_pylist() for name in ("path", "size_bytes", "num_records"))
    for name, size, rows in zip(*columns, strict=True):
        yield unquote(name), size, rows or 0


def _difference(noted: TableNote, found: TableNote) -> str:
    said = (f"{one.rows:,} rows in {one.files:,} files of {one.bytes:,} bytes" for one in (found, noted))
    there, published = said
    if there == published:
        return f"version {noted.version} lists other files than were published"
    return f"version {noted.version} has {there}, published were {published}"
