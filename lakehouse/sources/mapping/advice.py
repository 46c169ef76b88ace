"""What a declaration may say but had better not: advice, where nothing is wrong yet."""

from __future__ import annotations

import re

from lakehouse.sources.model import Source
from lakehouse.tables.feeds import FEEDS

_LOSES = re.compile(r"\b(try_cast|try_to_number)\s*\(", re.IGNORECASE)


def advice(source: Source) -> list[str]:
    """Expressions of canonical columns that make NULL of a text which is there but does not read."""
    return [
        f"feeds.{name}.columns.{column}: {found[1].lower()} makes NULL of what does not read, and nobody hears of it:"
        " number(…) reads by the file's marks and refuses the row"
        for name, feed in source.feeds.items()
        for column, sql in feed.columns.items()
        if FEEDS[name].table.column(column).type.startswith(("DECIMAL", "INT", "BIGINT", "DOUBLE"))
        and (found := _LOSES.search(sql))
    ]
