"""Tries a source with the engine of runs, in a lake that is thrown away: whatever its expressions, and all rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from jobs.trial.outcome import FeedTrial, KindTrial, TriedRow, feed_trial
from jobs.trial.plainly import own_texts
from jobs.wiring import PARTS
from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.open import open_run
from lakehouse.pipeline.run import Run
from lakehouse.settings import Settings
from lakehouse.silver import derive
from lakehouse.silver.intake import unread_rows
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.mapping.expressions import with_joined
from lakehouse.sources.mapping.left_out import is_kept
from lakehouse.sources.mapping.prepared import ORIGIN, prepared
from lakehouse.sources.model import Source, feed_kinds
from lakehouse.sources.untaken import UnreadRows, kinds_to_look_through
from lakehouse.tables.reasons import Outcome
from quality.checks.made_nothing import losses


@by_either_engine
def try_with_spark(settings: Settings, source: Source) -> tuple[list[FeedTrial], list[KindTrial]]:
    """What the files in the landing folder of the settings become. Raises ConfigurationError for what may not be."""
    with open_run(settings, PARTS, [source.name], tells_of_others=False) as run:
        check_source(run.lake.spark, source)
        run.ingest()
        unread = {one.kind: one for one in unread_rows(run.lake, source, run.select()[source.name])}
        kinds = dict.fromkeys([*(feed.file for feed in source.feeds.values()), *kinds_to_look_through(source)])
        trials = [_kind(run, source, name, unread.get(name)) for name in kinds]
        return [_tried(run, source, name) for name in source.feeds], trials


def _kind(run: Run, source: Source, name: str, unread: UnreadRows | None) -> KindTrial:
    """What is left out of a kind's rows, and what of them no feed takes."""
    rows = prepared(run.lake.read_bronze(source, name), source, name, nfc=True)
    counted = rows.where(~is_kept()).groupBy("_left_out").count().collect()
    return KindTrial(name, Counter({row[0]: row[1] for row in counted}), unread)


def _tried(run: Run, source: Source, name: str) -> FeedTrial:
    feed = source.feeds[name]
    bronze = {kind: run.lake.read_bronze(source, kind) for kind in feed_kinds(feed)}
    criteria = derive.RowCriteria(PARTS.rules, run.lake.as_of, run.settings.calendar)
    found = derive.evaluate_feed(bronze, source, name, criteria, dict.fromkeys(bronze, True))
    judged = derive.judged_rows(found.rows, source, name)
    own = prepared(bronze[feed.file], source, feed.file, nfc=True)
    counting = {kind: rows.where(F.col("_outcome") == Outcome.ACCEPTED) for kind, rows in found.joined.items()}
    # Whichever place a row has, it is there.
    texts = with_joined(own.withColumn("_position", F.lit(1)), source, feed, counting)
    lost = {column: F.when(F.expr(loss.made_nothing), F.lit(column)) for column, loss in losses(source, name).items()}
    texts = texts.withColumn("_lost", F.array_compact(F.array(F.lit(None).cast("string"), *lost.values())))
    return feed_trial(name, feed.file, feed.columns, _rows(source, name, judged, texts))


def _rows(source: Source, name: str, judged: DataFrame, texts: DataFrame) -> Iterator[TriedRow]:
    """In the order of the files. Collected is no more than the heads of a few files have."""
    feed = source.feeds[name]
    columns, kinds = list(feed.columns), feed_kinds(feed)
    names = ("_delivery", "_row", "_lost", *(f"_texts_of_{kind}" for kind in kinds))
    sent = texts.select(*ORIGIN[2:4], "_lost", *kinds).toDF(*names)
    # As text: Python has no instant before the year 1, which a zone west of UTC makes of the first valid_from.
    typed = F.array(*(F.col(column).cast("string") for column in columns))
    rows = judged.select("_source_file", *ORIGIN[2:4], typed.alias("values"), "_reasons", "_outcome")
    joined = rows.join(sent, (F.col("_file_delivery") == F.col("_delivery")) & (F.col("_row_in_file") == F.col("_row")))
    for row in joined.orderBy("_source_file", "_row_in_file").collect():
        held = {place: text for kind in kinds for place, text in _held(source, feed.file, kind, row)}
        named = {column: own_texts(sql, held) for column, sql in feed.columns.items()}
        waits = row["_outcome"] == Outcome.PENDING
        values = dict(zip(columns, row["values"], strict=True))
        yield TriedRow(values, row["_reasons"], named, waits, frozenset(row["_lost"]))


def _held(source: Source, own: str, kind: str, row: Row) -> Iterator[tuple[str, str | None]]:
    """What the row has of one of its files, under the names by which expressions find it."""
    before = "" if kind == own else f"{kind}\0"
    for name, text in zip(source.files[kind].columns, row[f"_texts_of_{kind}"] or (), strict=False):
        yield before + name.casefold(), text
