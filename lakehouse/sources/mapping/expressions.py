"""Bronze rows to canonical columns: what a source's expressions say, applied to its files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import ORIGIN
from lakehouse.sources.mapping.sent_names import as_sent, sent_column
from lakehouse.sources.mapping.strict import inlined
from lakehouse.sources.mapping.values import instant_of
from lakehouse.sources.model import FeedMap, Source, filter_of

COPY = "_is_copy"
"""Where a feed's repeated rows are copies: true for one that is equal in all columns to one above it in its group."""


def plain(sql: str, source: Source, kind_name: str) -> str:
    """An expression over the columns of one file, without calls that Spark does not know."""
    return inlined(sql, source, source.files[kind_name]).sql


def with_position(rows: DataFrame, feed: FeedMap, source: Source) -> DataFrame:
    """`_position`: the place of the row, from 1, among those of its group in its file; a copy has none of its own."""
    if not feed.position_within:
        return rows.withColumn("_position", F.lit(None).cast("int"))
    groups = (F.expr(plain(one, source, feed.file)) for one in feed.position_within)
    group: list[Column] = [F.col("_file_delivery"), *groups]
    in_order = Window.partitionBy(*group).orderBy("_row_in_file")
    if feed.repeats == "lines":
        return rows.withColumn("_position", F.row_number().over(in_order))
    values = (sent_column(name) for name in rows.columns if name not in (*ORIGIN, "_problems", "_repairs"))
    equal = Window.partitionBy(*group, *values).orderBy("_row_in_file")
    # Rows that could not be read have no values to be equal in.
    rows = rows.withColumn(COPY, (F.row_number().over(equal) > 1) & (F.size("_problems") == 0))
    return rows.withColumn("_position", F.count_if(~F.col(COPY)).over(in_order).cast("int"))


def selected(feed: FeedMap, source: Source, kind: str | None = None) -> Column:
    """True for the rows that the feed takes of a kind of file, its own unless another is named.

    Rows that could not be read are taken by every feed of their file.
    """
    name = kind or feed.file
    condition = filter_of(feed, name)
    if not condition:
        return is_kept()
    return (F.size("_problems") > 0) | (is_kept() & meant(condition, source, name))


def meant(condition: str, source: Source, kind_name: str) -> Column:
    """True for the rows that a feed's filter means, and for those of which nobody can say whether it does, since a
    number in it does not read: they go into quarantine."""
    found = inlined(condition, source, source.files[kind_name])
    taken = F.coalesce(F.expr(found.sql), F.lit(False))
    return taken | F.expr(found.unsure) if found.unsure else taken


def with_joined(rows: DataFrame, source: Source, feed: FeedMap, others: Mapping[str, DataFrame]) -> DataFrame:
    """The feed's own rows with each joined file as a struct column of its name; NULL where there is no match.

    `others` holds one row per key for each joined file (see `lakehouse.silver.versions.one_per_key`).
    """
    own = source.files[feed.file]
    rows = rows.withColumn(feed.file, F.struct(*map(sent_column, own.columns)))
    for join in feed.join:
        keys = list(join.on.items())
        right = others[join.file].select(
            F.struct(*map(sent_column, source.files[join.file].columns)).alias(join.file),
            F.col("_repairs").alias("_joined_repairs"),
            *(sent_column(name).alias(f"_join_{place}") for place, (_, name) in enumerate(keys)),
        )
        left = rows.select(
            "*",
            *(F.expr(plain(one, source, feed.file)).alias(f"_own_{place}") for place, (one, _) in enumerate(keys)),
        )
        on = [F.col(f"_own_{place}") == F.col(f"_join_{place}") for place in range(len(keys))]
        condition = reduce(lambda one, other: one & other, on)
        helpers = [f"_{side}_{place}" for side in ("own", "join") for place in range(len(keys))]
        mended = F.concat("_repairs", F.coalesce("_joined_repairs", F.array().cast("array<string>")))
        rows = (
            left.join(right, condition, "left")
            .withColumn("_repairs", F.array_distinct(mended))
            .drop("_joined_repairs", *helpers)
        )
    return rows


def header_keys(feed: FeedMap) -> tuple[str, ...]:
    """The expressions over the own file by which rows find their header; empty where the feed has none."""
    return tuple(left for join in feed.join if join.role == "header" for left in join.on)


def unit_expressions(feed: FeedMap) -> tuple[str, ...]:
    """What names the unit of a row where the feed's unit columns do not: its group in the file, or its header."""
    return feed.position_within or header_keys(feed)


def unit_parts(feed: FeedMap, source: Source) -> list[Column]:
    """The values of `unit_expressions`, as texts."""
    return [F.expr(plain(one, source, feed.file)).cast("string") for one in unit_expressions(feed)]


def ordering_value(rows: DataFrame, sql: str, kind: FileKind, source: Source, *, as_instant: bool = False) -> Column:
    """An expression's value for ordering: an instant where its text reads as one of the file's dates, else as it is."""
    sql = inlined(sql, source, kind).sql
    if sql.strip() == "_file_modified_at":
        return F.expr(sql)
    # The schema of the rows is known by now; to ask for an expression's type has all of them resolved once more.
    type_name = dict(rows.dtypes).get(sql.strip()) or rows.select(F.expr(sql)).dtypes[0][1]
    if as_instant:
        return instant_of(F.expr(sql), type_name, kind, source.time_zone).instant
    if type_name == "string":
        # Dates in text order wrongly as text unless they are ISO; numbers as text always do.
        read = instant_of(F.expr(sql), type_name, kind, source.time_zone).instant
        return F.struct(
            read.alias("instant"), F.expr(sql).try_cast("decimal(38,6)").alias("number"), F.expr(sql).alias("text")
        )
    return F.expr(sql)


def empty_rows(spark: SparkSession, source: Source, kind_name: str) -> DataFrame:
    """Rows of a kind of file, of which there are none, to analyse expressions on."""
    schema = ", ".join(f"`{column.name}` {column.type}" for column in source.table(kind_name).columns)
    return as_sent(spark.createDataFrame([], schema), source.files[kind_name])
