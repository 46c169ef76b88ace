"""A run starts from what was published: that is as it was noted, or what is damaged is set aside and made anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deltalake import DeltaTable

from lakehouse.delta.damage import Damaged, check_commits
from lakehouse.delta.log import LOG, head_version
from lakehouse.lake import Lake
from lakehouse.published.publications import publications
from lakehouse.published.verify import Verified, damaged_files, folder_of, verify

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
    Returns their names. Raises Damaged where bronze or ops is.
    """
    if lake.publication is None:
        return []
    damaged = verify(lake.root, lake.publication, deep=True).damaged
    for one in damaged:
        if not one.table.startswith(("silver.", "gold.")):
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


def drop_damaged_files(lake: Lake, name: str) -> list[str]:
    """Takes the data files that are gone, or hold other bytes than were published, out of the head of a table; all of
    the table where its log does not read. What is there of them is moved aside. Returns the files' names.

    What was in them is lost to the table: for those that can be filled again.
    """
    path = folder_of(lake.root, name)
    if not (path / LOG).is_dir():
        return []
    try:
        version = head_version(path)
        check_commits(path, LOG, version)
        damaged = damaged_files(lake.root, name, version)
    except Damaged:
        lake.check_lease()
        _move(lake, name)
        return [name]
    for file in damaged:
        _move(lake, name, file)
    if damaged:
        lake.check_lease()
        DeltaTable(path).repair()
    return damaged


def delete_rows(lake: Lake, name: str, condition: str) -> None:
    """Deletes the rows of a table that a condition in the SQL of delta-rs holds for; none where there is no table."""
    lake.check_lease()
    path = folder_of(lake.root, name)
    if (path / LOG).is_dir():
        DeltaTable(path).delete(condition)


def _move(lake: Lake, name: str, file: str = "") -> None:
    """A table, or one of its files; nothing where it is not there."""
    path = folder_of(lake.root, name) / file
    if path.exists():
        target = lake.root / FOLDER / lake.run_id / name / file
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
