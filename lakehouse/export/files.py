"""Exports as files: written under a name that nobody reads, and renamed when whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from lakehouse.export.sidecar import sidecar
from lakehouse.export.subjects import ExportFailed, Subject, WrongExport

_PART = ".lakehouse-{name}.part"
_PRIVATE, _USUAL = 0o600, 0o666
Write = Callable[[Subject, Path], int]


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Exported:
    """A file that is there, whole, with its sidecar."""

    name: str
    path: Path
    rows: int
    bytes: int


def export_files(subjects: Iterable[Subject], form: Format, folder: Path) -> Iterator[Exported]:
    """Writes each table or view as `<name>.<form>`, with its sidecar `<name>.<form>.json`, into the folder.

    What stands there under these names is replaced. A file with personal data unmasked is for its owner alone. Raises
    WrongExport where the folder cannot be written or the rows do not fit the format, ExportFailed where another export
    is writing there.
    """
    with _only_one(folder):
        for subject in subjects:
            yield _export(subject, form, folder)


def _export(subject: Subject, form: Format, folder: Path) -> Exported:
    write, notes = _writer(form)
    path = folder / f"{subject.name}.{form}"
    beside = path.with_name(f"{path.name}.json")
    part, part_beside = (one.with_name(_PART.format(name=one.name)) for one in (path, beside))
    is_private = subject.with_personal and bool(subject.personal)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY, _PRIVATE if is_private else _USUAL))
        rows = write(subject, part)
        part_beside.write_text(sidecar(subject, path.name, part, rows, notes), encoding="utf-8")
        size = part.stat().st_size
        # The rows first: until the sidecar follows, its checksum is that of the file before.
        for made, final in ((part, path), (part_beside, beside)):
            _to_disk(made)
            made.replace(final)
    except (OSError, duckdb.IOException) as error:
        raise ExportFailed(f"{path} cannot be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
        part_beside.unlink(missing_ok=True)
    return Exported(subject.name, path, rows, size)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _writer(form: Format) -> tuple[Write, tuple[str, ...]]:
    """What writes the format, and the notes for readers; its packages are imported here."""
    if form is Format.CSV:
        from lakehouse.export import csv_file as chosen
    elif form is Format.PARQUET:
        from lakehouse.export import parquet_file as chosen  # type: ignore[no-redef]
    else:
        from lakehouse.export import xlsx_file as chosen  # type: ignore[no-redef]
    return chosen.write, chosen.NOTES


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """One export at a time into a folder, made where it is not there; what a killed one left behind is cleared away.

    The lock is on the folder itself, so no file stays, and the operating system frees it of a killed process.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise WrongExport(f"{folder} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise ExportFailed(f"another export is writing into {folder}: wait for it, or name another folder") from error
    try:
        for left in folder.glob(_PART.format(name="*")):
            left.unlink()
        yield
    finally:
        os.close(descriptor)
