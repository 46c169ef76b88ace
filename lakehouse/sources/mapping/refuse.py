"""Refuses expressions that do more than work out a value from their row, before any of them is analysed or evaluated.

A declaration is text that somebody sends, and Spark's SQL can call Java, read any file and the environment, look at
other tables and make rows. Whatever `lakehouse.sources.mapping.allowed` does not list is refused, so that nobody needs
to know all that Spark can do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pyspark.errors import ParseException
from pyspark.sql import SparkSession

from lakehouse.engine.choose import engine_of
from lakehouse.engine.model import Engine, Node
from lakehouse.settings import ConfigurationError
from lakehouse.sources.mapping.allowed import CALLS_WITHOUT_BRACKETS, COLUMNS, FUNCTIONS, INSTEAD, KINDS, REFUSED_KINDS
from lakehouse.sources.mapping.number_calls import NAMES
from lakehouse.sources.mapping.patterns import problem_of_patterns
from lakehouse.sources.mapping.present import problem_of_times
from lakehouse.sources.mapping.strict import pieces
from lakehouse.sources.mapping.undated import problem_of_undated
from lakehouse.sources.model import FeedMap, Source, feed_kinds


class ExpressionsRefused(ConfigurationError):
    """Expressions of a source that may not be, or that the engine does not know."""


@dataclass(frozen=True)
class Place:
    """One expression of a feed."""

    name: str
    """Where it stands within the feed: columns.unit_price, join.orders.on."""
    sql: str
    known: frozenset[str]
    """Names in lower case that are columns there."""


def places(source: Source, feed: FeedMap) -> Iterator[Place]:
    """Every expression that a feed declares."""
    alone = _names(source, feed.file)
    own = alone | set(feed_kinds(feed))
    if feed.filter:
        yield Place("filter", feed.filter, alone)
    for name, sql in feed.columns.items():
        yield Place(f"columns.{name}", sql, own)
    for sql in feed.version:
        yield Place("version", sql, own)
    for sql in feed.position_within:
        yield Place("position_within", sql, alone)
    for join in feed.join:
        for sql in join.on:
            yield Place(f"join.{join.file}.on", sql, own)
        if join.filter:
            yield Place(f"join.{join.file}.filter", join.filter, _names(source, join.file))
        for sql in join.version:
            yield Place(f"join.{join.file}.version", sql, _names(source, join.file))


def _names(source: Source, kind_name: str) -> frozenset[str]:
    kind = source.files[kind_name]
    return frozenset(name.casefold() for name in (*kind.columns, *kind.pseudo_columns))


def refused(spark: SparkSession, source: Source, name: str) -> list[str]:
    """What the expressions of a feed may not be, each with its place."""
    return [
        f"feeds.{name}.{place.name}: {problem}"
        for place in places(source, source.feeds[name])
        if (problem := _problem(spark, place))
    ]


def refused_of_files(spark: SparkSession, source: Source) -> list[str]:
    """What the conditions for rows that are left out may not be, each with its kind of file."""
    return [
        f"files.{name}.leave_out: {problem}"
        for name, kind in source.files.items()
        for one in kind.leave_out
        if (problem := _problem(spark, Place("leave_out", one.where, _names(source, name))))
    ]


def refuse(spark: SparkSession, source: Source) -> None:
    """Raises ConfigurationError that names feed, column and function of all that a declaration may not hold."""
    problems = refused_of_files(spark, source)
    problems += [problem for name in source.feeds for problem in refused(spark, source, name)]
    if problems:
        raise declaration_error(source, problems)


def declaration_error(source: Source, problems: list[str]) -> ExpressionsRefused:
    """The error that lists what is wrong with a source."""
    listed = "\n".join(f"  {problem}" for problem in problems)
    return ExpressionsRefused(f"conf/sources/{source.name}.toml:\n{listed}")


def _problem(spark: SparkSession, place: Place) -> str:
    """Why an expression is refused; empty where it may be."""
    if place.sql.casefold() in place.known and re.fullmatch(r"\w+", place.sql, re.ASCII):
        return ""  # A column's name alone: most expressions are no more, and to ask the JVM costs a message each.
    if "${" in place.sql:
        return "${…} stands for a setting or a variable of the environment: write the value itself"
    try:
        # As it is declared, and as it is handed to Spark: what is taken out of a text may not hide from the one look.
        texts = dict.fromkeys((place.sql, *pieces(place.sql)))
    except ValueError as error:
        return str(error)
    return next(filter(None, (_problem_of_text(spark, text, place) for text in texts)), "")


def _problem_of_text(spark: SparkSession, sql: str, place: Place) -> str:
    try:
        found = engine_of(spark).parsed(sql)
    except ParseException:
        return ""  # Spark will say so too, with more words, and evaluate nothing.
    except ValueError:
        return "it cannot be read: write it more simply"
    problem = next(filter(None, (_about(node, place) for node in found)), "")
    problem = problem or problem_of_patterns(found) or problem_of_times(sql, found) or problem_of_undated(sql)
    return problem or _unlike(engine_of(spark), sql)


def _unlike(engine: Engine, sql: str) -> str:
    other = engine.unlike(sql)
    return f"{engine.name.capitalize()} takes it otherwise than Spark: {other}" if other else ""


def _about(node: Node, place: Place) -> str:
    """Why a part of an expression is refused; empty where it may be."""
    name = node.name.casefold()
    if node.kind == "UnresolvedFunction":
        return "" if name in FUNCTIONS or name in NAMES else _about_function(node.name)
    if node.kind in COLUMNS and name in CALLS_WITHOUT_BRACKETS and name not in place.known:
        return f"{node.name} is no column here but a function: {INSTEAD.get(name, 'it tells of the machine')}"
    if node.kind not in KINDS:
        return f"not allowed is {REFUSED_KINDS.get(node.kind, f'what Spark calls {node.kind}')}"
    return ""


def _about_function(name: str) -> str:
    parts = name.split(", ")
    why = INSTEAD.get(parts[-1].casefold(), "")
    if not why and len(parts) > 1:
        why = "write its name alone"
    if not why and (near := get_close_matches(parts[-1].casefold(), (*FUNCTIONS, *NAMES), 1)):
        why = f"near is {near[0]}"
    return f"the function {'.'.join(parts)} is not allowed{': ' if why else ''}{why}"
