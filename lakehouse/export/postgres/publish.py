"""A publication to PostgreSQL: idempotent (what is there already is left alone), and a killed export starts again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lakehouse.delta.quoting import identifier
from lakehouse.export.postgres import mark
from lakehouse.export.postgres.ddl import create_table, finish, within
from lakehouse.export.postgres.grants import copy_grants
from lakehouse.export.postgres.load import load, loading
from lakehouse.export.postgres.mark import Mark, run
from lakehouse.export.postgres.server import connected, connection_words, needs_extra
from lakehouse.export.postgres.swap import PATIENCE, swap
from lakehouse.export.subjects import ExportFailed, Subject, all_of_gold
from lakehouse.published import PublishedLake
from lakehouse.tables.model import Table

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True)
class Done:
    """What became of an export."""

    schema: str
    mark: Mark
    rows: Mapping[str, int]
    """Table -> rows; empty where the schema held the publication already."""
    seconds: float

    def sentence(self) -> str:
        """What became of it, for people."""
        number, tables = self.mark.publication, len(self.rows)
        if not self.rows:
            return f"{self.schema} holds publication {number} already: nothing to do"
        return (
            f"{self.schema} holds publication {number} (as of {self.mark.as_of}): {tables} tables,"
            f" {sum(self.rows.values()):,} rows, in {self.seconds:.1f} s"
        )


def export_postgres(
    lake: PublishedLake,
    address: str,
    schema: str = "gold",
    *,
    with_personal: bool = False,
    patience: float = PATIENCE,
    tell: Callable[[str], None] = lambda _: None,
) -> Done:
    """Makes the schema hold the lake's publication: its star, its marts and the views. Readers see the old or the new.

    `address` is a URL or the words of libpq, without a password. Raises WrongExport for what cannot be asked for,
    ExportFailed where another export is at work, readers hold the old schema for longer than `patience` seconds, or the
    server fails; then the old schema is there as it was.
    """
    needs_extra()
    words, schema = connection_words(address), mark.checked_name(schema)
    subjects = all_of_gold(lake, with_personal=with_personal)
    begun, wanted = time.monotonic(), mark.mark_of(subjects)
    with connected(words) as connection:
        _only_one(connection, schema)
        if mark.is_there(connection, schema) and mark.read(connection, schema) == wanted:
            return Done(schema, wanted, {}, 0.0)
        new = f"{schema}_new"
        tables = [one for one in subjects if isinstance(one.declared, Table)]
        _make_anew(connection, new, tables)
        rows = {}
        with loading(words) as loader:
            for table in tables:
                rows[table.name] = load(loader, new, table)
                tell(f"{table.name}: {rows[table.name]:,} rows")
        _finish(connection, new, schema, subjects, wanted)
        swap(connection, new, schema, patience)
    return Done(schema, wanted, rows, time.monotonic() - begun)


def _only_one(connection: Connection, schema: str) -> None:
    """One export at a time into a schema; the server frees the lock when the connection ends, however it ends."""
    query = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
    if connection.execute(query, [f"lakehouse export {schema}"]).fetchone() != (True,):
        raise ExportFailed(f"another export into the schema {schema} is at work: wait for it to end")


def _make_anew(connection: Connection, new: str, tables: Sequence[Subject]) -> None:
    """The schema for the rows, empty: what a killed export left of it goes."""
    with connection.transaction():
        if mark.is_there(connection, new):
            run(connection, f"DROP SCHEMA {identifier(new)} CASCADE")
        mark.create(connection, new)
        for table in tables:
            run(connection, create_table(new, table))


def _finish(connection: Connection, new: str, old: str, subjects: Sequence[Subject], wanted: Mark) -> None:
    """Keys, indexes, views, the rights that others had, the mark, and figures for the planner of queries."""
    with connection.transaction():
        for statement in finish(new, subjects):
            run(connection, statement)
        mark.write(connection, new, wanted)
        copy_grants(connection, old, new)
    for subject in subjects:
        if isinstance(subject.declared, Table):
            run(connection, f"ANALYZE {within(new, subject)}")
