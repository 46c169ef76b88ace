"""Which row of ops was written later. The table's log says it, and never a clock, which may be set ahead or back.

Each row keeps the version of its table that it was written upon, taken under the lake's lease: of two rows the one with
the higher version is later, whatever instants they tell, and also after the table's files were put together. Rows of a
time when this was not kept come first, among themselves by their clock, as do rows of one commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WRITTEN_UPON = "written_upon"
"""The column; declared of tables whose rows say again, or otherwise, what earlier ones said."""


def oldest_first(rows: Iterable[Mapping[str, Any]], clock: str) -> list[Mapping[str, Any]]:
    """The rows in the order in which they were written; `clock` names the column with their instant."""
    return sorted(rows, key=lambda row: (row[WRITTEN_UPON] is not None, row[WRITTEN_UPON] or 0, row[clock]))


def oldest_first_sql(clock: str) -> str:
    """The same for ORDER BY of DuckDB."""
    return f"{WRITTEN_UPON} ASC NULLS FIRST, {clock} ASC"


def latest_first_sql(clock: str) -> str:
    """The other way round."""
    return f"{WRITTEN_UPON} DESC NULLS LAST, {clock} DESC"
