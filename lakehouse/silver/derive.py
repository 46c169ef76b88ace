"""One feed of one source, from the bronze rows that speak of some units to what silver says of them.

Everything here is a function of the set of rows, never of when they came: so any order of delivery, and any split
into runs, ends in the same tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import content_hash
from lakehouse.settings import Calendar
from lakehouse.silver import versions
from lakehouse.silver.apply_discards import with_discarded, with_discarded_repeats, with_discards
from lakehouse.silver.derived_columns import (
    reasons_of_amount,
    reasons_of_time,
    with_plain_forms,
    with_worked_out_columns,
)
from lakehouse.silver.order_discount import with_order_discount
from lakehouse.silver.rules import RowRule, broken_rules
from lakehouse.sources.mapping.canonical import evaluated, with_unit_columns
from lakehouse.sources.mapping.expressions import (
    COPY,
    ordering_value,
    selected,
    unit_expressions,
    unit_parts,
    with_joined,
    with_position,
)
from lakehouse.sources.mapping.prepared import prepared, with_known_values
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.sources.model import Join, Source
from lakehouse.tables.bronze import ROW_ORIGIN
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.reasons import Outcome, RowReason

UNIT_SEPARATOR = "\u001f"
_UNREADABLE = (RowReason.UNREADABLE_ROW, RowReason.TOO_FEW_FIELDS, RowReason.TOO_MANY_FIELDS)


@dataclass(frozen=True)
class RowCriteria:
    """What decides whether a row can be accepted, besides its own types."""

    rules: Sequence[RowRule]
    as_of: date
    calendar: Calendar
    discards: DataFrame | None = None
    """Places of the rows of the source that a person has discarded; None where there are none."""


@dataclass(frozen=True)
class Evaluated:
    """The rows of a feed, typed and judged, and what became of the rows of the files joined to them."""

    rows: DataFrame
    joined: Mapping[str, DataFrame]


def evaluate_feed(
    bronze: Mapping[str, DataFrame], source: Source, feed_name: str, criteria: RowCriteria, nfc: Mapping[str, bool]
) -> Evaluated:
    """Selected rows of the feed: canonical columns, `_reasons`, `_unit` (what is derived together), `_content`."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    joined = _joined(bronze, source, feed_name, nfc, criteria.discards)
    own = _with_joined_files(bronze[feed.file], source, feed_name, joined, nfc[feed.file])
    rows = evaluated(own, source, feed_name)
    rows = with_worked_out_columns(rows, canonical, feed.columns)
    reasons = F.when(
        _is_readable(),
        F.concat(
            "_reasons",
            reasons_of_time(canonical, F.lit(criteria.as_of), criteria.calendar),
            reasons_of_amount(canonical, feed.columns),
            broken_rules(criteria.rules, feed_name, feed.accept),
        ),
    ).otherwise(F.col("_reasons"))
    rows = rows.withColumn("_reasons", reasons)
    # In a step of its own: most rows have no reason, and one alone is in order.
    several = F.sort_array(F.array_distinct("_reasons"))
    rows = rows.withColumn("_reasons", F.when(F.size("_reasons") > 1, several).otherwise(F.col("_reasons")))
    content = content_hash([*canonical.given, "_reasons"])
    rows = with_discards(rows, criteria.discards, feed_name, feed.file)
    return Evaluated(rows.withColumn("_content", content).withColumn("_unit", _unit(source, feed_name)), joined)


def _joined(
    bronze: Mapping[str, DataFrame],
    source: Source,
    feed_name: str,
    nfc: Mapping[str, bool],
    discards: DataFrame | None = None,
) -> dict[str, DataFrame]:
    return {
        one.file: _resolved(
            prepared(bronze[one.file], source, one.file, nfc=nfc[one.file])
            .where(selected(source.feeds[feed_name], source, one.file))
            .transform(with_discards, discards, feed_name, one.file),
            source,
            one,
            discards,
        )
        for one in source.feeds[feed_name].join
    }


def _with_joined_files(
    rows: DataFrame, source: Source, feed_name: str, joined: Mapping[str, DataFrame], nfc: bool
) -> DataFrame:
    """The selected rows of the feed's own file, those of the joined files that count among their columns."""
    feed = source.feeds[feed_name]
    counting = {kind: rows.where(F.col("_outcome") == Outcome.ACCEPTED) for kind, rows in joined.items()}
    own = with_position(prepared(rows, source, feed.file, nfc=nfc).where(selected(feed, source)), feed, source)
    return with_joined(own, source, feed, counting)


def units_of(
    bronze: Mapping[str, DataFrame], kind: str, source: Source, feed_name: str, nfc: Mapping[str, bool]
) -> DataFrame:
    """`_unit` of the rows of one of the feed's files, by their place (`_file_delivery`, `_row_in_file`).

    The same units that `evaluate_feed` finds, at the cost of the few columns that name them.
    """
    feed = source.feeds[feed_name]
    if kind != feed.file:
        [join] = [one for one in feed.join if one.file == kind]
        ready = prepared(bronze[kind], source, kind, nfc=nfc[kind]).where(selected(feed, source, kind))
        named = ready.withColumn("_unit", _key_of(join))
    elif parts := unit_parts(feed, source):
        ready = prepared(bronze[kind], source, kind, nfc=nfc[kind]).where(selected(feed, source))
        named = ready.withColumn("_unit", unit_text(parts))
    else:
        joined = _joined(bronze, source, feed_name, nfc)
        own = _with_joined_files(bronze[kind], source, feed_name, joined, nfc[kind])
        named = with_plain_forms(with_unit_columns(own, source, feed_name), FEEDS[feed_name].unit)
        named = named.withColumn("_unit", _unit(source, feed_name))
    return named.select("_unit", *ROW_ORIGIN)


def rows_of_units(
    bronze: Mapping[str, DataFrame],
    kind: str,
    source: Source,
    feed_name: str,
    nfc: Mapping[str, bool],
    units: DataFrame,
) -> DataFrame:
    """Those of the rows of one of the feed's files that speak of units, with what the rows above give them."""
    named = units_of(bronze, kind, source, feed_name, nfc).join(units, "_unit", "leftsemi")
    whole = with_known_values(bronze[kind], source, kind, nfc=nfc[kind])
    return whole.join(named.select(*ROW_ORIGIN), list(ROW_ORIGIN), "leftsemi")


def _key_of(join: Join) -> Column:
    return unit_text([sent_column(name) for name in join.on.values()])


def _is_readable() -> Column:
    return ~F.arrays_overlap("_reasons", F.array(*map(F.lit, _UNREADABLE)))


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


def _resolved(ready: DataFrame, source: Source, join: Join, discards: DataFrame | None) -> DataFrame:
    """The prepared rows of a joined file with the outcome of each: one per key counts."""
    kind = source.files[join.file]
    keys = [sent_column(name) for name in join.on.values()]
    order = [ordering_value(ready, one, kind, source).alias(f"v{place}") for place, one in enumerate(join.version)]
    has_no_key = reduce(lambda one, other: one | other, (key.isNull() for key in keys))
    names = [*kind.columns, "_problems"]
    judged = versions.one_per_key(
        ready.withColumn("_key", _key_of(join))
        .withColumn("_version", F.struct(*order) if order else F.struct(F.lit(None).cast("int").alias("v0")))
        .withColumn("_content", content_hash(names))
        .withColumn("_position", F.lit(None).cast("int"))
        .transform(with_discarded_repeats, discards)
        .withColumn("_bad", (F.size("_problems") > 0) | has_no_key | F.col("_is_discarded"))
    )
    missing = F.when((F.size("_problems") == 0) & has_no_key, F.array(F.lit(RowReason.MISSING.of(*join.on.values()))))
    reasons = F.coalesce(missing, F.col("_problems"))
    return judged.withColumn("_unit", F.col("_key")).withColumn("_reasons", with_discarded(reasons))


def judged_rows(rows: DataFrame, source: Source, feed_name: str, discards: DataFrame | None = None) -> DataFrame:
    """Every evaluated row with its `_outcome`; those accepted make up the silver table."""
    feed, canonical = source.feeds[feed_name], FEEDS[feed_name]
    headers = [join.file for join in feed.join if join.role == "header"]
    waits = F.lit(False)
    for kind in headers:
        waits = waits | ~F.col(f"_has_{kind}")
    readable = _is_readable()
    key_parts = [F.col(name).cast("string") for name in canonical.key]
    key = F.col("_unit") if feed.position_within else unit_text(key_parts)
    rows = with_discarded_repeats(rows.withColumn("_key", key), discards)
    rows = (
        rows.withColumn("_waits", waits & readable & ~F.col("_is_discarded"))
        .withColumn("_reasons", with_discarded(F.col("_reasons")))
        .withColumn("_bad", (F.size("_reasons") > 0) | F.col("_waits"))
    )
    if feed.position_within:
        resolved = versions.whole_groups(rows, COPY if feed.repeats == "copies" else "")
    elif canonical.is_history:
        resolved = versions.history(rows)
    else:
        resolved = versions.latest(rows)
    is_ambiguous = F.col("_outcome") == Outcome.AMBIGUOUS
    outcome = (
        F.when(F.col("_waits") & (F.col("_outcome") != Outcome.SUPERSEDED), Outcome.PENDING)
        .when(is_ambiguous, Outcome.QUARANTINED)
        .otherwise(F.col("_outcome"))
    )
    reasons = F.when(is_ambiguous, F.array(F.lit(RowReason.AMBIGUOUS_VERSION))).otherwise(F.col("_reasons"))
    resolved = resolved.withColumn("_reasons", reasons).withColumn("_outcome", outcome)
    return with_order_discount(resolved) if "order_discount" in feed.columns else resolved


def accepted_rows(judged: DataFrame, source: Source, feed_name: str) -> DataFrame:
    """The rows of the feed's silver table."""
    return (
        judged.where(F.col("_outcome") == Outcome.ACCEPTED)
        .withColumn("source_system", F.lit(source.name))
        .withColumn("repairs", F.col("_repairs"))
        .withColumn("_row_hash", F.col("_content"))
        .withColumn("_unit_key", F.col("_unit"))
        .select(*FEEDS[feed_name].table.column_names)
    )
