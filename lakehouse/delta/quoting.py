"""Names and texts as SQL writes them, for DuckDB and for Spark."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal of standard SQL: DuckDB's, and Delta's conditions."""
    return "'" + text.replace("'", "''") + "'"


def spark_literal(text: str) -> str:
    """A text as a literal of Spark's SQL, where a backslash escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
