"""Which rows of the quarantine are meant."""

from __future__ import annotations

from dataclasses import dataclass

from lakehouse.delta.quoting import literal
from lakehouse.tables.silver import QUARANTINE

ROW_KEY = QUARANTINE.key
"""What tells one row of the quarantine from all others: the feed that refused it, and where it stands in a file."""
ID_LENGTH = 12
IDENTITY = f"left(md5(concat_ws('|', {', '.join(ROW_KEY)})), {ID_LENGTH})"
"""What people call a row by. DuckDB and Spark read it alike."""


@dataclass(frozen=True)
class Chosen:
    """Rows of the quarantine for which all that is given holds."""

    ids: tuple[str, ...] = ()
    """Beginnings of names of rows."""
    source: str | None = None
    feed: str | None = None
    reason: str | None = None
    """A whole code, as `unparsable:quantity`, or what stands before its colon."""
    file: str | None = None
    """Path below landing/<source>."""
    status: str | None = None
    """A `RowStatus`."""

    def sql(self) -> str:
        """As a condition of DuckDB."""
        parts = [f"{name} = {literal(value)}" for name, value in self.equal.items()]
        if self.reason:
            code = literal(self.reason)
            parts.append(f"(list_contains(reasons, {code}) OR list_contains({_CODES}, {code}))")
        if self.ids:
            parts.append("(" + " OR ".join(f"starts_with(id, {literal(one)})" for one in self.ids) + ")")
        return " AND ".join(parts) or "true"

    @property
    def equal(self) -> dict[str, str]:
        """Column -> the value that it must have."""
        named = {
            "source_system": self.source, "feed": self.feed, "_source_file": self.file, "status": self.status
        }  # fmt: skip
        return {name: value for name, value in named.items() if value is not None}


_CODES = "list_transform(reasons, lambda one: split_part(one, ':', 1))"


def with_identity(table: str) -> str:
    """A table that has the columns of `ROW_KEY`, with the name of each row as `id`, as a query of DuckDB."""
    return f"(SELECT *, {IDENTITY} AS id FROM {table})"
