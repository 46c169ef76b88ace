"""One feed of one source, from the bronze rows that speak of some units to what silver says of them.

Everything here is a function of the set of rows, never of when they came: so any order of delivery, and any split
into runs, ends in the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import content_hash
from lakehouse.settings import Calendar
from lakehouse.silver import versions
from lakehouse.silver.canonical import reasons_of_amount, reasons_of_time, with_worked_out_columns
from lakehouse.silver.rules import RowRule, broken_rules
from lakehouse.sources.expressions import (
    ORIGIN,
    evaluated,
    ordering_value,
    prepared,
    selected,
    unit_expressions,
    with_joined,
    with_position,
)
from lakehouse.sources.model import Join, Source
from lakehouse.tables.silver import FEEDS

UNIT_SEPARATOR = "\u001f"
AMBIGUOUS_VERSION = "ambiguous_version"
PENDING, NO_LINES, LOOKED_UP = "pending", "no_lines", "looked_up"


@dataclass(frozen=True)
class Judge:
    """What decides whether a row can be accepted, besides its own types."""

    rules: Sequence[RowRule]
    as_of: date
    calendar: Calendar


@dataclass(frozen=True)
class Evaluated:
    """The rows of a feed, typed and judged, and what became of the rows of the files joined to them."""

    rows: DataFrame
    joined: Mapping[str, DataFrame]


def evaluate_feed(
    bronze: Mapping[str, DataFrame], source: Source, feed_name: str, judge: Judge, nfc: Mapping[str, bool]
) -> Evaluated:
    """Selected rows of the feed: canonical columns, `_reasons`, `_unit` (what is derived together), `_content`."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    joined = {one.file: _resolved(bronze[one.file], source, one, nfc[one.file]) for one in feed.join}
    counting = {kind: rows.where(F.col("_outcome") == versions.ACCEPTED) for kind, rows in joined.items()}
    own = with_position(prepared(bronze[feed.file], source, feed.file, nfc=nfc[feed.file]).where(selected(feed)), feed)
    rows = evaluated(with_joined(own, source, feed, counting), source, feed_name)
    rows = with_worked_out_columns(rows, canonical)
    reasons = F.when(
        _is_readable(),
        F.concat(
            "_reasons",
            reasons_of_time(canonical, F.lit(judge.as_of), judge.calendar),
            reasons_of_amount(canonical),
            broken_rules(judge.rules, feed_name, feed.accept),
        ),
    ).otherwise(F.col("_reasons"))
    rows = rows.withColumn("_reasons", F.array_sort(F.array_distinct(reasons)))
    content = content_hash([*canonical.given, "_reasons"])
    return Evaluated(rows.withColumn("_content", content).withColumn("_unit", _unit(source, feed_name)), joined)


def _is_readable() -> Column:
    return ~F.arrays_overlap("_reasons", F.array(*map(F.lit, ("unreadable_row", "too_few_fields", "too_many_fields"))))


def _unit(source: Source, feed_name: str) -> Column:
    """What a row speaks of, as one text; a row that does not say is a unit of its own."""
    named = unit_expressions(source.feeds[feed_name])
    parts = [F.col(f"_unit_{place}") for place in range(len(named))]
    return unit_text(parts or [F.col(name).cast("string") for name in FEEDS[feed_name].unit])


def unit_text(parts: Sequence[Column]) -> Column:
    """The parts as one text; the place of the row itself where one of them is NULL."""
    known = F.lit(True)
    for part in parts:
        known = known & part.isNotNull()
    own = F.concat_ws(":", "_file_delivery", "_row_in_file")
    return F.when(known, F.concat_ws(UNIT_SEPARATOR, *parts)).otherwise(own)


def _resolved(rows: DataFrame, source: Source, join: Join, nfc: bool) -> DataFrame:
    """The rows of a joined file with the outcome of each: one per key counts."""
    kind = source.files[join.file]
    ready = prepared(rows, source, join.file, nfc=nfc)
    keys = [F.col(f"`{name}`") for name in join.on.values()]
    order = [ordering_value(ready, one, kind, source).alias(f"v{place}") for place, one in enumerate(join.version)]
    bad = F.size("_problems") > 0
    for key in keys:
        bad = bad | key.isNull()
    names = [*kind.columns, "_problems"]
    judged = versions.one_per_key(
        ready.withColumn("_key", unit_text(keys))
        .withColumn("_version", F.struct(*order) if order else F.struct(F.lit(None).cast("int").alias("v0")))
        .withColumn("_content", content_hash(names))
        .withColumn("_bad", bad)
    )
    missing = F.when(F.size("_problems") == 0, F.array(F.lit(f"missing:{','.join(join.on.values())}")))
    return judged.withColumn("_unit", F.col("_key")).withColumn("_reasons", F.coalesce(missing, F.col("_problems")))


def judged_rows(rows: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """Every evaluated row with its `_outcome`; those accepted make up the silver table."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    headers = [join.file for join in feed.join if join.role == "header"]
    waits = F.lit(False)
    for kind in headers:
        waits = waits | ~F.col(f"_has_{kind}")
    readable = _is_readable()
    rows = rows.withColumn("_waits", waits & readable)
    key_parts = [F.col(name).cast("string") for name in canonical.key]
    key = F.col("_unit") if feed.position_within else unit_text(key_parts)
    rows = rows.withColumn("_key", key).withColumn("_bad", (F.size("_reasons") > 0) | F.col("_waits"))
    if feed.position_within:
        resolved = versions.whole_groups(rows)
    elif canonical.is_history:
        resolved = versions.history(rows)
    else:
        resolved = versions.latest(rows)
    is_ambiguous = F.col("_outcome") == versions.AMBIGUOUS
    outcome = (
        F.when(F.col("_waits") & (F.col("_outcome") != versions.SUPERSEDED), PENDING)
        .when(is_ambiguous, versions.QUARANTINED)
        .otherwise(F.col("_outcome"))
    )
    reasons = F.when(is_ambiguous, F.array(F.lit(AMBIGUOUS_VERSION))).otherwise(F.col("_reasons"))
    return resolved.withColumn("_reasons", reasons).withColumn("_outcome", outcome)


def accepted_rows(judged: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """The rows of the feed's silver table."""
    return (
        judged.where(F.col("_outcome") == versions.ACCEPTED)
        .withColumn("source_system", F.lit(source.name))
        .withColumn("repairs", F.col("_repairs"))
        .withColumn("_row_hash", F.col("_content"))
        .withColumn("_unit_key", F.col("_unit"))
        .select(*FEEDS[feed_name].table.column_names)
    )


def joined_outcomes(rows: DataFrame, judged: DataFrame, join: Join) -> DataFrame:
    """What became of the rows of a joined file. A header that counts but has no rows is `no_lines`."""
    if join.role == "lookup":
        outcome = F.when(F.col("_outcome") == versions.ACCEPTED, LOOKED_UP).otherwise(F.col("_outcome"))
        return _plain_outcomes(rows.withColumn("_outcome", outcome))
    with_lines = judged.select("_unit").distinct().withColumn("_has_lines", F.lit(True))
    lonely = (F.col("_outcome") == versions.ACCEPTED) & F.col("_has_lines").isNull()
    outcome = F.when(lonely, NO_LINES).otherwise(F.col("_outcome"))
    return _plain_outcomes(rows.join(with_lines, "_unit", "left").withColumn("_outcome", outcome))


def _plain_outcomes(rows: DataFrame) -> DataFrame:
    is_ambiguous = F.col("_outcome") == versions.AMBIGUOUS
    reasons = F.when(is_ambiguous, F.array(F.lit(AMBIGUOUS_VERSION))).otherwise(F.col("_reasons"))
    outcome = F.when(is_ambiguous, versions.QUARANTINED).otherwise(F.col("_outcome"))
    return rows.withColumn("_reasons", reasons).withColumn("_outcome", outcome)


def outcomes(judged: DataFrame, file_kind: str) -> DataFrame:
    """The part of judged rows that lineage and quarantine need."""
    return judged.select(F.lit(file_kind).alias("file_kind"), "_unit", "_outcome", "_reasons", "_repairs", *ORIGIN)


def lineage_rows(all_outcomes: DataFrame, source_name: str, feed_name: str) -> DataFrame:
    """Rows of silver.lineage."""
    repaired = (F.size("_repairs") > 0) & ~F.col("_outcome").isin(versions.QUARANTINED, versions.SUPERSEDED)
    return all_outcomes.groupBy(
        F.lit(source_name).alias("source_system"),
        F.lit(feed_name).alias("feed"),
        "file_kind",
        F.col("_unit").alias("unit_key"),
        F.col("_outcome").alias("outcome"),
        "_file_sha256",
        "_file_delivery",
        "_batch_id",
    ).agg(F.count("*").alias("rows"), F.sum(F.when(repaired, 1).otherwise(0)).alias("rows_repaired"))


def quarantine_rows(
    all_outcomes: DataFrame, bronze: Mapping[str, DataFrame], source: Source, feed_name: str, rule_version: str
) -> DataFrame:
    """Rows of silver.quarantine, each with the row as sent."""
    refused = all_outcomes.where(F.col("_outcome") == versions.QUARANTINED)
    sent = None
    for kind, rows in bronze.items():
        columns = [f"`{name}`" for name in (*source.files[kind].columns, "_rescued", "_corrupt_record")]
        texts = rows.select(
            F.lit(kind).alias("file_kind"),
            "_file_delivery",
            "_row_in_file",
            F.to_json(F.struct(*columns)).alias("raw_row"),
        )
        sent = texts if sent is None else sent.unionByName(texts)
    assert sent is not None, "a feed reads at least one file"
    return sent.join(refused, ["file_kind", "_file_delivery", "_row_in_file"]).select(
        F.lit(source.name).alias("source_system"),
        F.lit(feed_name).alias("feed"),
        "file_kind",
        F.col("_unit").alias("unit_key"),
        F.col("_reasons").alias("reasons"),
        "raw_row",
        F.lit("open").alias("status"),
        F.lit(rule_version).alias("_rule_version"),
        *ORIGIN,
    )
