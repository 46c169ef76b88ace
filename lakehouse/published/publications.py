"""The publications of a lake: snapshots of all its silver and gold tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path

from lakehouse.delta import duck
from lakehouse.delta.blamed import blamed
from lakehouse.delta.log import opened, table_path
from lakehouse.delta.notes import TableNote
from lakehouse.tables.ops import PUBLICATIONS

_NOTHING = "{lake} has no publication yet: load files with `lakehouse run`, or name another folder with --lake"


class NothingPublished(Exception):
    """The lake has no publication yet."""


class UnknownPublication(Exception):
    """The lake has no publication of that number."""

    exit_code = 2


@dataclass(frozen=True)
class Publication:
    """One row of ops.publications."""

    publication: int
    """Its number, from 1."""
    parent: int | None
    kind: str
    published_at: datetime
    as_of: date
    table_versions: Mapping[str, int]
    """'silver.x' or 'gold.x' -> Delta version."""
    batches: tuple[int, ...]
    """Added to those of its parent."""
    code_version: str
    configuration: Mapping[str, str]
    run_id: str
    table_notes: Mapping[str, str] = field(default_factory=dict)
    """Table -> what was noted of it as JSON, of bronze too; empty where older code published."""

    @property
    def notes(self) -> dict[str, TableNote]:
        return {name: TableNote.read(text) for name, text in self.table_notes.items()}


def publications(lake: Path) -> list[Publication]:
    """All publications, oldest first; none where the lake or its table does not exist."""
    root = table_path(lake.resolve(), PUBLICATIONS)
    if not duck.is_table(root):
        return []
    there = {one.name for one in opened(root).schema().fields}
    names = [one.name for one in fields(Publication) if one.name in there]
    with duck.connect() as connection, blamed(root):
        query = f"SELECT {', '.join(names)} FROM ({duck.scan(connection, root)}) ORDER BY publication"
        rows = [dict(zip(names, row, strict=True)) for row in connection.execute(query).fetchall()]
    return [
        Publication(**row | {"batches": tuple(row["batches"]), "table_notes": row.get("table_notes") or {}})
        for row in rows
    ]


def newest(lake: Path) -> Publication:
    """What readers see. Raises NothingPublished."""
    found = publications(lake)
    if not found:
        raise NothingPublished(_NOTHING.format(lake=lake))
    return found[-1]


def chosen(lake: Path, number: int) -> Publication:
    """The publication of that number. Raises NothingPublished or UnknownPublication."""
    found = publications(lake)
    if not found:
        raise NothingPublished(_NOTHING.format(lake=lake))
    for publication in found:
        if publication.publication == number:
            return publication
    raise UnknownPublication(
        f"{lake} has no publication {number}: there are {found[0].publication} to {found[-1].publication}"
    )
