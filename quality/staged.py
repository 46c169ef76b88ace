"""What the gate looks at: the working heads of the tables, and what of them this run may have changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from deltalake import DeltaTable
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.publication import PUBLISHED_TABLES
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table

SMALL = 1024 * 1024
"""Bytes of a table that one task reads and keeps: its queries need no shuffle and are planned without Delta's files."""


@dataclass
class Staged:
    """The lake as a run would publish it."""

    lake: Lake
    sources: Sequence[Source] = ()
    batches: Sequence[int] = ()
    """Batches that this publication would consume."""
    found: dict[str, Any] = field(default_factory=dict)
    """Answers that several demands share, by name. One thread works for one table."""
    _scopes: dict[str, Column | None] = field(default_factory=dict)
    _kept: dict[str, DataFrame] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self) -> list[Table]:
        """The tables that are not as they were published. An empty table has nothing to judge."""
        lake = self.lake
        return [
            table
            for table in PUBLISHED_TABLES
            if not lake.is_empty(table) and lake.published_version(table) != lake.version(table)
        ]

    def whole(self, table: Table) -> DataFrame:
        """All rows of a table. A small one is read once and kept: Delta's planning of each query would cost more."""
        with self._lock:
            if table.name not in self._kept:
                rows, is_small = self.lake.read(table), self._bytes(table) <= SMALL
                self._kept[table.name] = rows.coalesce(1).persist() if is_small else rows
            return self._kept[table.name]

    def rows(self, table: Table) -> DataFrame:
        """The part of a table that may have changed: whole months of a large table by months, else all of it."""
        with self._lock:
            if table.name not in self._scopes:
                self._scopes[table.name] = self._changed_months(table)
            months = self._scopes[table.name]
        return self.whole(table) if months is None else self.lake.read(table).where(months)

    def release(self) -> None:
        """Lets go of the rows that were kept."""
        for rows in self._kept.values():
            rows.unpersist()
        self._kept.clear()

    def _bytes(self, table: Table) -> int:
        path = self.lake.path(table)
        files = DeltaTable(path).get_add_actions(flatten=True) if DeltaTable.is_deltatable(path) else None
        return sum(files["size_bytes"].to_pylist()) if files is not None else 0

    def _changed_months(self, table: Table) -> Column | None:
        """Which rows may have changed, where the table tells and is large enough to ask; None for all."""
        if not (table.change_feed and table.partitioned_by) or self._bytes(table) <= SMALL:
            return None
        changes = self.lake.changes(table)
        if changes.rows is None:
            return None
        (month,) = table.partitioned_by
        return F.col(month).isin([row[0] for row in changes.rows.select(month).distinct().collect()])
