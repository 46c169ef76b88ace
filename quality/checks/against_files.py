"""Measures of silver against the files: as many rows as were accepted, and the money that these rows were sent with.

Read anew from the texts of bronze, row by row, and not by the code that made silver: a row that took another's amount,
or one that was read wrongly, shows in the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.filled_down import filled_columns
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.sources.model import FeedMap, Source
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import Outcome
from lakehouse.tables.silver import LINEAGE
from quality.checks.measures import named
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Case, Measured

FACTORS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "order_lines": ("gross_revenue", ("quantity", "unit_price")),
    "returns": ("refund_amount", ("refund_amount",)),
}
"""Feed -> amount of its table, and the canonical columns of which it is the product."""
INSTEAD: Mapping[str, tuple[str, ...]] = {"order_lines": ("gross_amount",)}
"""Feed -> canonical columns that are the amount themselves, in rows that state them."""
_ROW_OF_FILE = ("_file_sha256", "_row_in_file", "_batch_id")
_WIDE = "DECIMAL(38,12)"


def rows_as_accepted(heads: Heads) -> Measured:
    """Feeds whose table has not just the rows that lineage calls accepted."""
    changed = {table.name for table in heads.changed()}
    feeds = [(source, name) for source in heads.sources for name in source.feeds if FEEDS[name].table.name in changed]
    if not feeds:
        return NOTHING_BROKEN
    there, accepted = _rows_there(heads, {name for _, name in feeds}), _rows_accepted(heads)
    off = [
        (Case(source.name, f"{source.name}.{name}"), f"{source.name}.{name}: {rows:,} rows, {said:,} were accepted")
        for source, name in feeds
        if (rows := there.get((source.name, name), 0))
        != (said := accepted.get((source.name, name, source.feeds[name].file), 0))
    ]
    return named(off) if off else NOTHING_BROKEN


def _rows_there(heads: Heads, feeds: Iterable[str]) -> dict[tuple[str, str], int]:
    """Source and feed -> rows of the feed's table."""
    queries = (
        f"SELECT source_system, '{feed}', count(*) FROM {FEEDS[feed].table.name} GROUP BY source_system"
        for feed in sorted(feeds)
    )
    return {(source, feed): n for source, feed, n in heads.ask(" UNION ALL ".join(queries))}


def _rows_accepted(heads: Heads) -> dict[tuple[str, str, str], int]:
    """Source, feed and kind of file -> rows that lineage calls accepted."""
    found = heads.ask(
        f"""SELECT source_system, feed, file_kind, CAST(sum(rows) AS BIGINT) FROM {LINEAGE.name}
        WHERE outcome = '{Outcome.ACCEPTED}' GROUP BY source_system, feed, file_kind"""
    )
    return {(source, feed, kind): rows for source, feed, kind, rows in found}


def money_as_sent(heads: Heads, feed: str) -> Measured:
    """Sums of new rows, per source and currency, that are not those of the files.

    Of sources that give the factors as they stand in the feed's own file: what an expression works out has no other
    reading than that expression.
    """
    amount, _ = FACTORS[feed]
    compared = [rows for source in heads.sources if (rows := _beside_sent(heads, source, feed)) is not None]
    if not compared or not heads.batches:
        return NOTHING_BROKEN
    sums = union(compared).groupBy("source_system", "currency")
    # A row of silver that no row of bronze stands behind has nothing sent.
    found = sums.agg(F.sum(amount).alias("here"), F.coalesce(F.sum("_sent"), F.lit(0)).alias("sent"))
    off = [
        (
            Case(row["source_system"], f"{row['source_system']}/{row['currency']}"),
            f"{amount} of {row['source_system']}/{row['currency']}: {row['here']} is not {row['sent']:f}, as sent",
        )
        for row in sorted(found.where(~F.col("here").eqNullSafe(F.col("sent").cast(_WIDE))).collect())
    ]
    return named(off) if off else NOTHING_BROKEN


def _beside_sent(heads: Heads, source: Source, feed: str) -> DataFrame | None:
    """New rows of the feed's table with `_sent`; None where the source does not give the amount as it stands."""
    amount, _ = FACTORS[feed]
    if feed not in source.feeds or (sent := _sent(source, feed)) is None:
        return None
    batches = list(heads.batches)
    table = heads.lake.read(FEEDS[feed].table).where(
        (F.col("source_system") == source.name) & F.col("_batch_id").isin(batches) & F.col(amount).isNotNull()
    )
    if feed in INSTEAD:
        # What is worked out from what was left of the amount has no other reading than that.
        table = table.where("net_amount IS NULL OR gross_amount IS NOT NULL")
    bronze = heads.lake.read_bronze(source, source.feeds[feed].file).where(F.col("_batch_id").isin(batches))
    # The same bytes may be here twice, under names that say different things: the text of a row is then the same.
    rows = bronze.select(*_ROW_OF_FILE, sent.try_cast(_WIDE).alias("_sent")).dropDuplicates(list(_ROW_OF_FILE))
    return table.select("source_system", "currency", amount, *_ROW_OF_FILE).join(rows, list(_ROW_OF_FILE), "left")


def _sent(source: Source, feed: str) -> Column | None:
    """The amount of a row of the file, as it stands there; None where an expression works any part of it out."""
    of, factors = source.feeds[feed], FACTORS[feed][1]
    kind = source.files[of.file]
    stated = [_as_it_stands(of, kind, name) for name in INSTEAD.get(feed, ()) if name in of.columns]
    parts = [_as_it_stands(of, kind, name) for name in factors]
    is_alone = bool(stated) and any(name not in of.columns for name in factors)
    if any(one is None for one in (*stated, *(() if is_alone else parts))):
        return None
    if is_alone:
        return F.coalesce(*_known(stated))
    product = reduce(lambda one, other: one * other, (part.try_cast("DECIMAL(18,4)") for part in _known(parts)))
    return F.coalesce(*_known(stated), product)


def _known(factors: list[Column | None]) -> Iterator[Column]:
    return (factor for factor in factors if factor is not None)


def _as_it_stands(feed: FeedMap, kind: FileKind, canonical: str) -> Column | None:
    """The number that a column of the feed's own file, or a literal, writes; None for anything else."""
    text = feed.columns.get(canonical, "").strip()
    if text.isdecimal():
        return F.lit(int(text))
    named = text[1:-1].replace("``", "`") if text.startswith("`") else text
    name = next((one for one in kind.columns if named.casefold() == one.casefold()), None)
    if name is None or name in filled_columns(kind):
        return None
    # The dot of an abbreviation (Rs. 500) is no mark.
    digits = F.regexp_replace(sent_column(name), rf"\p{{L}}[.]|[^0-9+\-{kind.decimal_mark}]", "")
    return F.replace(digits, F.lit(kind.decimal_mark), F.lit(".")).try_cast(_WIDE)
