"""Rows that no feed takes, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from lakehouse.quarantine.masking import masked
from lakehouse.sources.untaken import UnreadRow, UnreadRows

MOST_VALUES = 8
LONGEST = 60


def rows_in_words(unread: UnreadRows, shown: Collection[str]) -> Iterator[str]:
    """The first of them, one line each, and how many more there are. What is not to be shown is masked."""
    for row in unread.first:
        yield _row(row, set(shown))
    if unread.rows > len(unread.first):
        yield f"and {unread.rows - len(unread.first):,} more"


def _row(row: UnreadRow, shown: set[str]) -> str:
    known = list(masked(row.values, shown).items())
    # What can be told comes first.
    known.sort(key=lambda item: item[0] not in shown)
    values = ", ".join(f"{_plain(name)} = {_plain(str(value))}" for name, value in known[:MOST_VALUES])
    more = ", …" if len(known) > MOST_VALUES else ""
    return f"{_plain(row.file, len(row.file))}, row {row.row:,}: {values or 'nothing in it'}{more}"


def _plain(text: str, longest: int = LONGEST) -> str:
    """The text in one line, cut where it is long, with what a terminal would act on made visible."""
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text[:longest])
    return shown + ("…" if len(text) > longest else "")
