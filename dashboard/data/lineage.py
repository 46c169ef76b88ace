"""Lineage: from tables back to the tables and files that they are made from, with rows and what became of them."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from dashboard.data.answers import Answer, Answers
from lakehouse.tables.made_from import MADE_FROM, ancestors, feeds_behind
from lakehouse.tables.registry import PUBLISHED

MOST_FILES = 500
_NAMES = tuple(table.name for table in PUBLISHED)


def published_tables(answers: Answers) -> list[str]:
    """The tables that the publication holds, those of gold first."""
    held = [name for name in _NAMES if answers.has(name)]
    return sorted(held, key=lambda name: (not name.startswith("gold."), name))


def rows(answers: Answers, names: Iterable[str]) -> Answer:
    """One row per table: its rows at the publication. Tables that it does not hold are left out."""
    held = [name for name in _NAMES if name in set(names) and answers.has(name)]
    parts = [f"SELECT '{name}' AS table_name, count(*) AS rows FROM {name}" for name in held]
    nothing = "SELECT NULL AS table_name, 0 AS rows WHERE false"
    return answers.ask(f"SELECT * FROM ({' UNION ALL '.join(parts or [nothing])}) ORDER BY table_name")


def behind(answers: Answers, names: Iterable[str]) -> Answer:
    """One row per table that the named ones are made from, and these themselves, the nearest first.

    Columns: table_name, rows at the publication, made_from (tables; of silver: the files of its feed).
    """
    wanted = [name for name in ancestors(names) if answers.has(name)]
    counted = rows(answers, wanted)
    found = {row["table_name"]: row["rows"] for row in counted.table.to_pylist()}
    table = pa.table(
        {
            "table_name": pa.array(wanted, pa.string()),
            "rows": pa.array([found[name] for name in wanted], pa.int64()),
            "made_from": pa.array([_made_from(name) for name in wanted], pa.string()),
        }
    )
    return Answer(table, counted.sql, counted.parameters)


def _made_from(name: str) -> str:
    if name.startswith("silver."):
        return f"files of {', '.join(feeds_behind([name]))}"
    return ", ".join(MADE_FROM.get(name, ())) or "the calendar"


def files(answers: Answers, source: str, names: Iterable[str]) -> Answer:
    """One row per file and feed of the source behind the tables, at most 500, the latest first.

    Rows by what became of them: `accepted`, `superseded` by a newer version, `quarantined`, `other`.
    """
    return answers.ask(
        f"""
        WITH found AS (
            SELECT delivery, max(path) AS file, max(_ingested_at) AS loaded_at FROM ops.ingested_files
            WHERE source_system = $source AND status = 'loaded' GROUP BY 1
        )
        SELECT file, file_kind, feed, loaded_at, CAST(sum(rows) AS BIGINT) AS rows,
            CAST(coalesce(sum(rows) FILTER (outcome = 'accepted'), 0) AS BIGINT) AS accepted,
            CAST(coalesce(sum(rows) FILTER (outcome = 'superseded'), 0) AS BIGINT) AS superseded,
            CAST(coalesce(sum(rows) FILTER (outcome = 'quarantined'), 0) AS BIGINT) AS quarantined,
            CAST(coalesce(sum(rows) FILTER (outcome NOT IN ('accepted', 'superseded', 'quarantined')), 0) AS BIGINT)
                AS other
        FROM silver.lineage LEFT JOIN found ON delivery = _file_delivery
        WHERE source_system = $source AND list_contains($feeds, feed)
        GROUP BY ALL ORDER BY loaded_at DESC NULLS LAST, file, feed LIMIT {MOST_FILES}
        """,
        source=source,
        feeds=feeds_behind(names),
    )


def growth(before: Answers | None, now: Answers) -> Answer:
    """One row per table of the publication: rows, rows in the one that it was built on (NULL: not in it), difference.

    The query is the one that both were asked; a table that was not written again is counted once.
    """
    counted = rows(now, _NAMES)
    former = {} if before is None else _former(before, now, counted)
    table = counted.table
    then = pa.array([former.get(name) for name in table.column("table_name").to_pylist()], pa.int64())
    by = pa.array(
        [
            None if old is None else new - old
            for new, old in zip(table.column("rows").to_pylist(), then.to_pylist(), strict=True)
        ],
        pa.int64(),
    )
    return Answer(
        table.append_column("former_rows", then).append_column("difference", by), counted.sql, counted.parameters
    )


def _former(before: Answers, now: Answers, counted: Answer) -> dict[str, int]:
    """Table -> its rows in the former publication."""
    versions = [dict(one.publication.table_versions) if one.publication else {} for one in (before, now)]
    same = {name for name, version in versions[0].items() if versions[1].get(name) == version}
    as_now = {row["table_name"]: row["rows"] for row in counted.table.to_pylist() if row["table_name"] in same}
    other = rows(before, set(_NAMES) - same)
    return as_now | {row["table_name"]: row["rows"] for row in other.table.to_pylist()}
