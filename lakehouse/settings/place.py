"""Where a lake may lie."""

from __future__ import annotations

import re
from pathlib import Path

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\[\]\\^|*?{}]|%[0-9A-Fa-f]{2}")
"""What delta-rs takes for the marks of an address, or the engines for a pattern. All else may stand in a name."""


def place_of_a_lake(folder: Path) -> Path:
    """The folder. Raises ValueError where its tables could not be read there."""
    if found := _UNREADABLE.search(str(folder.resolve())):
        raise ValueError(f"no table can be read below a folder with {found[0]!r} in its name: take another")
    return folder
