"""Rows of tables read by DuckDB and handed on as they come, where no engine reads them as they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from lakehouse.delta import duck
from lakehouse.delta.log import opened
from lakehouse.delta.quoting import identifier


@contextmanager
def rows_left(path: str, version: int) -> Iterator[pa.RecordBatchReader]:
    """The rows of a table at a version without those that deletion vectors take away."""
    with duck.connect() as connection:
        yield connection.sql(duck.scan(connection, Path(path), version)).to_arrow_reader()


@contextmanager
def difference_of_versions(path: str, base: int, head: int) -> Iterator[pa.RecordBatchReader]:
    """Rows that came and went between two versions, told apart by `_change_type`: for tables whose change feed nobody
    reads here. A column that came since is NULL in rows that went."""
    there = {one.name for one in opened(path, base).schema().fields}
    names = [one.name for one in opened(path, head).schema().fields]
    then = ", ".join(identifier(name) if name in there else f"NULL AS {identifier(name)}" for name in names)
    with duck.connect() as connection:
        for name, version, columns in (("before", base, then), ("after", head, ", ".join(map(identifier, names)))):
            scanned = duck.scan(connection, Path(path), version)
            connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM ({scanned})")
            connection.execute(f"DROP SCHEMA IF EXISTS {duck.SCRATCH} CASCADE")
        yield connection.sql(
            "SELECT *, 'insert' AS _change_type FROM (FROM after EXCEPT ALL FROM before)"
            " UNION ALL SELECT *, 'delete' AS _change_type FROM (FROM before EXCEPT ALL FROM after)"
        ).to_arrow_reader()
