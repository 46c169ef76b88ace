"""What the gate looks at: the working heads of the tables, and what of them this run may have changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from lakehouse.delta.log import opened
from lakehouse.gold.refresh import in_months, months_of_changes
from lakehouse.lake import Lake
from lakehouse.lake.parquet_read import schema_of
from lakehouse.lake.query import ONE_PROCESS, TableQueries
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table
from lakehouse.tables.registry import PUBLISHED

SMALL = 64 * 1024 * 1024
"""Bytes of a table that is sooner looked at whole than asked what of it changed."""


@dataclass
class Heads:
    """The lake as a run would publish it."""

    lake: Lake
    sources: Sequence[Source] = ()
    batches: Sequence[int] = ()
    """Batches that this publication would consume."""
    one_process: int = ONE_PROCESS
    """Bytes that a query may read within this process; beyond them Spark answers it."""
    published: bool = False
    """Queries are answered from what is published, not from the working heads."""
    found: dict[str, Any] = field(default_factory=dict)
    """Answers that several checks share, by name. One thread works for one table."""
    _months: dict[str, set[date] | None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self) -> list[Table]:
        """The tables that are not as they were published. An empty table has nothing to judge."""
        lake = self.lake
        return [
            table
            for table in PUBLISHED
            if not lake.is_empty(table) and lake.published_version(table) != lake.version(table)
        ]

    @cached_property
    def _queries(self) -> TableQueries:
        return TableQueries(self.lake, self.one_process, published=self.published)

    def ask(self, text: str) -> list[tuple[Any, ...]]:
        """The answer to a query over tables of silver and gold, in SQL that DuckDB and Spark both read."""
        with self._lock:
            queries = self._queries
        return queries.rows(text)

    def types(self, table: Table) -> dict[str, str]:
        """Column -> type in Spark SQL, of the table as it is."""
        schema = schema_of(opened(self.lake.path(table)))
        return {field.name: field.dataType.simpleString().upper() for field in schema.fields}

    def part(self, table: Table) -> str:
        """The part of a table that may have changed, as what a query selects from: whole months of a large table by
        months, else all of it."""
        condition = self._condition(table)
        return table.name if condition is None else f"(SELECT * FROM {table.name} WHERE {condition})"

    def release(self) -> None:
        """Lets go of what was kept."""
        if "_queries" in self.__dict__:
            self.__dict__.pop("_queries").close()

    def _condition(self, table: Table) -> str | None:
        """SQL for the rows that may have changed; None for all."""
        with self._lock:
            if table.name not in self._months:
                self._months[table.name] = self._changed_months(table)
            months = self._months[table.name]
        return None if months is None else in_months(table.partitioned_by[0], months) if months else "false"

    def _changed_months(self, table: Table) -> set[date] | None:
        """Which months may have changed, where the table tells and is large enough to ask; None for all."""
        if not (table.change_feed and table.partitioned_by) or self.lake.bytes(table) <= SMALL:
            return None
        changes = self.lake.changes(table)
        return None if changes.rows is None else months_of_changes(changes, table.partitioned_by[0])
