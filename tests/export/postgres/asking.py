"""Questions to the server of the tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg

from lakehouse.export.postgres import Done, export_postgres
from lakehouse.published import open_published


def ask(address: str, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """The answer to one query, on a connection of its own."""
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute(query, parameters).fetchall()


def do(address: str, *statements: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def export(lake: Path, address: str, publication: int | None = None, **options: Any) -> Done:
    with open_published(lake, publication) as published:
        return export_postgres(published, address, **options)


def schemas(address: str) -> list[str]:
    """Those that are not PostgreSQL's own."""
    query = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|public|information)' ORDER BY 1"
    return [name for (name,) in ask(address, query)]


@contextmanager
def in_another_thread(lake: Path, address: str, **options: Any) -> Iterator[list[Any]]:
    """An export at work; what came of it, or the error, is in the list when the block has ended."""
    came: list[Any] = []

    def work() -> None:
        try:
            came.append(export(lake, address, **options))
        except Exception as error:
            came.append(error)

    thread = Thread(target=work)
    thread.start()
    yield came
    thread.join(60)
    assert came, "the export did not end"


def prices(connection: psycopg.Connection) -> Sequence[tuple[Any, ...]]:
    """What a reader sees of facts and of a dimension, by two queries."""
    sold = connection.execute("SELECT DISTINCT unit_price FROM gold.fact_sales").fetchall()
    listed = connection.execute("SELECT list_price FROM gold.dim_product").fetchall()
    return [*sold, *listed]
