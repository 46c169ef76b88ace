"""The expressions of a feed made ready to be worked out without Spark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jobs.trial.joins import names_of
from lakehouse.sources.model import Join, Source
from lakehouse.sources.plain.evaluate import Expression, Names, compiled
from lakehouse.sources.plain.sql import Unsupported, parsed
from lakehouse.sources.plain.types import BOOL, INT
from lakehouse.tables.feeds import FEEDS


@dataclass(frozen=True)
class FeedPlan:
    """The expressions of a feed, ready to be worked out."""

    filter: Expression | None
    position: tuple[Expression, ...]
    joins: tuple[tuple[Join, tuple[Expression, ...]], ...]
    columns: dict[str, Expression]
    defaults: dict[str, Expression]
    """What stands in the lake where the file says nothing; not of columns where that is nothing, or an error."""
    named: dict[str, tuple[str, ...]]
    """Column -> the columns of the own file that its expression names, where NULL of them all would be a loss."""


def plan_of(source: Source, name: str) -> FeedPlan:
    """Raises Unsupported where only Spark can say what the declaration of the feed means."""
    feed = source.feeds[name]
    kind = source.files[feed.file]
    if "order_discount" in feed.columns and feed.repeats == "copies":
        raise Unsupported("a discount that is shared out over lines of which some are copies")
    alone = names_of(source, feed.file)
    here = f"feeds.{name}"
    with named(f"{here}.filter"):
        condition = condition_of(feed.filter, alone) if feed.filter else None
    with named(f"{here}.position_within"):
        position = tuple(compiled(one, alone) for one in feed.position_within)
    known, joins = dict(alone.types) | {"_position": INT}, []
    for join in feed.join:
        with named(f"{here}.join"):
            left = tuple(compiled(one, Names(known, kind, source.currency, feed.file)) for one in join.on)
        joins.append((join, left))
        other = source.files[join.file]
        if (other.decimal_mark, other.thousands_mark) != (kind.decimal_mark, kind.thousands_mark):
            raise Unsupported("files whose numbers have other marks")
        known |= {f"{join.file}\0{one}": type_ for one, type_ in names_of(source, join.file).types.items()}
    names = Names(known, kind, source.currency, feed.file)
    columns: dict[str, Expression] = {}
    for one, text in feed.columns.items():
        with named(f"{here}.columns.{one}"):
            columns[one] = compiled(text, names)
    defaults = {one: compiled(sql, names) for one in feed.columns if (sql := _default(source, name, one))}
    return FeedPlan(condition, position, tuple(joins), columns, defaults, _named_columns(source, name))


def condition_of(sql: str, names: Names) -> Expression:
    """A filter. Raises Unsupported where it is none, or only Spark can say what it means."""
    found = compiled(sql, names)
    if found.type != BOOL:
        raise Unsupported("a filter that is no condition")
    return found


@contextmanager
def named(place: str) -> Iterator[None]:
    """What is not supported says where it stands."""
    try:
        yield
    except Unsupported as reason:
        raise Unsupported(f"{reason} in {place}") from reason


def _named_columns(source: Source, name: str) -> dict[str, tuple[str, ...]]:
    feed, must = source.feeds[name], set(FEEDS[name].must_map(source.feeds[name].columns))
    own = {column.casefold() for column in source.files[feed.file].columns}
    named = {}
    for column, sql in feed.columns.items():
        used = tuple({one.casefold().removeprefix(f"{feed.file}\0") for one in parsed(sql).columns} - {"_position"})
        is_taken_as_it_is = re.fullmatch(r"\w+|`(?:[^`]|``)+`", sql.strip())
        if column not in must and not is_taken_as_it_is and used and own.issuperset(used):
            named[column] = used
    return named


def _default(source: Source, name: str, column: str) -> str | None:
    """What stands in the lake where the file says nothing; None where that is nothing, or an error."""
    if column in FEEDS[name].stated:
        return None
    default = FEEDS[name].defaults.get(column)
    return default and default.replace("source_currency()", f"'{source.currency}'")
