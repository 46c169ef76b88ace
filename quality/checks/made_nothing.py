"""How often an expression of a declaration made NULL of something: what is written would be lost in silence there.

Worked out of the new rows of bronze, for silver keeps no trace of it; and only of expressions over columns of one file,
the feed's own or a joined one, since others need the join. A column taken as it is makes nothing of nothing. What
`nullif`, a CASE without ELSE and a NULL that is written out leave out is told, and is no loss: the declaration says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.quarantine.masking import shown_columns
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.expressions import selected, with_joined
from lakehouse.sources.mapping.losing import losing_calls, says_nothing_itself
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.mapping.sql_tokens import Token, tokens
from lakehouse.sources.mapping.strict import inlined
from lakehouse.sources.model import FeedMap, Source, feed_kinds
from lakehouse.tables.column_names import folded, in_backticks
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.types import MASK
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured


@dataclass(frozen=True)
class Loss:
    """What an expression may make NULL of, as SQL over the prepared rows of its file with `_position`."""

    columns: tuple[str, ...]
    """Of the file: those that the expression names."""
    given: str
    """True where all of these are there."""
    made_nothing: str
    """True where the expression is NULL all the same."""
    lost: str
    """True where it is so although no word of it says so."""


@dataclass(frozen=True)
class _Found:
    """What an expression made NULL of."""

    given: int
    made_nothing: int
    lost: int
    example: str = ""
    """Of a loss: where it stands, and what of."""


def made_nothing(heads: Heads, feed: str) -> Measured:
    """The largest share of new rows in which an expression loses what is there."""
    if not heads.batches:
        return NOTHING_BROKEN
    found = {
        f"{source.name}.{feed}.{column}": one
        for source in heads.sources
        if feed in source.feeds
        for kind in feed_kinds(source.feeds[feed])
        for column, one in _counted(heads, source, feed, kind).items()
        if one.made_nothing
    }
    words = "; ".join(f"{name}: {_in_words(one)}" for name, one in sorted(found.items()))
    examples = tuple(one.example for _, one in sorted(found.items()) if one.example)
    share = max((one.lost / one.given for one in found.values()), default=0)
    return Measured(share, words, examples) if found else NOTHING_BROKEN


def _in_words(found: _Found) -> str:
    rows = f"{found.made_nothing:,} of {found.given:,} {'row' if found.given == 1 else 'rows'}"
    on_purpose = found.made_nothing - found.lost
    if not found.lost:
        return f"{rows}, as it says"
    return rows + (f", {on_purpose:,} of them as it says" if on_purpose else "")


def _counted(heads: Heads, source: Source, name: str, kind: str) -> dict[str, _Found]:
    """Canonical column -> what its expression made NULL of, of those over the columns of a kind of file."""
    feed = source.feeds[name]
    conditions = losses(source, name, kind)
    if not conditions:
        return {}
    rows = heads.lake.read_bronze(source, kind).where(F.col("_batch_id").isin(list(heads.batches)))
    alone = feed.model_copy(update={"join": (), "file": kind})
    ready = prepared(rows, source, kind)
    # Whichever place a row has, it is there: to find it out would sort the rows.
    placed = ready.where(selected(feed, source, kind)).withColumn("_position", F.lit(1))
    taken = with_joined(placed, source, alone, {})
    counts = [
        F.expr(f"count_if({condition})")
        for one in conditions.values()
        for condition in (one.given, one.made_nothing, one.lost)
    ]
    [row] = taken.select(*(count.alias(f"_{place}") for place, count in enumerate(counts))).collect()
    figures = iter(map(int, row))
    found = {column: _Found(next(figures), next(figures), next(figures)) for column in conditions}
    shown = shown_columns(source)[kind]
    return {
        column: _Found(one.given, one.made_nothing, one.lost, _example(taken, conditions[column], shown))
        if one.lost
        else one
        for column, one in found.items()
    }


def _example(taken: DataFrame, loss: Loss, shown: set[str]) -> str:
    """The first row that loses something, and what; what may identify a person is masked."""
    lost = taken.where(loss.lost).orderBy("_source_file", "_row_in_file")
    [row] = lost.select("_source_file", "_row_in_file", *map(in_backticks, loss.columns)).limit(1).collect()
    values = zip(loss.columns, row[2:], strict=True)
    said = ", ".join(f"{name} = {value if name in shown else MASK}" for name, value in values)
    return f"{row[0]}, row {row[1]}: {said}"


def losses(source: Source, name: str, kind_name: str | None = None) -> dict[str, Loss]:
    """Canonical column of a feed -> what its expression may make NULL of, where it is over the columns of one kind of
    file: the feed's own unless another is named."""
    feed = source.feeds[name]
    kind = source.files[kind_name or feed.file]
    found = {}
    for column, text in _expressions(feed, name).items():
        sql = text if kind_name in (None, feed.file) else _alone(text, str(kind_name), source.files[feed.file])
        if names := _columns_of(sql, feed, kind):
            given = _there(names)
            value = inlined(sql, source, kind)
            sure = f"NOT {value.unsure}" if value.unsure else "true"
            nothing = f"{given} AND {sure} AND ({value.sql}) IS NULL"
            found[column] = Loss(tuple(names), given, nothing, f"{nothing} AND ({_loses(sql, source, feed, kind)})")
    return found


def _alone(sql: str, kind: str, own: FileKind) -> str:
    """An expression over the columns of one joined file without the name of that file; empty where it names others."""
    try:
        found = [token for token in tokens(sql) if token.kind != "space"]
    except ValueError:
        return ""
    left: list[Token] = []
    is_named, at = False, 0
    while at < len(found):
        if at + 2 < len(found) and found[at + 1].says(".") and folded(found[at].text.strip("`")) == folded(kind):
            left.append(found[at + 2])
            is_named, at = True, at + 3
            continue
        if _is_column(found[at], own):
            return ""
        left.append(found[at])
        at += 1
    return " ".join(token.text for token in left) if is_named else ""


def _is_column(token: Token, kind: FileKind) -> bool:
    """Whether a token may name a column of a kind of file, or the place of its row."""
    name = folded(token.text.strip("`").replace("``", "`"))
    return token.kind in ("quoted", "word") and name in {"_position", *map(folded, kind.columns)}


def _loses(sql: str, source: Source, feed: FeedMap, kind: FileKind) -> str:
    """True where an expression that is NULL is not so by its own words alone."""
    if not says_nothing_itself(sql):
        return "true"
    lost = [
        f"({_there(names)} AND ({inlined(call, source, kind).sql}) IS NULL)"
        for call in losing_calls(sql)
        if (names := _columns_of(call, feed, kind))
    ]
    return " OR ".join(lost) or "false"


def _there(names: list[str]) -> str:
    return " AND ".join(f"{in_backticks(one)} IS NOT NULL" for one in names)


def _expressions(feed: FeedMap, name: str) -> dict[str, str]:
    """What is more than a column's name; a NULL in what a row must have is quarantined, and not silent."""
    must = set(FEEDS[name].must_map(feed.columns))
    return {
        column: sql
        for column, sql in feed.columns.items()
        if column not in must and not re.fullmatch(r"\w+|`(?:[^`]|``)+`", sql.strip())
    }


def _is_name(token: Token) -> bool:
    """A number that is written out is no column of that name, which would stand in backticks."""
    return token.kind == "word" and not token.text[0].isdigit()


def _columns_of(sql: str, feed: FeedMap, kind: FileKind) -> list[str]:
    """The columns of the feed's own file that an expression names; none where it names others, or cannot be told."""
    try:
        named = [token for token in tokens(sql) if token.kind == "quoted" or _is_name(token)]
        found = [token.text.strip("`").replace("``", "`") for token in named]
    except ValueError:
        return []
    words = {folded(one) for one in found}
    if words & {folded(join.file) for join in feed.join}:
        return []
    return [name for name in kind.columns if folded(name) in words]
