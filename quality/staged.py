"""What the gate looks at: the working heads of the tables, and what of them this run may have changed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.publication import PUBLISHED_TABLES
from lakehouse.sources.model import Source
from lakehouse.tables.model import Table


@dataclass
class Staged:
    """The lake as a run would publish it."""

    lake: Lake
    sources: Sequence[Source] = ()
    batches: Sequence[int] = ()
    """Batches that this publication would consume."""
    today: date | None = None
    """For waivers; the lake's own day where not said."""
    found: dict[str, Any] = field(default_factory=dict)
    """Answers that several demands share, by name. One thread works for one table."""
    _scopes: dict[str, DataFrame] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def changed(self) -> list[Table]:
        """The tables that are not as they were published. An empty table has nothing to judge."""
        lake = self.lake
        return [
            table
            for table in PUBLISHED_TABLES
            if not lake.is_empty(table) and lake.published_version(table) != lake.version(table)
        ]

    def rows(self, table: Table) -> DataFrame:
        """The part of a table that may have changed: whole months of a table by months, else all of it."""
        with self._lock:
            if table.name not in self._scopes:
                self._scopes[table.name] = self._scope(table)
            return self._scopes[table.name]

    def _scope(self, table: Table) -> DataFrame:
        rows = self.lake.read(table)
        if not (table.change_feed and table.partitioned_by):
            return rows
        changes = self.lake.changes(table)
        if changes.rows is None:
            return rows
        (month,) = table.partitioned_by
        months = [row[0] for row in changes.rows.select(month).distinct().collect()]
        return rows.where(F.col(month).isin(months)) if months else rows.limit(0)
