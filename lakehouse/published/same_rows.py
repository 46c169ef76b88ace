"""Whether two tables hold the same rows over their business columns, in any order and as often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from lakehouse.delta import duck
from lakehouse.delta.log import table_path
from lakehouse.delta.quoting import identifier
from lakehouse.published.publications import newest
from lakehouse.tables.model import Table


@dataclass(frozen=True)
class Difference:
    """What one table holds and its twin does not, in rows; and the columns in which rows of one key differ."""

    table: str
    only_one: int
    only_other: int
    columns: tuple[str, ...]


def between(one: Path, other: Path, tables: Iterable[Table]) -> list[Difference]:
    """Where the newest publications of two lakes differ. A table that only one of them has is empty in the other."""
    lakes = (one.absolute(), other.absolute())
    versions = [newest(lake).table_versions for lake in lakes]
    found = []
    with duck.connect() as connection:
        for table in tables:
            there = [
                duck.scan(connection, table_path(lake, table), of[table.name]) if table.name in of else ""
                for lake, of in zip(lakes, versions, strict=True)
            ]
            if any(there):
                sides = [side or f"SELECT * FROM ({there[1 - place]}) LIMIT 0" for place, side in enumerate(there)]
                found.append(difference(connection, table, *sides))
    return [each for each in found if each is not None]


def difference(connection: DuckDBPyConnection, table: Table, one: str, other: str) -> Difference | None:
    """None where both SELECTs give the same rows. No values are told: they may be a person's."""
    only_one, only_other = (_only_in(connection, table, first, then) for first, then in ((one, other), (other, one)))
    if not (only_one or only_other):
        return None
    return Difference(table.name, only_one, only_other, _differing_columns(connection, table, one, other))


def _only_in(connection: DuckDBPyConnection, table: Table, one: str, other: str) -> int:
    names = _list(table.business_columns)
    query = f"SELECT count(*) FROM (SELECT {names} FROM ({one}) EXCEPT ALL SELECT {names} FROM ({other}))"
    return _one_row(connection, query)[0]


def _differing_columns(connection: DuckDBPyConnection, table: Table, one: str, other: str) -> tuple[str, ...]:
    """The columns whose values differ between rows that both have under one key."""
    names = [name for name in table.business_columns if name not in table.key]
    if not names:
        return ()
    counts = (f"count(*) FILTER (a.{identifier(name)} IS DISTINCT FROM b.{identifier(name)})" for name in names)
    join = " AND ".join(f"a.{identifier(name)} IS NOT DISTINCT FROM b.{identifier(name)}" for name in table.key)
    found = _one_row(connection, f"SELECT {', '.join(counts)} FROM ({one}) AS a JOIN ({other}) AS b ON {join}")
    return tuple(name for name, number in zip(names, found, strict=True) if number)


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(identifier, names))


def _one_row(connection: DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return connection.execute(query).fetchall()[0]
