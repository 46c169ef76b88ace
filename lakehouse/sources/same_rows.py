"""Kinds of file that are another kind's rows under a second name: `same_as`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lakehouse.sources.file_kind import FileKind


def with_same_kinds(files: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds as declared, each that is the same as another with all that the other one says.

    Raises ValueError where such a kind says more than that, or names one that has no files of its own.
    """
    return {kind: _complete(kind, declared, files) for kind, declared in files.items()}


def _complete(kind: str, declared: Any, files: Mapping[str, Any]) -> Any:
    other = _same_as(declared)
    if not other or not isinstance(declared, Mapping):
        return declared
    if more := sorted(set(declared) - {"same_as"}):
        raise ValueError(f"files.{kind}: with same_as its rows are those of {other!r}: leave out {', '.join(more)}")
    if other not in files:
        raise ValueError(f"files.{kind}.same_as: no file kind {other!r}; there are {', '.join(files)}")
    if _same_as(files[other]):
        raise ValueError(f"files.{kind}.same_as: {other!r} is another kind's rows itself: name that kind")
    if not isinstance(files[other], Mapping):
        return declared
    return {**files[other], "same_as": other}


def _same_as(declared: Any) -> str:
    return str(declared.get("same_as", "")) if isinstance(declared, Mapping) else ""


def kind_of_rows(files: Mapping[str, FileKind], kind: str) -> str:
    """The kind that has the rows: the one that `kind` is the same as, or itself."""
    return files[kind].same_as or kind
