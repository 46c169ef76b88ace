"""Small tables of a publication in memory: a question to them is answered in a quarter of the time.

Pages ask the same few tables over and over, each with other filters, and most of the time of such a question goes into
opening the files of the table again.
"""

from __future__ import annotations

import threading

import duckdb
from duckdb import DuckDBPyConnection, DuckDBPyRelation

from lakehouse.published import PublishedLake

MOST_CELLS = 4_000_000
"""Rows times columns of all tables held: some 60 MiB."""
MOST_OF_ONE = MOST_CELLS // 2
"""Of one table. What is larger is read from its files, column by column."""


class Shelf:
    """Tables are copied when a question first names them, until there is no more room. Several threads may ask."""

    def __init__(self, lake: PublishedLake, most_cells: int = MOST_CELLS, most_of_one: int = MOST_OF_ONE) -> None:
        self._lake = lake
        self._room = most_cells
        self._most_of_one = most_of_one
        self._lock = threading.Lock()
        self._held: dict[str, bool] = {}
        self._connection: DuckDBPyConnection | None = None

    def holds(self, tables: tuple[str, ...]) -> bool:
        """Whether all of the tables are held, now that they are asked for; never tables of ops, which change."""
        pinned = self._lake.publication.table_versions if self._lake.publication else {}
        if not tables or any(name not in pinned for name in tables):
            return False
        with self._lock:
            return all(self._held[name] if name in self._held else self._take(name) for name in tables)

    def sql(self, text: str, parameters: dict[str, object]) -> DuckDBPyRelation:
        """As `PublishedLake.sql`, for a statement whose tables are held."""
        return self._opened().cursor().sql(text, params=parameters or None)

    def _opened(self) -> DuckDBPyConnection:
        if self._connection is None:
            self._connection = duckdb.connect()
            self._connection.execute("SET GLOBAL TimeZone = 'UTC'")
        return self._connection

    def _take(self, name: str) -> bool:
        """Copies the table where there is room for it."""
        columns = len(self._lake.sql(f"FROM {name} LIMIT 0").columns)
        rows: int = self._lake.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
        fits = rows * columns <= min(self._room, self._most_of_one)
        if fits:
            self._room -= rows * columns
            copied = self._lake.sql(f"FROM {name}").to_arrow_table()
            connection = self._opened()
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {name.split('.')[0]}")
            connection.register("copied", copied)
            connection.execute(f"CREATE TABLE {name} AS FROM copied")
            connection.unregister("copied")
        self._held[name] = fits
        return fits
