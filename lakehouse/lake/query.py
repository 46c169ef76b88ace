"""SQL over tables of silver and gold: by DuckDB within this process, or by Spark where there is too much for one.

Most of what the gate measures are counts and sums over a few columns. To plan and schedule one such query takes Spark
longer than DuckDB takes to answer it, and a gate asks a hundred. The text is one for both engines (as that of the views
is); it names tables as users do: gold.fact_sales.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lakehouse.delta import duck
from lakehouse.delta.quoting import literal
from lakehouse.lake.lake import Lake
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED

TABLES: Mapping[str, Table] = {table.name: table for table in PUBLISHED}
_NAMES = re.compile(r"\b(?:silver|gold)\.\w+")
ONE_PROCESS = 2 * 1024**3
"""Bytes of the files of all tables of a query, up to which one process reads them."""
MEMORY = "2GB"


class TableQueries:
    """Answers about the working heads of one lake, or about what it has published. Several threads may ask at once."""

    def __init__(self, lake: Lake, one_process: int = ONE_PROCESS, *, published: bool = False) -> None:
        self._lake = lake
        self._published = published
        self._one_process = one_process
        self._lock = threading.Lock()
        self._connection = duck.connect()
        spill = Path(tempfile.gettempdir()) / "lakehouse-queries"
        # As Spark calls it, so that one text serves both.
        self._connection.execute("CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)")
        self._connection.execute(f"SET GLOBAL memory_limit = '{MEMORY}'")
        self._connection.execute(f"SET GLOBAL temp_directory = {literal(str(spill))}")
        self._opened: set[str] = set()
        self._sizes: dict[str, int] = {}

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        """The answer to a query over tables of silver and gold; a table that does not exist has no rows."""
        tables = [TABLES[name] for name in sorted(set(_NAMES.findall(text)))]
        with self._lock:
            is_small = sum(self._bytes(table) for table in tables) <= self._one_process
            for table in tables if is_small else ():
                self._open(table)
            cursor = self._connection.cursor()
        if not is_small:
            return self._by_spark(text, tables)
        return cursor.execute(text).fetchall()

    def close(self) -> None:
        self._connection.close()

    def _bytes(self, table: Table) -> int:
        if table.name not in self._sizes:
            self._sizes[table.name] = self._lake.bytes(table)
        return self._sizes[table.name]

    def _open(self, table: Table) -> None:
        if table.name in self._opened:
            return
        path = Path(self._lake.path(table))
        nothing = {column.name: duck.declared_type(column.type) for column in table.columns}
        version = self._lake.published_version(table) if self._published else None
        is_there = duck.is_table(path) and (version is not None or not self._published)
        select = duck.scan(self._connection, path, version) if is_there else duck.empty(nothing)
        self._connection.execute(f"CREATE SCHEMA IF NOT EXISTS {table.layer}")
        self._connection.execute(f"CREATE VIEW {table.name} AS {select}")
        self._opened.add(table.name)

    def _by_spark(self, text: str, tables: list[Table]) -> list[tuple[Any, ...]]:
        for table in tables:
            rows = self._lake.read_published(table) if self._published else self._lake.read(table)
            rows.createOrReplaceTempView(_view(table.name))
        return [tuple(row) for row in self._lake.spark.sql(_NAMES.sub(lambda name: _view(name[0]), text)).collect()]


def _view(name: str) -> str:
    return f"queried_{name.replace('.', '_')}"
