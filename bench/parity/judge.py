"""What two engines' answers come to, held against what is refused on Sail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import Enum

from bench.parity.ask import STOPS
from lakehouse.engine.sail.unlike import unlike

_AS_DECLARED = {
    "i": "CAST(u AS INT)",
    "l": "CAST(u AS BIGINT)",
    "d": "CAST(u AS DECIMAL(18,4))",
    "f": "CAST(u AS DOUBLE)",
    "day": "to_date(u)",
    "at": "to_timestamp(u)",
}
"""Column of another type than text -> what stands for it in a declaration, where all columns are texts."""
_NAME = re.compile(r"'(?:[^']|'')*'|\b(?:i|l|d|f|day|at)\b(?!\s*\()")
_NO_COLUMN = re.compile(r"(?:FROM|INTERVAL \S+|\.)\s*$", re.IGNORECASE)


class Verdict(Enum):
    """What a run on Sail makes of an expression."""

    SAME = "the same"
    STOPS = "Sail stops, and Spark does it"
    REFUSED = "refused on Sail, and Spark does it"
    SILENT = "something else, in silence"
    UNKNOWN = "Spark itself stops"


def verdict(sql: str, spark: Sequence[str], sail: Sequence[str]) -> Verdict:
    """Of the values of all rows by both engines."""
    if set(spark) == {STOPS}:
        return Verdict.UNKNOWN
    rows = max(len(spark), len(sail))
    pairs = list(zip(_wide(spark, rows), _wide(sail, rows), strict=True))
    if all(_alike(one, other) for one, other in pairs):
        return Verdict.SAME
    if all(_alike(one, other) or other == STOPS for one, other in pairs):
        return Verdict.STOPS
    return Verdict.REFUSED if is_refused(sql) else Verdict.SILENT


def is_refused(sql: str) -> bool:
    """Whether Sail does not get to see it, as a declaration would say it."""
    try:
        return bool(unlike(as_declared(sql)))
    except ValueError:
        return True


def as_declared(sql: str) -> str:
    """The expression over texts alone."""

    def said(found: re.Match[str]) -> str:
        if found[0].startswith("'") or _NO_COLUMN.search(sql[: found.start()]):
            return found[0]
        return _AS_DECLARED[found[0]]

    return _NAME.sub(said, sql)


def _wide(answers: Sequence[str], rows: int) -> Sequence[str]:
    return list(answers) * rows if len(answers) == 1 else answers


def _alike(one: str, other: str) -> bool:
    """Zero below zero is zero, and a decimal may have zeros behind it: nothing of that gets into a table."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    text = re.sub(r"(?<![\w.'])-0\.0(?![\w.'])", "0.0", text)
    return re.sub(r"Decimal\('([^']*)'\)", lambda found: f"Decimal {Decimal(found[1]).normalize() + 0}", text)
