"""A question as a reader can put it again: `lakehouse sql` takes it as it is printed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from dashboard.data.answers import Answer
from lakehouse.delta.quoting import literal

_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_PIECE = re.compile(r"(?:'(?:[^']|'')*'|[^\s'])+")
WIDTH = 100


def statement(answer: Answer, width: int = WIDTH) -> str:
    """The text with its parameters written out, no line longer than it must be.

    For people: pages and the report ask with parameters.
    """
    values = answer.parameters
    lines = _PARAMETER.sub(lambda found: written(values[found[1]]), answer.sql).strip().splitlines()
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
