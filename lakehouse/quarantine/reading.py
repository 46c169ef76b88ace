"""What is in quarantine, and what became of it, as the newest publication has it. Read without Spark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from lakehouse.delta.order import oldest_first_sql
from lakehouse.delta.quoting import identifier, literal
from lakehouse.published import PublishedLake
from lakehouse.quarantine.selection import Chosen, with_identity
from lakehouse.tables.bronze import TECHNICAL

_ROWS = f"""
    SELECT id, source_system, feed, file_kind, _source_file, _row_in_file, _batch_id, reasons, status, raw_row
    FROM {with_identity("silver.quarantine")} WHERE {{condition}}
    ORDER BY source_system, feed, _source_file, _row_in_file, id LIMIT {{most}}
"""
_COUNTS = f"""
    SELECT source_system, feed, reason, count(*) FROM (
        SELECT source_system, feed, unnest(reasons) AS reason
        FROM {with_identity("silver.quarantine")} WHERE {{condition}}
    ) GROUP BY ALL ORDER BY 4 DESC, 1, 2, 3
"""
_EVENTS = f"""
    SELECT id, source_system, feed, file_kind, _source_file, _row_in_file, _file_delivery, reasons, status, outcome,
        left_at, run_id, publication
    FROM (SELECT h.*, p.publication FROM {with_identity("ops.quarantine_history")} AS h
        JOIN ops.publications AS p ON p.run_id = h.run_id AND p.kind = 'run')
    WHERE {{condition}} ORDER BY publication DESC, source_system, feed, _source_file, _row_in_file, id LIMIT {{most}}
"""
_DECISIONS = f"""
    SELECT decided_at, decision, details FROM {with_identity("ops.quarantine_decisions")}
    WHERE id = {{name}} ORDER BY {oldest_first_sql("decided_at")}
"""
_SENT = "SELECT * FROM bronze.{table} WHERE _file_delivery = {delivery} AND _row_in_file = {row} LIMIT 1"
_TECHNICAL = frozenset(column.name for column in TECHNICAL)
ALL = 2**62


@dataclass(frozen=True)
class Waiting:
    """One row of silver.quarantine."""

    id: str
    source: str
    feed: str
    file_kind: str
    file: str
    row: int
    batch: int
    reasons: tuple[str, ...]
    status: str
    sent: dict[str, Any]
    """Column -> text as sent; columns that the row leaves empty are not in it."""


@dataclass(frozen=True)
class Event:
    """What became of a row that was in quarantine, in one run."""

    id: str
    source: str
    feed: str
    file_kind: str
    file: str
    row: int
    delivery: str
    reasons: tuple[str, ...]
    """Those that it had."""
    status: str
    outcome: str
    left_at: datetime
    run_id: str
    publication: int


_ROW_FIELDS = tuple(field.name for field in fields(Waiting))
_EVENT_FIELDS = tuple(field.name for field in fields(Event))


@dataclass(frozen=True)
class Decided:
    decided_at: datetime
    decision: str
    why: str


def rows(lake: PublishedLake, chosen: Chosen, most: int = ALL) -> Iterator[Waiting]:
    """The chosen rows in order of source, feed, file and place."""
    answer = lake.sql(_ROWS.format(condition=chosen.sql(), most=int(most)))
    for row in answer.iter_rows():
        named = dict(zip(_ROW_FIELDS, row, strict=True))
        yield Waiting(**named | {"reasons": tuple(named["reasons"]), "sent": json.loads(named["sent"])})


def counts(lake: PublishedLake, chosen: Chosen) -> list[tuple[str, str, str, int]]:
    """Source, feed, reason and rows. A row with two reasons counts under both."""
    return lake.sql(_COUNTS.format(condition=chosen.sql())).fetchall()


def count_by_feed(lake: PublishedLake, chosen: Chosen) -> dict[tuple[str, str], int]:
    """Source and feed -> chosen rows."""
    table = with_identity("silver.quarantine")
    text = f"SELECT source_system, feed, count(*) FROM {table} WHERE {chosen.sql()} GROUP BY ALL ORDER BY ALL"
    return {(source, feed): number for source, feed, number in lake.sql(text).fetchall()}


def events(lake: PublishedLake, chosen: Chosen, most: int = ALL) -> Iterator[Event]:
    """What became of the chosen rows, the latest first. What a run noted that did not publish does not count."""
    answer = lake.sql(_EVENTS.format(condition=chosen.sql(), most=int(most)))
    for row in answer.iter_rows():
        named = dict(zip(_EVENT_FIELDS, row, strict=True))
        yield Event(**named | {"reasons": tuple(named["reasons"])})


def outcomes_of_run(lake: PublishedLake, chosen: Chosen, run_id: str) -> dict[tuple[str, str], dict[str, int]]:
    """Source and feed -> outcome -> rows, of the chosen rows that one run changed."""
    table, condition = with_identity("ops.quarantine_history"), f"{chosen.sql()} AND run_id = {literal(run_id)}"
    text = f"SELECT source_system, feed, outcome, count(*) FROM {table} WHERE {condition} GROUP BY ALL ORDER BY ALL"
    found: dict[tuple[str, str], dict[str, int]] = {}
    for source, feed, outcome, number in lake.sql(text).fetchall():
        found.setdefault((source, feed), {})[outcome] = number
    return found


def decisions(lake: PublishedLake, name: str) -> list[Decided]:
    """What people decided about the row of that (whole) name, the oldest first."""
    return [Decided(*row) for row in lake.sql(_DECISIONS.format(name=literal(name))).fetchall()]


def sent_row(lake: PublishedLake, event: Event) -> dict[str, Any]:
    """A row that has left quarantine, as bronze keeps it."""
    table = identifier(f"{event.source}_{event.file_kind}")
    answer = lake.sql(_SENT.format(table=table, delivery=literal(event.delivery), row=int(event.row)))
    sent = {name: value for row in answer.fetchall() for name, value in zip(answer.columns, row, strict=True)}
    return {
        name: value
        for name, value in sent.items()
        if value is not None and (name not in _TECHNICAL or name in ("_rescued", "_corrupt_record"))
    }
