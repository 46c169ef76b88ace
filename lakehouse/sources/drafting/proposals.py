"""What a draft proposes, before it is written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakehouse.sources.drafting.kinds import Kind
from lakehouse.sources.drafting.rows_of_kind import FillDown
from lakehouse.tables.feeds import Feed


@dataclass
class DraftJoin:
    """A join that a draft proposes."""

    kind: Kind
    role: str
    column: str
    """Of this name in both files."""


@dataclass
class DraftFeed:
    """A feed that a draft proposes: expressions by canonical column, and what to say about them."""

    feed: Feed
    kind: Kind
    own: dict[str, str]
    """Canonical column -> the file's column that is called so."""
    columns: dict[str, str]
    joins: list[DraftJoin] = field(default_factory=list)
    position_within: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    filter: str = ""
    fill_down: FillDown | None = None
    notes: dict[str, str] = field(default_factory=dict)
    """Canonical column, or "" for the feed -> what a person has to look at."""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in self.feed.must_map(self.columns) if name not in self.columns)
