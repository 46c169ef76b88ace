"""Reads of tables by this process, without Spark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lakehouse.delta import duck
from lakehouse.delta.blamed import blamed
from lakehouse.delta.log import opened, table_path
from lakehouse.tables.model import Table


def small_rows(root: Path, table: Table, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a small table without deleted rows, as those of ops, read without Spark; none where it does not exist.

    A column that the table lacks still, since older code wrote it, is None.
    """
    path, wanted = table_path(root, table), list(columns or table.column_names)
    if not duck.is_table(path):
        return []
    found = opened(path)
    there = {field.name for field in found.schema().fields}
    with blamed(path):
        rows = found.to_pyarrow_table(columns=[name for name in wanted if name in there]).to_pylist()
    missing = dict.fromkeys(name for name in wanted if name not in there)
    return [row | missing for row in rows]


def answer(
    root: Path,
    table: Table,
    text: str,
    parameters: Sequence[Any] = (),
    *,
    within: Mapping[str, int | str] | None = None,
) -> list[tuple[Any, ...]]:
    """The answer of DuckDB to a query over the head of one table, which it calls by its short name.

    `within` names values of partition columns: only files of these are opened. A table that does not exist has no rows.
    """
    path = table_path(root, table)
    with duck.connect() as connection, blamed(path):
        if duck.is_table(path):
            rows = duck.scan(connection, path, within=within)
        else:
            rows = duck.empty({column.name: duck.declared_type(column.type) for column in table.columns})
        return connection.execute(f"WITH {table.short_name} AS ({rows}) {text}", parameters).fetchall()


def partition_values(path: str | Path, column: str) -> list[str]:
    """The values of a partition column, from the log alone; none where there is no table, or it has no such column."""
    return [part[column] for part in opened(path).partitions() if column in part] if duck.is_table(Path(path)) else []
