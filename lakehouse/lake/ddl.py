"""The statements that make a table of the lake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lakehouse.delta.quoting import spark_literal
from lakehouse.lake.statistics import indexed
from lakehouse.tables.model import Column, Table

TEN_YEARS = "interval 3650 days"


def create_table(target: str, table: Table, *, replace: bool = False) -> str:
    """Constraints are stated when a table is made: a DataFrameWriter drops NOT NULL. `replace`: where it is."""
    columns = ", ".join(
        f"`{c.name}` {c.type}{'' if c.nullable else ' NOT NULL'} COMMENT {spark_literal(c.field.meaning)}"
        for c in table.columns
    )
    partition = f"PARTITIONED BY ({', '.join(table.partitioned_by)})" if table.partitioned_by else ""
    return (
        f"{'REPLACE' if replace else 'CREATE'} TABLE {target} ({columns}) USING delta {partition} "
        f"COMMENT {spark_literal(table.grain)} TBLPROPERTIES ({_listed(properties(table))})"
    )


def _listed(stated: Mapping[str, str]) -> str:
    return ", ".join(f"'{name}' = {spark_literal(value)}" for name, value in stated.items())


def add_columns(target: str, columns: Iterable[Column]) -> str:
    added = ", ".join(f"`{c.name}` {c.type} COMMENT {spark_literal(c.field.meaning)}" for c in columns)
    return f"ALTER TABLE {target} ADD COLUMNS ({added})"


def set_properties(target: str, stated: Mapping[str, str]) -> str:
    return f"ALTER TABLE {target} SET TBLPROPERTIES ({_listed(stated)})"


def properties(table: Table) -> dict[str, str]:
    """What every table of the lake sets. Old versions stay readable as long as a publication may name them."""
    return {
        "delta.deletedFileRetentionDuration": TEN_YEARS,
        "delta.logRetentionDuration": TEN_YEARS,
        "delta.enableDeletionVectors": str(table.deletion_vectors).lower(),
        "delta.enableChangeDataFeed": str(table.change_feed).lower(),
        **indexed(table),
        **{f"delta.constraints.{name}": condition for name, condition in table.checks.items()},
    }
