"""How often an expression of a declaration made NULL of something: what is written would be lost in silence there.

Worked out of the new rows of bronze, for silver keeps no trace of it; and only of expressions over columns of the
feed's own file, since those of joined ones need the join. A column taken as it is makes nothing of nothing.
"""

from __future__ import annotations

import re

from pyspark.sql import functions as F

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.expressions import selected, with_joined
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.mapping.sql_tokens import Token, tokens
from lakehouse.sources.mapping.strict import inlined
from lakehouse.sources.model import FeedMap, Source
from lakehouse.tables.column_names import folded, in_backticks
from lakehouse.tables.feeds import FEEDS
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured


def made_nothing(heads: Heads, feed: str) -> Measured:
    """Rows of new files in which an expression is NULL although all columns that it names are there."""
    if not heads.batches:
        return NOTHING_BROKEN
    found = {
        f"{source.name}.{feed}.{column}": rows
        for source in heads.sources
        if feed in source.feeds
        for column, rows in _counted(heads, source, feed).items()
        if rows
    }
    words = "; ".join(f"{name}: {rows:,} rows" for name, rows in sorted(found.items()))
    return Measured(sum(found.values()), words) if found else NOTHING_BROKEN


def _counted(heads: Heads, source: Source, name: str) -> dict[str, int]:
    """Canonical column -> rows in which its expression made NULL of something."""
    feed = source.feeds[name]
    conditions = losses(source, name)
    if not conditions:
        return {}
    rows = heads.lake.read_bronze(source, feed.file).where(F.col("_batch_id").isin(list(heads.batches)))
    alone = feed.model_copy(update={"join": ()})
    ready = prepared(rows, source, feed.file)
    # Whichever place a row has, it is there: to find it out would sort the rows.
    placed = ready.where(selected(feed, source)).withColumn("_position", F.lit(1))
    taken = with_joined(placed, source, alone, {})
    counts = (F.expr(f"count_if({condition})").alias(column) for column, condition in conditions.items())
    [found] = taken.select(*counts).collect()
    return {column: int(rows) for column, rows in found.asDict().items()}


def losses(source: Source, name: str) -> dict[str, str]:
    """Canonical column of a feed -> SQL over the prepared rows of its file with `_position`, true where the expression
    makes NULL of something; without the columns of which that cannot be told."""
    feed = source.feeds[name]
    kind = source.files[feed.file]
    conditions = {}
    for column, sql in _expressions(feed, name).items():
        if names := _columns_of(sql, feed, kind):
            given = " AND ".join(f"{in_backticks(one)} IS NOT NULL" for one in names)
            value = inlined(sql, source, kind)
            sure = f"NOT {value.unsure}" if value.unsure else "true"
            conditions[column] = f"{given} AND {sure} AND ({value.sql}) IS NULL"
    return conditions


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
