"""Pieces of TOML and SQL that drafts are written with."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence

from lakehouse.tables.column_names import in_backticks

WIDTH = 118
_CHOOSE = "# choose:"
_RESERVED = re.compile(
    "all|and|any|as|between|by|case|cast|check|column|create|cross|date|delete|distinct|else|end|false|filter|for|from"
    "|full|group|having|in|inner|insert|interval|into|is|join|left|like|limit|not|null|offset|on|or|order|outer|right"
    "|select|set|table|then|time|timestamp|to|true|union|unique|update|user|using|values|when|where|with"
    "|current_date|current_time|current_timestamp|current_user|session_user|localtimestamp|div|exists|rlike|ilike"
    "|regexp|both|leading|trailing|anti|semi|natural|lateral|some|minus|except|intersect|collate|constraint"
)


def quoted(column: str) -> str:
    """A column's name as Spark SQL reads it: in backticks where it is not a plain word."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", column) and not _RESERVED.fullmatch(column.casefold()):
        return column
    return in_backticks(column)


def note(text: str | None) -> list[str]:
    """Comment lines that ask for a decision; none where there is nothing to say."""
    return textwrap.wrap(f"{_CHOOSE} {text}", WIDTH, subsequent_indent="#         ") if text else []


def asked(lines: Iterable[str]) -> list[tuple[int, str]]:
    """The lines of a declaration that still ask for a decision: each with its number from 1, and what it asks."""
    return [
        (number, line.strip().removeprefix(_CHOOSE).strip())
        for number, line in enumerate(lines, 1)
        if line.lstrip().startswith(_CHOOSE)
    ]


def lone(values: Sequence[str]) -> str | Sequence[str]:
    """One text needs no brackets where a list is expected."""
    return values[0] if len(values) == 1 else values


def toml(value: str | Iterable[str]) -> str:
    """A text or a list of texts; TOML's basic strings are JSON's, but for one sign."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False).replace("\x7f", "\\u007f")
