"""Small changes of meaning within SQL that stands in a string."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SQL = re.compile(r"\b(SELECT|WHERE|CASE WHEN|IS NOT NULL|IS NULL|COALESCE\(|ORDER BY|<=>)|\bcoalesce\(| AND | OR ")
_SWAPS = (
    (" AND ", " OR "), (" OR ", " AND "), (" IS NOT NULL", " IS NULL"), (" IS NULL", " IS NOT NULL"), (" <= ", " < "),
    (" < ", " <= "), (" >= ", " > "), (" > ", " >= "), (" <> ", " = "), (" != ", " = "), (" = ", " <> "),
    (" <=> ", " = "), ("LEFT JOIN", "JOIN"), (" DESC", ""), ("min(", "max("), ("max(", "min("), ("MIN(", "MAX("),
    ("MAX(", "MIN("), (" NOT IN ", " IN "), (" NOT EXISTS", " EXISTS"),
)  # fmt: skip


def is_sql(text: str) -> bool:
    return bool(_SQL.search(text))


def changed(literal: str) -> Iterator[tuple[str, str]]:
    """The source of a string, changed: what was done, and the new source. Values within braces stay as they are."""
    for old, new in _SWAPS:
        for found in re.finditer(re.escape(old), literal):
            before = literal[: found.start()]
            if before.count("{") == before.count("}"):
                yield f"SQL:{old.strip()}", before + new + literal[found.end() :]
