"""What a field, a column and a table are. Standard library only: every room may import this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """One column name with its one meaning everywhere in the lake."""

    name: str
    type: str
    """Spark SQL type, e.g. `DECIMAL(18,4)`."""
    meaning: str
    unit: str | None = None
    personal: bool = False
    """True where the values identify a person: masked in reports, logs and Data Docs."""


@dataclass(frozen=True)
class Column:
    """A field as it stands in one table."""

    field: Field
    nullable: bool

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def type(self) -> str:
        return self.field.type


@dataclass(frozen=True)
class Reference:
    """Each value of `columns` is found in `to` under `to_columns`; NULL refers to nothing."""

    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A Delta table, declared once: schema, dictionary, gate and tests derive from this."""

    name: str
    """`layer.table`, as users write it in SQL."""
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    partitioned_by: tuple[str, ...] = ()
    checks: Mapping[str, str] = field(default_factory=dict)
    """Name -> SQL condition that holds for every row (Delta CHECK constraints reject NULL: say so where it may be).

    In words that Spark, delta-rs and DuckDB all know."""
    references: tuple[Reference, ...] = ()
    deletion_vectors: bool = False
    """Cheap deletes for tables that change row by row; gold goes without, for readers that know no such vectors."""
    change_feed: bool = False

    @property
    def layer(self) -> str:
        return self.name.split(".")[0]

    @property
    def short_name(self) -> str:
        return self.name.split(".")[1]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def business_columns(self) -> tuple[str, ...]:
        """The columns in which equal tables must agree: all but those of the run (leading underscore)."""
        return tuple(name for name in self.column_names if not name.startswith("_"))

    @property
    def personal_columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.field.personal)

    def column(self, name: str) -> Column:
        """Raises KeyError where the table has no such column."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")


@dataclass(frozen=True)
class View:
    """A query over published tables, run as it is by DuckDB and by Spark."""

    name: str
    grain: str
    sql: str
    reads: tuple[str, ...]
    columns: tuple[Column, ...]
