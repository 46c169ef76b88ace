"""Tables, keys, indexes and views of gold as PostgreSQL's own statements, from their declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lakehouse.delta.quoting import identifier, literal
from lakehouse.export.subjects import Subject
from lakehouse.tables import gold
from lakehouse.tables.model import Column, Table, View

_TYPES = {
    "STRING": "text",
    "BIGINT": "bigint",
    "INT": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamptz",
}
INDEXES = (
    (gold.DIM_CUSTOMER, "customer_durable_key"),
    (gold.DIM_CUSTOMER, "customer_id"),
    (gold.DIM_PRODUCT, "product_durable_key"),
    (gold.DIM_PRODUCT, "product_id"),
    (gold.FACT_SALES, "order_date"),
    (gold.FACT_RETURNS, "return_date"),
)
"""Besides those of primary keys, and one for the columns of each reference."""


def postgres_type(declared: str) -> str:
    """PostgreSQL's name for a type as declarations write it: decimals keep their digits, maps become jsonb."""
    if declared.startswith("DECIMAL"):
        return declared.replace("DECIMAL", "numeric")
    if declared.startswith("ARRAY<"):
        return f"{postgres_type(declared[6:-1])}[]"
    return "jsonb" if declared.startswith("MAP<") else _TYPES[declared]


def create_table(schema: str, subject: Subject) -> str:
    """The table without keys: rows go in faster so."""
    columns = ", ".join(
        f"{identifier(column.name)} {postgres_type(column.type)}{'' if column.nullable else ' NOT NULL'}"
        for column in subject.columns
    )
    return f"CREATE TABLE {within(schema, subject)} ({columns})"


def finish(schema: str, subjects: Sequence[Subject]) -> Iterator[str]:
    """What comes when the rows are in: primary keys, indexes, references, views, comments. In this order."""
    tables = {one.name: one for one in subjects if isinstance(one.declared, Table)}
    for subject in tables.values():
        yield f"ALTER TABLE {within(schema, subject)} ADD PRIMARY KEY ({_names(_table(subject).key)})"
    for subject in tables.values():
        yield from _references(schema, subject, tables)
    for table, column in INDEXES:
        if table.name in tables:
            yield f"CREATE INDEX ON {within(schema, tables[table.name])} ({identifier(column)})"
    for subject in subjects:
        if isinstance(subject.declared, View):
            yield f"CREATE VIEW {within(schema, subject)} AS {translated(subject.declared, schema)}"
        yield from _comments(schema, subject)


def _references(schema: str, subject: Subject, tables: dict[str, Subject]) -> Iterator[str]:
    """Foreign keys, each with an index of its columns where the primary key is not one already."""
    for one in _table(subject).references:
        if one.to not in tables:
            continue
        own, there = _names(one.columns), _names(one.to_columns)
        yield (
            f"ALTER TABLE {within(schema, subject)} ADD FOREIGN KEY ({own})"
            f" REFERENCES {within(schema, tables[one.to])} ({there})"
        )
        yield f"CREATE INDEX ON {within(schema, subject)} ({own})"


def translated(view: View, schema: str) -> str:
    """The text of a view over tables of this schema, in PostgreSQL's words: it knows no type DOUBLE."""
    names = "|".join(re.escape(name.split(".")[1]) for name in view.reads)
    over = re.sub(rf"\bgold\.({names})\b", lambda found: f"{identifier(schema)}.{identifier(found[1])}", view.sql)
    return re.sub(r"\bAS DOUBLE\b", "AS DOUBLE PRECISION", over)


def _comments(schema: str, subject: Subject) -> Iterator[str]:
    """What tables and columns mean, for those who look at the server with another tool."""
    kind = "VIEW" if isinstance(subject.declared, View) else "TABLE"
    yield f"COMMENT ON {kind} {within(schema, subject)} IS {literal(subject.declared.grain)}"
    for column in subject.columns:
        name = f"{within(schema, subject)}.{identifier(column.name)}"
        yield f"COMMENT ON COLUMN {name} IS {literal(_meaning(column))}"


def _meaning(column: Column) -> str:
    return f"{column.field.meaning} [{column.field.unit}]" if column.field.unit else column.field.meaning


def within(schema: str, subject: Subject) -> str:
    """The name of a table or view in this schema."""
    return f"{identifier(schema)}.{identifier(subject.short_name)}"


def _table(subject: Subject) -> Table:
    assert isinstance(subject.declared, Table)
    return subject.declared


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(identifier, names))
