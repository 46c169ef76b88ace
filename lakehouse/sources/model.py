"""The declaration of a source, as conf/sources/*.toml writes it."""

from __future__ import annotations

import re
from typing import Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from lakehouse.settings import Section
from lakehouse.sources.file_kind import FileKind, Texts
from lakehouse.tables.bronze import bronze_table
from lakehouse.tables.feeds import FEEDS, Feed
from lakehouse.tables.model import Table

NAME = r"^[a-z][a-z0-9_]*$"


class Join(Section):
    """Another file of the same source whose columns the feed's expressions may use, as `<file>.<column>`."""

    file: str
    role: Literal["header", "lookup"]
    """A row without its header waits (pending); a row without its look-up has NULL there."""
    on: dict[str, str] = Field(min_length=1)
    """Expression over the feed's file (and files joined before) -> column of this file."""
    version: Texts = ()
    """Expressions that order the versions of one key of this file."""


class FeedMap(Section):
    """How one canonical feed is made from the source's files."""

    file: str
    filter: str = ""
    """SQL condition for the rows that this feed takes; all where empty. Rows for which it is NULL are not taken."""
    columns: dict[str, str]
    """Canonical column -> SQL expression."""
    join: tuple[Join, ...] = ()
    version: Texts = ()
    """Expressions that order the versions of one key, the first weighing most."""
    position_within: Texts = ()
    """Where rows have no number: expressions that name the group in which a row is known by its place (`_position`)."""
    accept: tuple[str, ...] = ()
    """Codes of row rules that do not hold for this feed."""


class Source(Section):
    """A merchant's files and what they mean."""

    name: str = Field(pattern=NAME)
    title: str = ""
    currency: str = Field(pattern="^[A-Z]{3}$")
    time_zone: str
    files: dict[str, FileKind] = Field(min_length=1)
    feeds: dict[str, FeedMap] = Field(min_length=1)
    fingerprint: str = Field(exclude=True)
    """Of the text that declares it."""

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"no such time zone: {value}")
        return str(ZoneInfo(value))

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for kind in self.files:
            if not re.match(NAME, kind):
                raise ValueError(f"files.{kind}: a name has lower case letters, digits and underscores")
            if any(kind == column.casefold() for file in self.files.values() for column in file.columns):
                raise ValueError(
                    f"files.{kind}: a column is called so too, and expressions could mean either: rename the kind"
                )
        for name, feed in self.feeds.items():
            _check_feed(self, name, feed)
        return self

    def table(self, kind: str) -> Table:
        """The bronze table of a kind of file."""
        return bronze_table(self.name, kind, self.files[kind].columns)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(self.table(kind) for kind in self.files)


def feed_kinds(feed: FeedMap) -> tuple[str, ...]:
    """The kinds of file that a feed reads, its own first."""
    return (feed.file, *(join.file for join in feed.join))


def _check_feed(source: Source, name: str, feed: FeedMap) -> None:
    """Raises ValueError for what can be seen without Spark."""
    canonical: Feed | None = FEEDS.get(name)
    if canonical is None:
        raise ValueError(f"feeds.{name}: no such feed; there are {', '.join(FEEDS)}")
    for kind in feed_kinds(feed):
        if kind not in source.files:
            raise ValueError(f"feeds.{name}: no file kind {kind!r}; there are {', '.join(source.files)}")
        if source.files[kind].ignored:
            raise ValueError(f"feeds.{name}: file kind {kind!r} is marked as ignored")
    if unknown := [column for column in feed.columns if column not in canonical.given]:
        raise ValueError(
            f"feeds.{name}: no canonical column {', '.join(unknown)}; there are {', '.join(canonical.given)}"
        )
    if missing := [column for column in canonical.must_map(feed.columns) if column not in feed.columns]:
        raise ValueError(f"feeds.{name}: {', '.join(missing)} must be mapped")
    for join in feed.join:
        if strange := [column for column in join.on.values() if column not in source.files[join.file].columns]:
            raise ValueError(f"feeds.{name}: join: file {join.file!r} has no column {', '.join(strange)}")
