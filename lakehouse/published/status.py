"""What can be said of a lake at a glance, read without Spark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb

from lakehouse.delta import duck
from lakehouse.delta.damage import Damaged
from lakehouse.delta.log import head_version
from lakehouse.delta.order import latest_first_sql
from lakehouse.delta.quoting import identifier
from lakehouse.published import Publication, PublishedLake, open_published
from lakehouse.published.batches import Batch, list_batches
from lakehouse.sources.load import BrokenSource, sound_sources
from lakehouse.tables.reasons import BatchStatus, RowStatus
from lakehouse.tables.views import VIEWS

T = TypeVar("T")
_QUARANTINE = f"""
    SELECT source_system, feed, reason, count(*) AS rows
    FROM (
        SELECT source_system, feed, unnest(reasons) AS reason FROM silver.quarantine WHERE status = '{RowStatus.OPEN}'
    )
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
"""
_RUNS = f"""
    SELECT run_id, stage, status, started_at, seconds, rows_read, rows_written, rows_quarantined
    FROM ops.job_runs ORDER BY {latest_first_sql("started_at")}, ended_at DESC LIMIT ?
"""


@dataclass(frozen=True)
class TableStatus:
    name: str
    rows: int
    version: int
    """Of Delta: the published one for silver and gold, the newest for bronze and ops."""


@dataclass(frozen=True)
class StageRun:
    """One row of ops.job_runs."""

    run_id: str
    stage: str
    status: str
    started_at: datetime
    seconds: float
    rows_read: int
    rows_written: int
    rows_quarantined: int


@dataclass(frozen=True)
class Quarantined:
    """Open rows of the quarantine of one source, feed and reason. A row with two reasons counts under both."""

    source: str
    feed: str
    reason: str
    rows: int


@dataclass(frozen=True)
class Status:
    lake: str
    publication: Publication | None
    tables: list[TableStatus]
    runs: list[StageRun]
    """The latest first."""
    quarantine: list[Quarantined]
    batches: list[Batch]
    """Those that the publication does not hold: new, held or discarded."""
    broken_sources: list[BrokenSource]
    """Declarations that runs leave out."""
    damaged: list[str] = field(default_factory=list)
    """What is to be said of tables that do not read."""


def status_of(root: Path, runs: int = 10) -> Status:
    """The state of the lake with its latest `runs` stages. Raises NothingPublished where there is no lake."""
    with open_published(root) as lake:
        pinned = lake.publication.table_versions if lake.publication else {}
        told: dict[str, None] = {}  # each damage once, in order
        query = _RUNS.replace("?", str(int(runs)))
        return Status(
            str(root),
            lake.publication,
            _tables(lake, told),
            _if_sound(lambda: [StageRun(*row) for row in lake.sql(query).fetchall()], told),
            _if_sound(lambda: [Quarantined(*row) for row in lake.sql(_QUARANTINE).fetchall()], told)
            if "silver.quarantine" in pinned
            else [],
            _if_sound(lambda: [one for one in list_batches(root) if one.status != BatchStatus.PUBLISHED], told),
            sound_sources()[1],
            list(told),
        )


def _if_sound(ask: Callable[[], list[T]], told: dict[str, None]) -> list[T]:
    """The answer; nothing where a table does not read, which is told."""
    try:
        return ask()
    except Damaged as damage:
        told[str(damage)] = None
        return []


def _tables(lake: PublishedLake, told: dict[str, None]) -> list[TableStatus]:
    pinned = lake.publication.table_versions if lake.publication else {}
    views = {view.name for view in VIEWS}
    found = []
    for name in lake.table_names():
        layer, short_name = name.split(".", 1)
        path = lake.lake / layer / short_name
        if name in views or not (duck.is_table(path) or name in pinned):
            continue
        try:
            [(rows,)] = lake.sql(f"SELECT count(*) FROM {layer}.{identifier(short_name)}").fetchall()
            version = pinned[name] if name in pinned else head_version(path)
        except Damaged as damage:
            told[str(damage)] = None
        except duckdb.Error as error:
            told[str(Damaged(name, str(error)))] = None
        else:
            found.append(TableStatus(name, rows, version))
    return found
