"""Reads of small tables by this process, without Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from lakehouse.delta.log import opened, table_path
from lakehouse.tables.model import Table


def small_rows(root: Path, table: Table, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Rows of a small table without deleted rows, as those of ops, read without Spark; none where it does not exist."""
    path = str(table_path(root, table))
    if not DeltaTable.is_deltatable(path):
        return []
    rows: list[dict[str, Any]] = opened(path).to_pyarrow_table(columns=list(columns or table.column_names)).to_pylist()
    return rows
