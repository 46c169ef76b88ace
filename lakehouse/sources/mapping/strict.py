"""Expressions with `number(…)` and `minor(…)` as SQL that Spark reads: by the marks of the file that a text is from."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.quoting import spark_literal
from lakehouse.sources.file_kind import FileKind
from lakehouse.sources.mapping.number_calls import Call, Calls, calls_in
from lakehouse.sources.mapping.numbers import ANY_CURRENCY, minor_sql, number_sql
from lakehouse.sources.mapping.sql_tokens import tokens
from lakehouse.sources.model import FeedMap, Source, feed_kinds

_CURRENCY = "_number_currency"
_NUMBER = "DECIMAL(26,12)"
"""As wide as money is: so a product of two cannot be too large, which would stop the run, and keeps nine decimals."""


@dataclass(frozen=True)
class Strict:
    """An expression that Spark reads."""

    sql: str
    unsure: str = ""
    """SQL that is true where its value hangs on a text that is there and does not read; empty where that cannot be."""


def inlined(sql: str, source: Source, kind: FileKind) -> Strict:
    """An expression that stands for itself: a filter, a version, the key of a join, over the columns of one file.

    An amount may be of any currency here, and cents are those of the source's.
    """
    found = calls_in(sql)
    if not found.calls:
        return Strict(sql)
    texts = [f"CAST(({call.argument}) AS STRING)" for call in found.calls]
    own = spark_literal(source.currency)
    reads = [_as_number(number_sql(text, kind, currency=ANY_CURRENCY, per_cent=True)) for text in texts]
    values = [_value(call, read, own) for call, read in zip(found.calls, reads, strict=True)]
    unread = [f"(trim({text}) <> '' AND {read} IS NULL)" for text, read in zip(texts, reads, strict=True)]
    return Strict(found.filled(found.sql, values), found.unsure(values, unread))


def pieces(sql: str) -> tuple[str, ...]:
    """All of an expression that is handed to Spark. Raises ValueError where that cannot be told."""
    found = calls_in(sql)
    arguments = (call.argument for call in found.calls)
    conditions = (one for call in found.calls for one in call.asked)
    return (found.sql, *dict.fromkeys((*arguments, *conditions)))


def with_numbers(
    rows: DataFrame, source: Source, feed: FeedMap, expressions: Mapping[str, str]
) -> tuple[DataFrame, dict[str, Strict]]:
    """The rows with what the calls in the expressions of canonical columns read, and these expressions over them.

    Each text is read once, in a step of its own: what an expression names twice would be worked out twice.
    """
    found = {name: calls_in(sql) for name, sql in expressions.items()}
    places = {call.argument: 0 for calls in found.values() for call in calls.calls}
    if not places:
        return rows, {name: Strict(sql) for name, sql in expressions.items()}
    places = {argument: place for place, argument in enumerate(places)}
    rows = rows.withColumns(
        {_said(place): F.expr(argument) for argument, place in places.items()}
        | {_CURRENCY: F.expr(_currency_of_row(source, feed, expressions))}
    )
    types = dict(rows.dtypes)
    reads = {
        _read(place): F.expr(_read_sql(_said(place), types[_said(place)], kind_of(argument, source, feed)))
        for argument, place in places.items()
    }
    return rows.withColumns(reads), {name: _over_columns(calls, places) for name, calls in found.items()}


def kind_of(sql: str, source: Source, feed: FeedMap) -> FileKind:
    """The file whose marks a text follows: the one joined file that it names a column of, else the feed's own."""
    words = [token.text.strip("`").casefold() for token in tokens(sql) if token.kind != "space"]
    named = {word for word, after in itertools.pairwise(words) if after == "."} & set(feed_kinds(feed))
    return source.files[named.pop() if len(named) == 1 else feed.file]


def _said(place: int) -> str:
    return f"_number_said_{place}"


def _read(place: int) -> str:
    return f"_number_read_{place}"


def _read_sql(said: str, type_name: str, kind: FileKind) -> str:
    is_text = type_name == "string"
    return _as_number(number_sql(said, kind, currency=_CURRENCY, per_cent=True) if is_text else said)


def _as_number(sql: str) -> str:
    return f"try_cast({sql} AS {_NUMBER})"


def _currency_of_row(source: Source, feed: FeedMap, expressions: Mapping[str, str]) -> str:
    own = spark_literal(source.currency)
    if (sql := expressions.get("currency")) is None:
        return own
    return f"upper(coalesce(CAST(({inlined(sql, source, source.files[feed.file]).sql}) AS STRING), {own}))"


def _over_columns(found: Calls, places: Mapping[str, int]) -> Strict:
    if not found.calls:
        return Strict(found.sql)
    at = [places[call.argument] for call in found.calls]
    values = [_value(call, _read(place), _CURRENCY) for call, place in zip(found.calls, at, strict=True)]
    unread = [f"(trim(CAST({_said(place)} AS STRING)) <> '' AND {_read(place)} IS NULL)" for place in at]
    return Strict(found.filled(found.sql, values), found.unsure(values, unread))


def _value(call: Call, read: str, currency: str) -> str:
    return f"({minor_sql(read, currency)})" if call.name == "minor" else read
