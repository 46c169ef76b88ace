"""SQL over one publication."""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb
from duckdb import DuckDBPyConnection, DuckDBPyRelation

from lakehouse.delta import duck
from lakehouse.delta.damage import Damaged
from lakehouse.delta.log import head_version
from lakehouse.delta.quoting import identifier, literal
from lakehouse.published.locked import Limits, forget, locked
from lakehouse.published.meanings import Meaning, grain_of, meanings
from lakehouse.published.personal import masked_select
from lakehouse.published.publications import Publication, chosen, newest, publications
from lakehouse.published.statements import understood
from lakehouse.published.streamed import streamed
from lakehouse.published.verify import blame, checked
from lakehouse.tables import ops
from lakehouse.tables.model import View
from lakehouse.tables.views import VIEWS

if TYPE_CHECKING:
    import pandas as pd

LAYERS = ("bronze", "silver", "gold", "ops")
_NO_TABLE = re.compile("Table with name (.+) does not exist")
_OF_DUCKDB = ("information_schema", "main", "pg_catalog")
_PINNED = ("silver", "gold")
DEFAULT = Limits()


class UnknownTable(Exception):
    """The query names a table that the publication does not have."""

    exit_code = 2


def open_published(
    lake: Path, publication: int | None = None, limits: Limits = DEFAULT, *, masked: bool = False
) -> PublishedLake:
    """Silver and gold at a publication (the newest where None), bronze and ops as they are now. `masked`: without what
    identifies a person, in whatever a query makes of it.

    A lake without a publication opens too, for its bronze and ops. Raises UnknownPublication, and NothingPublished
    where there is no lake at all or a publication is asked for by number.
    """
    if publication is not None:
        return PublishedLake(lake, chosen(lake, publication), limits, masked=masked)
    found = publications(lake)
    if not found and not any((lake / layer).is_dir() for layer in LAYERS):
        newest(lake)
    return PublishedLake(lake, found[-1] if found else None, limits, masked=masked)


class PublishedLake:
    """Tables are opened when a query first names them. Several threads may ask at once."""

    def __init__(
        self, lake: Path, publication: Publication | None, limits: Limits = DEFAULT, *, masked: bool = False
    ) -> None:
        self.lake = lake.resolve()
        self._masked = masked
        self.publication = publication
        self._limits = limits
        self._connection, spill = locked(self.lake, limits)
        self._forget = weakref.finalize(self, forget, spill)
        self._opened: set[str] = set()
        self._lock = threading.Lock()
        self._timers: list[threading.Timer] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._connection.close()
        self._forget()

    def table_names(self) -> list[str]:
        """Everything that a query can name, in order of layer and name."""
        pinned = set(self.publication.table_versions) if self.publication else set()
        on_disk = {
            f"{layer}.{path.name}"
            for layer in ("bronze", "ops")
            for path in (self.lake / layer).glob("*")
            if duck.is_table(path)
        }
        views = {view.name for view in VIEWS if set(view.reads) <= pinned}
        names = pinned | on_disk | views | {table.name for table in ops.TABLES}
        return sorted(names, key=lambda name: (LAYERS.index(name.split(".")[0]), name))

    def sql(self, text: str, parameters: Mapping[str, object] | None = None) -> DuckDBPyRelation:
        """The answer to one statement that only reads: fetch it as rows, Arrow or pandas.

        `parameters`: name -> value for each `$name` of the text, so that values are never part of it. Decimals are
        exact, instants are in UTC. Raises NotAQuery, UnknownTable, NothingPublished (silver or gold in a lake without
        publication), and duckdb.Error where the statement is wrong.
        """
        cursor = self._connection.cursor()
        query = understood(cursor, text, LAYERS)
        self._stop_in_time(cursor)
        if query.lists_tables:
            names = ", ".join(f"({literal(name)})" for name in self.table_names())
            return cursor.sql(f"SELECT name FROM (VALUES {names}) AS tables(name)")
        with self._lock:
            for name in sorted(query.tables):
                self._open(name)
        try:
            return cursor.sql(text, params=parameters or None)
        except duckdb.CatalogException as error:
            if unknown := _NO_TABLE.search(str(error)):
                raise UnknownTable(f"there is no table {unknown[1]}. {self._advice([unknown[1]])}") from error
            raise

    def rows(self, text: str) -> Iterator[tuple[Any, ...]]:
        """The rows of the answer to a statement, few of which are held at a time. Raises as `sql` does."""
        answer = self.sql(text)  # says whether it may be, and opens what it names
        cursor = self._connection.cursor()
        if understood(cursor, text, LAYERS).lists_tables:
            return iter(answer.fetchall())
        return streamed(cursor, text, self._limits.seconds)

    def personal_in(self, text: str) -> list[str]:
        """Personal columns that the answer to the query may show, in clear; none where they are masked. Raises as `sql`
        does."""
        query = understood(self._connection.cursor(), text, LAYERS)
        if self._masked or query.lists_tables or query.names == frozenset():
            return []
        found = {one.column: None for name in sorted(query.tables) for one in self._known(name) if one.is_personal}
        return [one for one in found if query.names is None or one.lower() in query.names]

    def _known(self, name: str) -> list[Meaning]:
        return self.columns(name) if name in self.table_names() else []

    def _stop_in_time(self, cursor: DuckDBPyConnection) -> None:
        """Ends what the cursor does once its time is over: DuckDB raises InterruptException."""
        if self._limits.seconds is not None:
            timer = threading.Timer(self._limits.seconds, cursor.interrupt)
            timer.daemon = True
            timer.start()
            self._timers = [*(one for one in self._timers if one.is_alive()), timer]

    def frame(self, text: str, **parameters: object) -> pd.DataFrame:
        """The answer as a pandas frame, for pictures and models: `lake.frame("… WHERE id = $id", id="A1")`.

        Decimals become floats, so add money up in the SQL; days and instants become datetime64. Raises as `sql` does.
        """
        answer: pd.DataFrame = self.sql(text, parameters).to_df()
        return answer

    def has(self, name: str) -> bool:
        """Whether a query can name this table or view and finds a row in it."""
        return name in self.table_names() and bool(self.sql(f"SELECT 1 FROM {_quoted(name)} LIMIT 1").fetchall())

    def grain(self, name: str) -> str:
        """What one row of the table or view stands for. Raises UnknownTable."""
        self._check(name)
        return grain_of(name)

    def columns(self, name: str) -> list[Meaning]:
        """Each column of the table or view with its meaning and unit, in order. Raises UnknownTable."""
        self._check(name)
        return meanings(name, self.sql(f"SELECT * FROM {_quoted(name)}").columns)

    def _check(self, name: str) -> None:
        if name not in self.table_names():
            layer = name.split(".")[0]
            raise UnknownTable(f"there is no table {name}{self._of_publication(layer)}. {self._advice([name])}")

    def _open(self, name: str) -> None:
        """Makes a table or view known to DuckDB under its own name."""
        layer, short_name = name.split(".", 1)
        if name in self._opened or layer in _OF_DUCKDB:
            return
        if self.publication is None and layer in _PINNED:
            newest(self.lake)
        self._check(name)
        view = next((view for view in VIEWS if view.name == name), None)
        select = self._view(view) if view else self._scan(layer, short_name)
        if layer == "bronze":
            select = duck.as_sent(self.lake / layer / short_name, select)
        if self._masked:
            select = masked_select(self._connection, name, select)
        self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {layer}")
        self._connection.execute(f"CREATE VIEW {layer}.{identifier(short_name)} AS {select}")
        self._opened.add(name)

    def blame_damage(self, error: duckdb.Error) -> None:
        """Raises Damaged where a table that was opened is why a query failed while its rows were read."""
        for name in sorted(self._opened & (self.publication.table_versions.keys() if self.publication else set())):
            blame(self.lake, name, self.publication, error)

    def _view(self, view: View) -> str:
        for name in view.reads:
            self._open(name)
        return view.sql

    def _scan(self, layer: str, short_name: str) -> str:
        root, name = self.lake / layer / short_name, f"{layer}.{short_name}"
        pinned = self.publication.table_versions if self.publication and layer in _PINNED else {}
        table = next((table for table in ops.TABLES if layer == "ops" and table.short_name == short_name), None)
        declared = {one.name: duck.declared_type(one.type) for one in table.columns} if table else {}
        if not duck.is_table(root) and name not in pinned:
            return duck.empty(declared)
        version = pinned[name] if name in pinned else head_version(root)
        checked(self.lake, name, version, self.publication)
        try:
            return duck.with_missing(root, duck.scan(self._connection, root, version), declared)
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise Damaged(name, str(error)) from error

    def _of_publication(self, layer: str) -> str:
        return f" in publication {self.publication.publication}" if self.publication and layer in _PINNED else ""

    def _advice(self, words: list[str]) -> str:
        names = self.table_names()
        by_short_name = {name.split(".")[1]: name for name in names}
        close = [near for word in words for near in get_close_matches(word.lower(), names, n=3)]
        close += [by_short_name[near] for word in words for near in get_close_matches(word.lower(), by_short_name, n=3)]
        near = list(dict.fromkeys(close))
        return f"Did you mean {', '.join(near)}?" if near else f"There are {', '.join(names)}"


def _quoted(name: str) -> str:
    """A name as `table_names` gives it, for a query."""
    return ".".join(identifier(part) for part in name.split(".", 1))
