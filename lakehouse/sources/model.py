"""The declaration of a source, as conf/sources/*.toml writes it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from lakehouse.settings import Section
from lakehouse.sources.file_kind import FileKind, Texts
from lakehouse.sources.same_rows import kind_of_rows, with_same_kinds
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
    filter: str = ""
    """SQL condition for the rows of this file to take; all where empty. Rows for which it is NULL are not taken."""
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
    repeats: Literal["lines", "copies"] = "lines"
    """What rows are that are equal in all columns within one group of one file: different lines, or copies of one."""
    accept: tuple[str, ...] = ()
    """Codes of row rules that do not hold for this feed; `missing:product_id` where lines may name no product."""


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

    @field_validator("files", mode="before")
    @classmethod
    def _same_kinds(cls, value: Any) -> Any:
        return with_same_kinds(value) if isinstance(value, dict) else value

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
        return bronze_table(self.name, kind_of_rows(self.files, kind), self.files[kind].columns)

    @property
    def loaded(self) -> dict[str, FileKind]:
        """The kinds that have files of their own."""
        return {name: kind for name, kind in self.files.items() if not kind.same_as}

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(self.table(kind) for kind in self.loaded)


def feed_kinds(feed: FeedMap) -> tuple[str, ...]:
    """The kinds of file that a feed reads, its own first."""
    return (feed.file, *(join.file for join in feed.join))


def filter_of(feed: FeedMap, kind: str) -> str:
    """SQL condition for the rows of a kind of file that a feed takes; empty where it takes all."""
    conditions = {feed.file: feed.filter} | {join.file: join.filter for join in feed.join}
    return conditions.get(kind, "")


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
    if twice := [kind for kind, times in Counter(feed_kinds(feed)).items() if times > 1]:
        raise ValueError(
            f"feeds.{name}: {twice[0]!r} twice, and expressions could mean either: give its rows a second name,"
            f' [files.NAME] with same_as = "{twice[0]}", and join that'
        )
    if feed.repeats == "copies" and not feed.position_within:
        raise ValueError(
            f"feeds.{name}.repeats: only where position_within numbers rows: else rows of one key collapse as they are"
        )
    if unknown := [column for column in feed.columns if column not in canonical.given]:
        raise ValueError(
            f"feeds.{name}: no canonical column {', '.join(unknown)}; there are {', '.join(canonical.given)}"
        )
    if missing := [column for column in canonical.must_map(feed.columns) if column not in feed.columns]:
        instead = "".join(
            f"; in place of {column} also {' or '.join(others)}"
            for column in missing
            if (others := [one for one in canonical.instead.get(column, ()) if one not in missing])
        )
        raise ValueError(f"feeds.{name}: {', '.join(missing)} must be mapped{instead}")
    for join in feed.join:
        if strange := [column for column in join.on.values() if column not in source.files[join.file].columns]:
            raise ValueError(f"feeds.{name}: join: file {join.file!r} has no column {', '.join(strange)}")
