"""What can be exported: the tables and views of one publication, with personal columns masked or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lakehouse.delta.duck import declared_type
from lakehouse.delta.quoting import identifier, literal
from lakehouse.published import Publication, PublishedLake, newest
from lakehouse.tables.model import Column, Table, View
from lakehouse.tables.registry import DECLARED
from lakehouse.tables.types import MASK, TEXT


class ExportFailed(Exception):
    """An export could not be finished; what was there before is there still. Exit code 1."""


class WrongExport(Exception):
    """What was asked for cannot be exported, or not there; the message says what can. Exit code 2."""

    exit_code = 2


@dataclass(frozen=True)
class Subject:
    """One table or view at one publication, as it goes out."""

    lake: PublishedLake
    publication: Publication
    declared: Table | View
    columns: tuple[Column, ...]
    """Those of the declaration that the publication has: an older one may lack some."""
    with_personal: bool

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def short_name(self) -> str:
        return self.name.split(".")[1]

    @cached_property
    def personal(self) -> tuple[str, ...]:
        """Columns whose values identify a person."""
        return tuple(column.name for column in self.columns if column.field.personal)

    @property
    def masked(self) -> tuple[str, ...]:
        """Those of them that are masked: texts become ***, all else NULL."""
        return () if self.with_personal else self.personal

    def rows(self) -> int:
        """How many rows the export has."""
        [(count,)] = self.lake.sql(f"SELECT count(*) FROM {self.name}").fetchall()
        return int(count)

    def select(self, written: Callable[[Column, str], str] = lambda _, value: value) -> str:
        """The rows as a query of DuckDB, masked where they are to be.

        `written` makes of a column, and of the expression of its value, the expression that goes out.
        """
        values = (f"{written(one, self._value(one))} AS {identifier(one.name)}" for one in self.columns)
        return f"SELECT {', '.join(values)} FROM {self.name}"

    def _value(self, column: Column) -> str:
        name = identifier(column.name)
        if column.name not in self.masked:
            return name
        if column.type == TEXT:
            return f"CASE WHEN {name} IS NOT NULL THEN {literal(MASK)} END"
        return f"CAST(NULL AS {declared_type(column.type)})"


def subject(lake: PublishedLake, name: str, *, with_personal: bool = False) -> Subject:
    """The table or view of that name.

    Raises WrongExport for what no publication holds, NothingPublished, and UnknownTable where this one has none so.
    """
    publication = lake.publication or newest(lake.lake)
    name = name.lower()
    if name.split(".")[0] in ("bronze", "ops"):
        raise WrongExport(f"{name} is in no publication: `lakehouse sql` reads it; silver and gold can be exported")
    there = {column.lower() for column in lake.sql(f"SELECT * FROM {_quoted(name)} LIMIT 0").columns}
    if name not in DECLARED:
        raise WrongExport(f"{name} is not declared, so nothing says what is personal in it: `lakehouse sql` reads it")
    declared = DECLARED[name]
    columns = tuple(column for column in declared.columns if column.name.lower() in there)
    return Subject(lake, publication, declared, columns, with_personal)


def all_of_gold(lake: PublishedLake, *, with_personal: bool = False) -> list[Subject]:
    """Every table and view of gold that the publication has, in the order of their declarations.

    Raises NothingPublished, and WrongExport where the publication has none.
    """
    publication = lake.publication or newest(lake.lake)
    there = set(lake.table_names())
    names = [name for name in DECLARED if name.startswith("gold.") and name in there]
    if not names:
        raise WrongExport(f"publication {publication.publication} has no table of gold: `lakehouse run` makes them")
    return [subject(lake, name, with_personal=with_personal) for name in names]


def _quoted(name: str) -> str:
    return ".".join(identifier(part) for part in name.split(".", 1))
