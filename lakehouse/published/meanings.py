"""What tables and columns mean, by their declarations: for readers who ask in Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lakehouse.tables import bronze
from lakehouse.tables.model import Field
from lakehouse.tables.registry import DECLARED

_AS_SENT = "A column of the file, as sent"


class Meaning(NamedTuple):
    """One column of one table."""

    column: str
    meaning: str
    unit: str
    is_personal: bool
    """True where its values identify a person."""


def grain_of(name: str) -> str:
    """What one row of the table or view stands for."""
    return DECLARED[name].grain if name in DECLARED else "one row of one file, as sent"


def meanings(name: str, columns: Iterable[str]) -> list[Meaning]:
    """What these columns of the table or view mean; of one that nobody declares, that it is as sent."""
    declared = DECLARED[name].columns if name in DECLARED else bronze.TECHNICAL
    fields = {column.name: column.field for column in declared}
    return [_meaning(column, fields.get(column)) for column in columns]


def _meaning(column: str, field: Field | None) -> Meaning:
    # A source's own column may hold anything, so it is taken for personal.
    return (
        Meaning(column, field.meaning, field.unit or "", field.personal)
        if field
        else Meaning(column, _AS_SENT, "", True)
    )
