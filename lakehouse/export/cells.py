"""Text in files that spreadsheets open: no cell starts a formula (CSV injection, as OWASP describes it)."""

from __future__ import annotations

import re

from lakehouse.delta.quoting import literal

_FORMULA = r"[ \t\r\n\f\v]*[=+\-@\t\r\n]"
_NUMBER = r"[+-]?[0-9.,]+"
"""What begins like a formula and is none: a plain number."""
GUARDED = "a text that a spreadsheet would take for a formula has an apostrophe before it"


def safe_cell(text: str) -> str:
    """The text such that no spreadsheet takes it for a formula: an apostrophe stands before what would start one."""
    return f"'{text}" if re.match(_FORMULA, text) and not re.fullmatch(_NUMBER, text) else text


def safe_cell_sql(column: str) -> str:
    """The same as an expression of DuckDB; NULL stays NULL. `column` is a quoted identifier or an expression."""
    starts = f"regexp_matches({column}, {literal(f'^{_FORMULA}')})"
    is_number = f"regexp_full_match({column}, {literal(_NUMBER)})"
    return f"CASE WHEN {starts} AND NOT {is_number} THEN '''' || {column} ELSE {column} END"
