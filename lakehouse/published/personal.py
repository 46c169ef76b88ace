"""Tables without what identifies a person."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from lakehouse.delta.quoting import identifier, literal
from lakehouse.published.meanings import meanings
from lakehouse.tables.types import MASK


def masked_select(connection: DuckDBPyConnection, name: str, select: str) -> str:
    """The SELECT of a table or view with its personal columns masked, so that all that is made of them is too: texts
    become ***, all else NULL; NULL stays."""
    columns = connection.execute(f"DESCRIBE {select}").fetchall()
    kinds = {str(column): str(kind) for column, kind, *_ in columns}
    values = [
        _mask(one.column, kinds[one.column]) if one.is_personal else identifier(one.column)
        for one in meanings(name, kinds)
    ]
    return f"SELECT {', '.join(values)} FROM ({select})"


def _mask(column: str, kind: str) -> str:
    name = identifier(column)
    value = f"CASE WHEN {name} IS NOT NULL THEN {literal(MASK)} END" if kind == "VARCHAR" else f"CAST(NULL AS {kind})"
    return f"{value} AS {name}"
