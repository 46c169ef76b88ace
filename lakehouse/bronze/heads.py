"""The first rows of files, as files of the same names: small enough to try a source on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lakehouse.bronze.files import FoundFile, RefusedError
from lakehouse.bronze.formats.registry import format_of
from lakehouse.bronze.formats.text import copy_lines
from lakehouse.bronze.forms import form_of
from lakehouse.bronze.signatures import HEAD, OLD_OFFICE, ZIP, named
from lakehouse.bronze.streams import GZIP, plain_bytes, raw_chunks
from lakehouse.sources.file_kind import FileKind, Format


def copy_head(file: Path, target: Path, rows: int, kind: FileKind | None) -> None:
    """Copies the file's first rows (and its header) to `target`, zipped as it is, with its time of modification.

    A file of no known kind is taken to be text, where its bytes do not show that it is none. What cannot be cut is
    copied whole, as a zip archive.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    form = _form(file, kind)
    if form and kind:
        format_of(form).head(file, target, rows, kind)
    elif form is None:
        shutil.copyfile(file, target)
    else:
        copy_lines(file, target, rows, None)
    modified = file.stat()
    os.utime(target, ns=(modified.st_atime_ns, modified.st_mtime_ns))


def _form(file: Path, kind: FileKind | None) -> Format | None:
    """The format that it is cut as; None where it is copied whole, also because a run refuses it."""
    with file.open("rb") as opened:
        first = opened.read(HEAD)
        if first.startswith((*ZIP, OLD_OFFICE)) or (named(first) and not first.startswith(GZIP)):
            return None
        if kind is None:
            return "csv"
        opened.seek(0)
        found = FoundFile(file.name, str(file), file.stat().st_size, 0)
        try:
            compressed, chunks = plain_bytes(raw_chunks(opened))
            return form_of(found, kind, chunks, compressed=compressed)[0]
        except RefusedError:
            return None
