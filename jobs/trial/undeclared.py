"""Columns of files that a declaration does not name: bronze keeps them, and no expression sees them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from lakehouse.bronze.headers import comparable
from lakehouse.sources.file_kind import FileKind

_LIKE = 0.8


def undeclared(header: Sequence[str], kind: FileKind) -> dict[str, str]:
    """Columns of a file that are not declared, each with a declared one that the file lacks and that is called nearly
    so; else with nothing. In a header what comes under an alias has its declared name already."""
    declared = set(map(comparable, kind.columns))
    sent = set(map(comparable, header))
    lacking = {_letters(name): name for name in kind.columns if comparable(name) not in sent}
    unknown = [name for name in dict.fromkeys(header) if name.strip() and comparable(name) not in declared]
    return {name: _near(name, lacking) for name in unknown}


def _near(name: str, lacking: dict[str, str]) -> str:
    found = get_close_matches(_letters(name), lacking, n=1, cutoff=_LIKE)
    return lacking[found[0]] if found else ""


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
