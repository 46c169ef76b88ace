"""A run starts from what was published: that is as it was noted, or what is damaged is set aside and made anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lakehouse.lake import Lake
from lakehouse.published.publications import publications
from lakehouse.published.verify import Verified, verify

FOLDER = "damaged"
"""Where damaged tables of a lake go, below its root."""


def refuse_damaged(root: Path) -> Verified | None:
    """Looks at the tables of the newest publication; None where there is none. Raises Damaged for the first."""
    found = publications(root)
    if not found:
        return None
    verified = verify(root, found[-1])
    if verified.damaged:
        raise verified.damaged[0]
    return verified


def set_aside(lake: Lake) -> list[str]:
    """Moves damaged tables of silver and gold out of the way, for a run that makes all of them from bronze.

    The lake then is as one that never published them. All bytes are read: nothing is made anew from rotten bronze.
    Returns their names. Raises Damaged where bronze is.
    """
    if lake.publication is None:
        return []
    damaged = verify(lake.root, lake.publication, deep=True).damaged
    for one in damaged:
        if one.table.startswith("bronze."):
            raise one
    names = [one.table for one in damaged]
    for name in names:
        _move(lake, name)
    lake.publication = replace(
        lake.publication,
        table_versions={name: one for name, one in lake.publication.table_versions.items() if name not in names},
        table_notes={name: one for name, one in lake.publication.table_notes.items() if name not in names},
    )
    return names


def _move(lake: Lake, name: str) -> None:
    path = lake.root.joinpath(*name.split(".", 1))
    if path.exists():
        target = lake.root / FOLDER / lake.run_id / name
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
