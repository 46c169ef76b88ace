"""The new schema takes the place of the old one: at once for all, and never under a transaction that reads the old one.

A name in PostgreSQL is looked up by the newest catalogue, whatever a transaction has seen before. A mere rename would
let a transaction read the old facts and then the new dimensions; and one whose snapshot (REPEATABLE READ) is older than
the new rows would find the new tables empty. Both are waited for.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lakehouse.delta.quoting import identifier
from lakehouse.export.postgres import mark
from lakehouse.export.postgres.mark import run
from lakehouse.export.subjects import ExportFailed

if TYPE_CHECKING:
    from psycopg import Connection

PATIENCE = 600.0
"""Seconds to wait for transactions that read the old schema."""
_PAUSE = 0.2
_BUSY = (
    "transactions that read the schema {schema}, or are older than the new rows, were still open after {seconds:.0f} s:"
    " the old publication stays; end them (pg_stat_activity shows them) and export again"
)


def swap(connection: Connection, new: str, schema: str, patience: float = PATIENCE) -> None:
    """Drops the schema, where it is there, and renames `new` to it, in one transaction.

    Raises ExportFailed where readers hold it for longer than `patience` seconds, or something that is no export's
    depends on it.
    """
    from psycopg import errors

    until = time.monotonic() + patience
    busy = ExportFailed(_BUSY.format(schema=schema, seconds=patience))
    if not mark.is_there(connection, schema):
        run(connection, f"ALTER SCHEMA {identifier(new)} RENAME TO {identifier(schema)}")
        return
    try:
        _wait_for_older_snapshots(connection, new, patience)
        while True:
            try:
                _replace(connection, new, schema)
                return
            except errors.LockNotAvailable:
                if time.monotonic() > until:
                    raise
                time.sleep(_PAUSE)
    except errors.LockNotAvailable:
        raise busy from None
    except errors.DependentObjectsStillExist as error:
        told = (error.diag.message_detail or "").splitlines()
        raise ExportFailed(
            f"the schema {schema} holds, or is read by, something that no export has made and that would be lost:"
            f" {told[0]}. The old publication stays; drop that or move it, and export again"
        ) from None


def _wait_for_older_snapshots(connection: Connection, new: str, patience: float) -> None:
    """Returns when every open snapshot of the database is newer than the rows of `new`.

    CREATE INDEX CONCURRENTLY waits for just that, and needs no right to look at what others do.
    """
    run(connection, f"SET lock_timeout = '{max(1, int(patience * 1000))}ms'")
    try:
        run(connection, f"CREATE INDEX CONCURRENTLY ON {identifier(new)}.{mark.TABLE} (as_of)")
    finally:
        run(connection, "RESET lock_timeout")


def _replace(connection: Connection, new: str, schema: str) -> None:
    """Takes all locks or none, without waiting: whoever wants to read meanwhile never stands behind a lock in wait."""
    from psycopg import sql

    query = "SELECT relname, relkind = 'v' FROM pg_class WHERE relnamespace = %s::regnamespace AND relname = ANY(%s)"
    with connection.transaction():
        ours = [*mark.read(connection, schema).relations, mark.TABLE]
        found = connection.execute(query, [schema, ours]).fetchall()
        views, tables = (
            [sql.Identifier(schema, name) for name, is_view in found if is_view is kind] for kind in (True, False)
        )
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE NOWAIT").format(sql.SQL(", ").join(tables)))
        # RESTRICT: what others have built on these tables is not dropped with them.
        for kind, names in (("VIEW", views), ("TABLE", tables)):
            if names:
                connection.execute(sql.SQL(f"DROP {kind} {{}} RESTRICT").format(sql.SQL(", ").join(names)))
        run(connection, f"DROP SCHEMA {identifier(schema)} RESTRICT")
        run(connection, f"ALTER SCHEMA {identifier(new)} RENAME TO {identifier(schema)}")
