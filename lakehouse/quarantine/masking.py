"""Rows as sent, for people: what may identify a person is masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lakehouse.sources.model import FeedMap, Source, feed_kinds
from lakehouse.sources.same_rows import kind_of_rows
from lakehouse.tables.column_names import in_backticks
from lakehouse.tables.fields import FIELDS
from lakehouse.tables.types import MASK

_NAMES = re.compile(r"`((?:[^`]|``)+)`|(\w+)")


def shown_columns(source: Source) -> dict[str, set[str]]:
    """Kind of file -> columns that may be shown: those that feed something, and nothing that identifies a person.

    What identifies a person under one name of the same rows does so under the other.
    """
    feeding: dict[str, set[str]] = {kind: set() for kind in source.files}
    personal: dict[str, set[str]] = {kind: set() for kind in source.files}
    for feed in source.feeds.values():
        for kind in feed_kinds(feed):
            columns = source.files[kind].columns
            for text in _expressions(feed):
                feeding[kind] |= _named(text, columns)
            for canonical, text in feed.columns.items():
                if FIELDS[canonical].personal:
                    personal[kind_of_rows(source.files, kind)] |= _named(text, columns)
    return {
        kind: feeding[kind] - personal[kind_of_rows(source.files, kind)] - _personal_names(source, kind)
        for kind in source.files
    }


def masked(sent: Mapping[str, Any], shown: set[str]) -> dict[str, Any]:
    """The row with a mask in place of every value that may not be shown."""
    return {name: value if name in shown else MASK for name, value in sent.items()}


def _expressions(feed: FeedMap) -> list[str]:
    keys = [in_backticks(name) for join in feed.join for name in join.on.values()]
    joins = [*keys, *(text for join in feed.join for text in (*join.on, *join.version, join.filter))]
    return [feed.filter, *feed.columns.values(), *feed.version, *feed.position_within, *joins]


def _named(text: str, columns: tuple[str, ...]) -> set[str]:
    """The columns that an expression names: bare words, and whole names in backticks."""
    words = {(quoted.replace("``", "`") or bare).casefold() for quoted, bare in _NAMES.findall(text)}
    return {name for name in columns if name.casefold() in words}


def _personal_names(source: Source, kind: str) -> set[str]:
    return {name for name in source.files[kind].columns if (found := FIELDS.get(name.casefold())) and found.personal}
