"""Rows of files that no feed takes: a run leaves their source out until somebody says what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lakehouse.sources.model import Source, feed_kinds, filter_of
from lakehouse.sources.same_rows import kind_of_rows

FIRST_ROWS = 3
"""Rows that no feed takes which are named."""


@dataclass(frozen=True)
class UnreadRow:
    """A row that no feed takes."""

    file: str
    row: int
    """Its place in the file, from 1."""
    values: Mapping[str, str]
    """Column of the file -> text; empty ones are left out."""


@dataclass(frozen=True)
class UnreadRows:
    """The rows of one kind of file that no feed takes."""

    kind: str
    rows: int
    first: tuple[UnreadRow, ...]


def takers(source: Source, kind: str) -> set[str]:
    """The conditions by which feeds take rows of a kind of file, under whatever name; empty for one that takes all."""
    return {
        filter_of(feed, name)
        for feed in source.feeds.values()
        for name in feed_kinds(feed)
        if kind_of_rows(source.files, name) == kind
    }


def kinds_to_look_through(source: Source) -> dict[str, set[str]]:
    """Kind of file that may have rows which no feed takes -> the conditions by which feeds take some.

    Kinds that the source marks as ignored are left out.
    """
    found = {name: takers(source, name) for name, kind in source.loaded.items() if not kind.ignored}
    return {name: conditions for name, conditions in found.items() if "" not in conditions}
