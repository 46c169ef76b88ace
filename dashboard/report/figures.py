"""Numbers, days and names as they are printed, and the query that each is from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import Any

from dashboard.data.answers import Answer
from dashboard.formats import NARROW

_PERCENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True, eq=False)
class Query:
    """A question, what it was put to, and what it gave. Each is listed once."""

    title: str
    answer: Answer
    publication: int

    def cell(self, column: str, row: int = 0) -> Cell:
        return Cell(self, column, row)

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.answer.table.to_pylist()
        return found


@dataclass(frozen=True)
class Cell:
    """One value of an answer; rows count from 0."""

    query: Query
    column: str
    row: int = 0

    @property
    def value(self) -> Any:
        table = self.query.answer.table
        return table.column(self.column)[self.row].as_py() if self.row < table.num_rows else None


class How(StrEnum):
    """How a number follows from its cells, in their order."""

    VALUE = "a"
    DIFFERENCE = "a − b"
    CHANGE = "a ÷ b − 1"
    RATIO = "a ÷ b"
    CHANGE_OF_RATIO = "(a ÷ b) ÷ (c ÷ d) − 1"
    DIFFERENCE_OF_RATIOS = "a ÷ b − c ÷ d"


@dataclass(frozen=True)
class Figure:
    """A number, a day or a name of the data as it is printed, and where it is from."""

    text: str
    cells: tuple[Cell, ...]
    how: How = How.VALUE

    @property
    def value(self) -> Any:
        """The exact value; None where a part is not known."""
        values = [cell.value for cell in self.cells]
        if any(value is None for value in values):
            return None
        return worked_out(self.how, values)


def worked_out(how: How, values: Sequence[Any]) -> Any:
    """The value that cells make; None where there is nothing to divide by."""
    if how is How.VALUE:
        return values[0]
    if how is How.DIFFERENCE:
        return values[0] - values[1]
    ratios = [_ratio(above, below) for above, below in zip(values[::2], values[1::2], strict=True)]
    if any(ratio is None for ratio in ratios):
        return None
    if how is How.DIFFERENCE_OF_RATIOS:
        return ratios[0] - ratios[1]
    whole = _ratio(*ratios) if how is How.CHANGE_OF_RATIO else ratios[0]
    return whole if how is How.RATIO or whole is None else whole - 1


def _ratio(above: Any, below: Any) -> Any:
    return float(above) / float(below) if below else None


@dataclass(frozen=True)
class Sentence:
    """Fixed words and figures between them."""

    parts: tuple[str | Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(part for part in self.parts if isinstance(part, Figure))

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)


def say(words: str, **figures: Figure | Sentence | str) -> Sentence:
    """The words with a figure, a sentence or fixed words at each {name}."""
    parts: list[str | Figure] = []
    for before, name, _, _ in Formatter().parse(words):
        parts += [_PERCENT.sub(f"{NARROW}%", before)] if before else []
        if name:
            put = figures[name]
            parts += put.parts if isinstance(put, Sentence) else [put]
    return Sentence(tuple(parts))
