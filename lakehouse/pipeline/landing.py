"""What of the landing folder no run would take up: it is told, for a name may be misspelt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path


def not_taken_up(landing: Path, sources: Collection[str]) -> Iterator[str]:
    """That the folder is not there, or folders in it that no declared source is called by; hidden ones are nobody's."""
    if not landing.is_dir():
        yield f"there is no landing folder {landing}: no file was looked for"
        return
    for name in sorted(one.name for one in landing.iterdir() if one.is_dir() and not one.name.startswith((".", "_"))):
        if name not in sources:
            near = get_close_matches(name, sources, 1)
            advice = f"near is {near[0]}" if near else f"`lakehouse source new {name}` drafts one"
            yield f"{landing / name}: no source is called so, and its files wait: {advice}"
