"""Bronze rows to canonical columns: what a source's expressions say, applied to its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from lakehouse.engine.choose import engine_of
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.codes import codes
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import ORIGIN
from lakehouse.sources.mapping.refuse import declaration_error
from lakehouse.sources.mapping.sent_names import as_sent, sent_column
from lakehouse.sources.mapping.strict import inlined, with_numbers
from lakehouse.sources.mapping.values import Typed, instant_of, typed
from lakehouse.sources.model import FeedMap, Source, feed_kinds, filter_of
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import RowReason

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


def expression(source: Source, feed_name: str, column: str) -> str:
    """The SQL of one canonical column: mapped, else its default, else NULL."""
    given = source.feeds[feed_name].columns.get(column)
    return given if given is not None else _default(source, feed_name, column) or "NULL"


def _default(source: Source, feed_name: str, column: str) -> str | None:
    default = FEEDS[feed_name].defaults.get(column)
    return default and default.replace("source_currency()", f"'{source.currency}'")


def _kind_of(source: Source, feed: FeedMap, column: str) -> FileKind:
    """The file whose marks and date formats a column's text follows: that of a column taken as it is, else the own."""
    taken = re.fullmatch(r"`?(\w+)`?\.(?:\w+|`(?:[^`]|``)+`)", feed.columns.get(column, "").strip())
    return source.files[taken[1]] if taken and taken[1] in feed_kinds(feed) else source.files[feed.file]


def _typed_column(source: Source, feed_name: str, name: str, given_type: str) -> Typed:
    """A canonical column from what its expression gave, `_x_` and its name."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    # What a shop states of each row is not guessed where it is empty, unless it says that it may be.
    stated = name in canonical.stated and name in feed.columns and RowReason.MISSING.of(name) not in feed.accept
    return typed(
        f"_x_{name}",
        given_type,
        canonical.table.column(name).field,
        _kind_of(source, feed, name),
        source.time_zone,
        default=None if stated else _default(source, feed_name, name),
        required=stated or name in canonical.must_map(feed.columns),
        currency=_currency_of_amounts(source, feed_name),
    )


def _currency_of_amounts(source: Source, feed_name: str) -> str:
    """SQL for the currency of a row, over what the expressions gave."""
    own = f"'{source.currency}'"
    has_its_own = "currency" in source.feeds[feed_name].columns
    return f"upper(coalesce(CAST(_x_currency AS STRING), {own}))" if has_its_own else own


def evaluated(rows: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """Canonical columns, typed, beside the origin of each row and `_reasons` why it cannot be accepted.

    Adds `_version` (struct; its first field a UTC instant for history feeds) and, for the column that says when a
    row happened, `_local` (time in the source's zone).
    """
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    kind = source.files[feed.file]
    rows, strict = with_numbers(
        rows, source, feed, {name: expression(source, feed_name, name) for name in canonical.given}
    )
    raw = rows.select("*", *(F.expr(one.sql).alias(f"_x_{name}") for name, one in strict.items()))
    types = dict(raw.dtypes)
    _refuse_doubles(rows.sparkSession, source, feed_name, types)
    results = {name: _typed_column(source, feed_name, name, types[f"_x_{name}"]) for name in canonical.given}
    broken = F.size("_problems") > 0
    reasons = codes(*_reasons_against(results, {name: one.unsure for name, one in strict.items()}))
    if doubtful := inlined(feed.filter, source, kind).unsure:
        reasons = F.concat(codes(F.when(F.expr(doubtful), F.lit(RowReason.UNPARSABLE.of("filter")))), reasons)
    version = _version(raw, feed, kind, source, is_history=canonical.is_history)
    happened = canonical.happened_at
    local = results[happened].local if happened else F.lit(None).cast("timestamp")
    return raw.select(
        *(one.value.alias(name) for name, one in results.items()),
        version.alias("_version"),
        local.alias("_local"),
        F.when(broken, F.col("_problems")).otherwise(reasons).alias("_reasons"),
        F.col("_repairs"),
        "_position",
        *([COPY] if COPY in raw.columns else []),
        *ORIGIN,
        *(F.col(join.file).isNotNull().alias(f"_has_{join.file}") for join in feed.join),
        *(part.alias(f"_unit_{place}") for place, part in enumerate(unit_parts(feed, source))),
    )


def _refuse_doubles(spark: SparkSession, source: Source, feed_name: str, types: Mapping[str, str]) -> None:
    """Raises ExpressionsRefused where a double is to become a decimal and the engine rounds doubles otherwise."""
    engine = engine_of(spark)
    columns = (name for name in FEEDS[feed_name].given if types[f"_x_{name}"] in ("double", "float"))
    if engine.rounds_in_binary and (doubles := list(columns)):
        why = f"{engine.name.capitalize()} takes it otherwise than Spark: it is a double: CAST(… AS DECIMAL(18,4))"
        raise declaration_error(source, [f"feeds.{feed_name}.columns.{name}: {why}" for name in doubles])


def _reasons_against(results: Mapping[str, Typed], unsure: Mapping[str, str]) -> list[Column]:
    """Codes of what is wrong with each value: a text that does not read says it all."""
    found: list[Column] = []
    for name, one in results.items():
        if unsure[name]:
            unread = F.when(F.expr(unsure[name]), F.lit(RowReason.UNPARSABLE.of(name)))
            found.append(F.coalesce(unread, *one.reasons))
        else:
            found += one.reasons
    return found


def header_keys(feed: FeedMap) -> tuple[str, ...]:
    """The expressions over the own file by which rows find their header; empty where the feed has none."""
    return tuple(left for join in feed.join if join.role == "header" for left in join.on)


def unit_expressions(feed: FeedMap) -> tuple[str, ...]:
    """What names the unit of a row where the feed's unit columns do not: its group in the file, or its header."""
    return feed.position_within or header_keys(feed)


def unit_parts(feed: FeedMap, source: Source) -> list[Column]:
    """The values of `unit_expressions`, as texts."""
    return [F.expr(plain(one, source, feed.file)).cast("string") for one in unit_expressions(feed)]


def _version(rows: DataFrame, feed: FeedMap, kind: FileKind, source: Source, *, is_history: bool) -> Column:
    """A struct that orders versions: NULLs first, field by field."""
    if not feed.version:
        return F.struct(F.lit(None).cast("timestamp").alias("v0"))
    return F.struct(
        *(
            ordering_value(rows, one, kind, source, as_instant=is_history and place == 0).alias(f"v{place}")
            for place, one in enumerate(feed.version)
        )
    )


def ordering_value(rows: DataFrame, sql: str, kind: FileKind, source: Source, *, as_instant: bool = False) -> Column:
    """An expression's value for ordering: an instant where its text reads as one of the file's dates, else as it is."""
    sql = inlined(sql, source, kind).sql
    type_name = rows.select(F.expr(sql)).dtypes[0][1]
    if sql.strip() == "_file_modified_at":
        return F.expr(sql)
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
