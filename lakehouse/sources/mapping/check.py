"""Analyses every expression of a source before any data is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyspark.errors import (
    AnalysisException,
    IllegalArgumentException,
    ParseException,
    PySparkException,
    UnsupportedOperationException,
)
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.sources.mapping.canonical import evaluated, expression
from lakehouse.sources.mapping.expressions import (
    empty_rows,
    header_keys,
    meant,
    plain,
    selected,
    with_joined,
    with_position,
)
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.mapping.refuse import declaration_error, refused, refused_of_files
from lakehouse.sources.model import FeedMap, Source, feed_kinds
from lakehouse.tables.feeds import FEEDS

CANNOT_BE = (AnalysisException, ParseException, UnsupportedOperationException, IllegalArgumentException)
"""What engines raise for an expression that cannot be: of the last two, Sail for functions and texts it cannot read."""


def check_source(spark: SparkSession, source: Source) -> None:
    """Raises ConfigurationError that names file, feed and column for each expression that cannot be."""
    # Every feed reads rows that are left out or not, so these conditions come first.
    if problems := refused_of_files(spark, source) or _problems_of_files(spark, source):
        raise declaration_error(source, problems)
    for name, feed in source.feeds.items():
        problems += _shape_problems(name, feed)
        # What may not be is not analysed either: to analyse a relation is to read it.
        problems += refused(spark, source, name) or _expression_problems(spark, source, name, feed)
    if problems:
        raise declaration_error(source, problems)


def _problems_of_files(spark: SparkSession, source: Source) -> list[str]:
    """The conditions for rows that are left out which cannot be, and why."""
    problems = []
    for name, kind in source.files.items():
        for one in kind.leave_out:
            others = {**source.files, name: kind.model_copy(update={"leave_out": ()})}
            rows = empty_rows(spark, source, name)
            try:
                ready = prepared(rows, source.model_copy(update={"files": others}), name)
                _analysed(ready.where(F.expr(plain(one.where, source, name))))
            except CANNOT_BE as error:
                problems.append(f"files.{name}.leave_out: {_plain(error)}")
    return problems


def _shape_problems(name: str, feed: FeedMap) -> list[str]:
    headers = [join for join in feed.join if join.role == "header"]
    if not headers:
        return []
    own = f"{feed.file}."
    made_of = {_squeezed(feed.columns.get(column, "")).removeprefix(own) for column in FEEDS[name].unit}
    joined_on = {_squeezed(one).removeprefix(own) for one in header_keys(feed)}
    grouped = {_squeezed(one).removeprefix(own) for one in feed.position_within}
    if len(headers) > 1:
        return [f"feeds.{name}.join: one file at most can be the header"]
    if grouped and grouped != joined_on:
        return [f"feeds.{name}.position_within: must name just what the header is joined on"]
    if made_of != joined_on:
        unit = ", ".join(FEEDS[name].unit)
        return [f"feeds.{name}.join: the header must be joined on just what {unit} is made of"]
    return []


def _squeezed(sql: str) -> str:
    return "".join(sql.split()).replace("`", "")


def _expression_problems(spark: SparkSession, source: Source, name: str, feed: FeedMap) -> list[str]:
    frames = {kind: prepared(empty_rows(spark, source, kind), source, kind) for kind in feed_kinds(feed)}
    try:
        own = with_position(frames[feed.file].where(selected(feed, source)), feed, source)
        _analysed(evaluated(with_joined(own, source, feed, frames), source, name))
        for join in feed.join:
            taken = frames[join.file].where(selected(feed, source, join.file))
            _analysed(taken.select(*(F.expr(plain(one, source, join.file)) for one in join.version)))
    except CANNOT_BE:
        return _one_by_one(source, name, feed, frames)
    return []


def _analysed(rows: DataFrame) -> DataFrame:
    """The rows, of which the engine has said that they can be: some say so only when they are asked for columns."""
    _ = rows.schema
    return rows


def _one_by_one(source: Source, name: str, feed: FeedMap, frames: Mapping[str, DataFrame]) -> list[str]:
    """Something is wrong with the feed: which of its expressions, and how."""
    own, problems = frames[feed.file], []

    def tried(place: str, analyse: Callable[[], DataFrame]) -> DataFrame | None:
        try:
            return _analysed(analyse())
        except CANNOT_BE as error:
            problems.append(f"feeds.{name}.{place}: {_plain(error)}")
            return None

    if feed.filter:
        tried("filter", lambda: own.where(F.expr(plain(feed.filter, source, feed.file))))
    for one in feed.position_within:
        tried("position_within", lambda one=one: own.select(F.expr(plain(one, source, feed.file))))  # type: ignore[misc]
    if problems:
        return problems
    for join in feed.join:
        if join.filter:
            tried(
                f"join.{join.file}.filter",
                lambda j=join: frames[j.file].where(meant(j.filter, source, j.file)),  # type: ignore[misc]
            )
        for one in join.version:
            tried(
                f"join.{join.file}.version",
                lambda j=join, o=one: frames[j.file].select(F.expr(plain(o, source, j.file))),  # type: ignore[misc]
            )
    rows = tried("join", lambda: with_joined(with_position(own, feed, source), source, feed, frames))
    if rows is None:
        return problems
    for column in FEEDS[name].given:
        sql = plain(expression(source, name, column), source, feed.file)
        tried(f"columns.{column}", lambda sql=sql: rows.select(F.expr(sql)))  # type: ignore[misc]
    for one in feed.version:
        tried("version", lambda one=one: rows.select(F.expr(plain(one, source, feed.file))))  # type: ignore[misc]
    if not problems:
        tried("columns", lambda: evaluated(rows, source, name))
    return problems


def _plain(error: PySparkException) -> str:
    """What is wrong in one line, with the names that are there instead."""
    values = error.getMessageParameters() or {}
    if error.getCondition() == "UNRESOLVED_COLUMN.WITH_SUGGESTION":
        return f"there is no column {values['objectName']}; near are {values['proposal']}"
    return " ".join(str(error).strip().split(" SQLSTATE")[0].split("\n")[0].split())
