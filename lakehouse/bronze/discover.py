"""Finds the files below landing/<source> and says which kind each one is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from lakehouse.bronze.entries import entries
from lakehouse.bronze.files import FoundFile, RefusedError
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.model import Source
from lakehouse.sources.name_pattern import values
from lakehouse.tables.reasons import FileReason


def scan(folder: Path) -> Iterator[FoundFile]:
    """The files below a folder at any depth that can be opened, in order of path; none where there is no such folder.

    What is hidden (a name that starts with a dot or an underscore) or not yet whole (.tmp, .part, .crdownload) is
    left out, folders likewise, and so is what is no file below that folder (see `entries`).
    """
    return (file for file, refusal in entries(folder) if refusal is None)


def kind_of(path: str, source: Source) -> str:
    """The kind of file that a path below landing/<source> belongs to. Raises RefusedError where that is not one."""
    if "\ufffd" in path:
        raise RefusedError(
            FileReason.UNREADABLE_NAME, "The file's name holds bytes that are not UTF-8: rename the file"
        )
    kinds = [name for name, kind in source.loaded.items() if any(_matches(path, one) for one in kind.pattern)]
    if not kinds:
        patterns = ", ".join(pattern for kind in source.loaded.values() for pattern in kind.pattern)
        raise RefusedError(
            FileReason.UNKNOWN_FILE,
            f"No kind of file of source {source.name} has this name ({patterns}): rename the file, or widen a pattern",
        )
    if len(kinds) > 1:
        raise RefusedError(
            FileReason.AMBIGUOUS_FILE,
            f"Source {source.name} takes this name for {' and for '.join(kinds)}: narrow the patterns of one; or, where"
            f' its rows are meant for both, let [files.{kinds[1]}] say no more than same_as = "{kinds[0]}"',
        )
    return kinds[0]


def name_values(path: str, kind: FileKind) -> Mapping[str, str]:
    """What the source declares to read from the file's name. Raises RefusedError where the name does not fit."""
    if not kind.from_name:
        return {}
    name = path.rsplit("/", 1)[-1]
    found = values(kind.from_name, name)
    if found is None:
        raise RefusedError(
            FileReason.UNREADABLE_NAME,
            f"The name does not fit from_name = {kind.from_name!r}, so it does not say {', '.join(kind.name_values)}:"
            " rename the file, or mend from_name",
        )
    return found


def _matches(path: str, pattern: str) -> bool:
    """A pattern with a slash is held against the path, another against the name; .gz at the end is optional."""
    text = path if "/" in pattern else path.rsplit("/", 1)[-1]
    plain = text[:-3] if text.lower().endswith(".gz") else text
    return fnmatchcase(text, pattern) or fnmatchcase(plain, pattern)
