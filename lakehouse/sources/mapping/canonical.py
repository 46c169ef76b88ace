"""Canonical columns, typed, from what the expressions of a source give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.engine.choose import engine_of
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.codes import codes
from lakehouse.sources.mapping.expressions import COPY, ordering_value, unit_parts
from lakehouse.sources.mapping.prepared import ORIGIN
from lakehouse.sources.mapping.refuse import declaration_error
from lakehouse.sources.mapping.strict import inlined, with_numbers
from lakehouse.sources.mapping.values import Typed, readings, typed
from lakehouse.sources.model import FeedMap, Source, feed_kinds
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import RowReason


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


def _readings(
    source: Source, feed_name: str, names: Iterable[str], types: Mapping[str, str]
) -> dict[str, tuple[Column, ...]]:
    """Of canonical columns what the results of their expressions, `_x_` and the name, may be read as."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    currency = _currency_of_amounts(source, feed_name)
    return {
        name: readings(
            f"_x_{name}",
            types[f"_x_{name}"],
            canonical.table.column(name).field,
            _kind_of(source, feed, name),
            currency,
        )
        for name in names
    }


def _typed_column(source: Source, feed_name: str, name: str, given_type: str, read: Sequence[str]) -> Typed:
    """A canonical column from what its expression gave, and the columns of what that reads as."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    # What a shop states of each row is not guessed where it is empty, unless it says that it may be.
    stated = name in canonical.stated and name in feed.columns and RowReason.MISSING.of(name) not in feed.accept
    return typed(
        f"_x_{name}",
        given_type,
        [F.col(one) for one in read],
        canonical.table.column(name).field,
        _kind_of(source, feed, name),
        source.time_zone,
        default=None if stated else _default(source, feed_name, name),
        required=stated or name in canonical.must_map(feed.columns),
    )


def _currency_of_amounts(source: Source, feed_name: str) -> str:
    """SQL for the currency of a row, over what the expressions gave."""
    own = f"'{source.currency}'"
    has_its_own = "currency" in source.feeds[feed_name].columns
    return f"upper(coalesce(CAST(_x_currency AS STRING), {own}))" if has_its_own else own


@dataclass(frozen=True)
class _Given:
    """Rows with what the expressions of some canonical columns give and what that reads as, in columns of their own."""

    rows: DataFrame
    before: DataFrame
    """The rows without what is read, whose types are known."""
    results: Mapping[str, Typed]
    """Canonical column -> its value, over the rows."""
    unsure: Mapping[str, str]
    """Canonical column -> SQL that is true where a number in its expression does not read; empty where it has none."""


def _given(rows: DataFrame, source: Source, feed_name: str, names: Sequence[str]) -> _Given:
    feed = source.feeds[feed_name]
    rows, strict = with_numbers(rows, source, feed, {name: expression(source, feed_name, name) for name in names})
    raw = rows.select("*", *(F.expr(one.sql).alias(f"_x_{name}") for name, one in strict.items()))
    types = dict(raw.dtypes)
    _refuse_doubles(rows.sparkSession, source, feed_name, {name: types[f"_x_{name}"] for name in names})
    named = {
        name: {f"_r{place}_{name}": one for place, one in enumerate(found)}
        for name, found in _readings(source, feed_name, names, types).items()
    }
    read = {column: one for found in named.values() for column, one in found.items()}
    results = {
        name: _typed_column(source, feed_name, name, types[f"_x_{name}"], list(found)) for name, found in named.items()
    }
    unsure = {name: one.unsure for name, one in strict.items()}
    return _Given(raw.withColumns(read) if read else raw, raw, results, unsure)


def with_unit_columns(rows: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """The columns that name the unit of each row, as `evaluated` gives them, and its origin."""
    found = _given(rows, source, feed_name, FEEDS[feed_name].unit)
    return found.rows.select(*(one.value.alias(name) for name, one in found.results.items()), *ORIGIN)


def evaluated(rows: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """Canonical columns, typed, beside the origin of each row and `_reasons` why it cannot be accepted.

    Adds `_version` (struct; its first field a UTC instant for history feeds) and, for the column that says when a
    row happened, `_local` (time in the source's zone).
    """
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    kind = source.files[feed.file]
    found = _given(rows, source, feed_name, canonical.given)
    results, read = found.results, found.rows
    broken = F.size("_problems") > 0
    reasons = codes(*_reasons_against(results, found.unsure))
    if doubtful := inlined(feed.filter, source, kind).unsure:
        reasons = F.concat(codes(F.when(F.expr(doubtful), F.lit(RowReason.UNPARSABLE.of("filter")))), reasons)
    version = _version(found.before, feed, kind, source, is_history=canonical.is_history)
    happened = canonical.happened_at
    local = results[happened].local if happened else F.lit(None).cast("timestamp")
    return read.select(
        *(one.value.alias(name) for name, one in results.items()),
        version.alias("_version"),
        local.alias("_local"),
        F.when(broken, F.col("_problems")).otherwise(reasons).alias("_reasons"),
        F.col("_repairs"),
        "_position",
        *([COPY] if COPY in found.before.columns else []),
        *ORIGIN,
        *(F.col(join.file).isNotNull().alias(f"_has_{join.file}") for join in feed.join),
        *(part.alias(f"_unit_{place}") for place, part in enumerate(unit_parts(feed, source))),
    )


def _refuse_doubles(spark: SparkSession, source: Source, feed_name: str, types: Mapping[str, str]) -> None:
    """Raises ExpressionsRefused where a double is to become a decimal and the engine rounds doubles otherwise."""
    engine = engine_of(spark)
    doubles = [name for name, kind in types.items() if kind in ("double", "float")]
    if engine.rounds_in_binary and doubles:
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
