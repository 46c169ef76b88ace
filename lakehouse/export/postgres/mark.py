"""What an export leaves in its schema to be known by: a comment on the schema, and the table `publication`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from lakehouse.delta.quoting import identifier, literal
from lakehouse.export.postgres.ddl import create_table, finish
from lakehouse.export.subjects import Subject, WrongExport
from lakehouse.tables.model import Table

if TYPE_CHECKING:
    from psycopg import Connection

TABLE = "publication"
_COMMENT = "Made by `lakehouse export`, which replaces it as a whole"
_NAME = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,58}")
"""Names that need no quotes, and with `_new` behind them still fit into PostgreSQL's 63 bytes."""
_COLUMNS = (
    "publication bigint PRIMARY KEY, as_of date NOT NULL, published_at timestamptz NOT NULL, run_id text NOT NULL,"
    " code_version text NOT NULL, with_personal boolean NOT NULL, definition text NOT NULL, relations text[] NOT NULL"
)


@dataclass(frozen=True)
class Mark:
    """The one row of `publication`: which publication the schema holds. Equal marks are equal schemas."""

    publication: int
    as_of: date
    published_at: datetime
    run_id: str
    code_version: str
    with_personal: bool
    definition: str
    """Checksum of all statements that make the schema: a new declaration of a table is another."""
    relations: list[str]
    """Tables and views, to be dropped by name when it is replaced."""


def checked_name(schema: str) -> str:
    """The name of the schema. Raises WrongExport for one that PostgreSQL would not take as it stands."""
    if not _NAME.fullmatch(schema):
        raise WrongExport(f"{schema} cannot be a schema: small letters, digits and _, at most 59, and not pg_…")
    return schema


def mark_of(subjects: Sequence[Subject]) -> Mark:
    """The mark of a schema with these tables and views."""
    first = subjects[0].publication
    tables = [one for one in subjects if isinstance(one.declared, Table)]
    statements = [*(create_table("s", one) for one in tables), *finish("s", subjects)]
    return Mark(
        first.publication,
        first.as_of,
        first.published_at,
        first.run_id,
        first.code_version,
        subjects[0].with_personal,
        hashlib.sha256("\n".join(statements).encode()).hexdigest(),
        [one.short_name for one in subjects],
    )


def create(connection: Connection, schema: str) -> None:
    """An empty schema with the comment by which it is known for one of an export's."""
    run(connection, f"CREATE SCHEMA {identifier(schema)}")
    run(connection, f"COMMENT ON SCHEMA {identifier(schema)} IS {literal(_COMMENT)}")


def write(connection: Connection, schema: str, mark: Mark) -> None:
    """Writes the mark: the schema is whole."""
    run(connection, f"CREATE TABLE {identifier(schema)}.{TABLE} ({_COLUMNS})")
    places = ", ".join("%s" for _ in fields(Mark))
    connection.execute(f"INSERT INTO {identifier(schema)}.{TABLE} VALUES ({places})", astuple(mark))


def is_there(connection: Connection, schema: str) -> bool:
    """Whether there is such a schema. Raises WrongExport where it is there and no export has made it."""
    query = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s"
    found = connection.execute(query, [schema]).fetchone()
    if found and found[0] != _COMMENT:
        raise WrongExport(
            f"the schema {schema} was not made by an export and is left alone: name another with --schema, or drop it"
        )
    return found is not None


def read(connection: Connection, schema: str) -> Mark:
    """The mark of a schema that is there."""
    names = ", ".join(field.name for field in fields(Mark))
    query = f"SELECT {names} FROM {identifier(schema)}.{TABLE}"
    row = connection.execute(query).fetchone()
    assert row is not None
    return Mark(*row)


def run(connection: Connection, statement: str) -> None:
    """Runs one statement that is made of declarations and of quoted names."""
    connection.execute(statement)
