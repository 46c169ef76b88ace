"""A query as a reader can ask it again: `lakehouse sql` takes it as it is printed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from dashboard.formats import NOTHING
from dashboard.report.document import Document
from dashboard.report.figures import Figure, How, Query
from lakehouse.delta.quoting import literal

_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_PIECE = re.compile(r"(?:'(?:[^']|'')*'|[^\s'])+")
_LETTERS = "abcd"
WIDTH = 100


def statement(query: Query, width: int = WIDTH) -> str:
    """The text with its parameters written out, no line longer than it must be.

    For people: the report itself asks with parameters.
    """
    values = query.answer.parameters
    lines = _PARAMETER.sub(lambda found: written(values[found[1]]), query.answer.sql).strip().splitlines()
    indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
    cut = min(indents, default=0)
    whole = [lines[0], *(line[cut:] for line in lines[1:] if line.strip())]
    return "\n".join(part for line in whole for part in _wrapped(line, width))


def _wrapped(line: str, width: int) -> list[str]:
    """The line in parts that are cut between words, never within a text in quotes."""
    indent = len(line) - len(line.lstrip())
    parts, at = [], " " * indent
    for piece in _PIECE.findall(line):
        if len(at) + len(piece) > width and at.strip():
            parts.append(at.rstrip())
            at = " " * (indent + 4)
        at += f"{piece} "
    return [*parts, at.rstrip()]


def written(value: object) -> str:
    """A parameter as DuckDB writes it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ {literal(value.isoformat())}"
    if isinstance(value, date):
        return f"DATE {literal(value.isoformat())}"
    if isinstance(value, int | float | Decimal):
        return repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(written(one) for one in value)}]"
    return literal(str(value))


def read_from(document: Document, query: Query) -> list[tuple[str, list[str]]]:
    """Column -> what was printed of it, in order; each text once."""
    found: dict[str, list[str]] = {}
    for figure in document.figures():
        if figure.how is How.VALUE and figure.cells[0].query is query and figure.text != NOTHING:
            texts = found.setdefault(figure.cells[0].column, [])
            if figure.text not in texts:
                texts.append(figure.text)
    return list(found.items())


def worked_out_from(document: Document, query: Query) -> list[tuple[str, str]]:
    """What was printed of several cells, the first of which is of this query -> how it was worked out."""
    found: dict[tuple[str, str], None] = {}
    for figure in document.figures():
        if figure.how is not How.VALUE and figure.cells[0].query is query and figure.text != NOTHING:
            found.setdefault((figure.text, how(document, figure)), None)
    return list(found)


def how(document: Document, figure: Figure) -> str:
    """The formula in columns: `net_of_returns [1] ÷ net_of_returns [3] − 1`; rows count from 1 where there are more."""
    text = str(figure.how)
    for letter, cell in zip(_LETTERS, figure.cells, strict=False):
        row = f" of row {cell.row + 1}" if cell.query.answer.table.num_rows > 1 else ""
        text = re.sub(rf"\b{letter}\b", f"{cell.column}{row} [{document.number(cell.query)}]", text, count=1)
    return text
