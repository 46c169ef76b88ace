"""The first rows of files, as files of the same names: small enough to try a source on."""

from __future__ import annotations

import os
from pathlib import Path

from lakehouse.bronze.formats.registry import FORMATS
from lakehouse.bronze.formats.text import copy_lines
from lakehouse.sources.file_kind import FileKind


def copy_head(file: Path, target: Path, rows: int, kind: FileKind | None) -> None:
    """Copies the file's first rows (and its header) to `target`, zipped as it is, with its time of modification.

    A file of no known kind is taken to be text. What cannot be cut is copied whole.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind:
        FORMATS[kind.read_as(file.name)].head(file, target, rows, kind)
    else:
        copy_lines(file, target, rows, None)
    modified = file.stat()
    os.utime(target, ns=(modified.st_atime_ns, modified.st_mtime_ns))
