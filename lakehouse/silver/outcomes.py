"""What silver says of every row of bronze: silver.lineage accounts for all, silver.quarantine shows those refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import union
from lakehouse.sources.mapping.prepared import ORIGIN
from lakehouse.sources.mapping.sent_names import sent_column
from lakehouse.sources.model import Join, Source
from lakehouse.tables.bronze import ROW_ORIGIN
from lakehouse.tables.reasons import Outcome, RowReason, RowStatus

Bronze = dict[str, DataFrame]
"""Kind of file -> rows of bronze."""


@dataclass(frozen=True)
class UnitResult:
    """What a feed makes of some units."""

    judged: DataFrame
    bronze: Bronze
    outcomes: DataFrame
    wanted: DataFrame
    """Rows of the feed's table."""
    present: DataFrame
    """The rows of the feed's table that these replace."""
    old_lineage: DataFrame | None = None
    """None where nothing that was said before is taken back."""
    old_refused: DataFrame | None = None


@dataclass(frozen=True)
class FeedReport:
    """What a feed has to say in the tables that all feeds share, and what it said there before."""

    outcomes: list[DataFrame]
    """See `outcome_rows`."""
    refused: list[DataFrame]
    old_lineage: list[DataFrame]
    old_refused: list[DataFrame]
    persisted: list[DataFrame]
    """Frames that are kept until all of it is written."""


def joined_outcomes(rows: DataFrame, judged: DataFrame, join: Join) -> DataFrame:
    """What became of the rows of a joined file. A header that counts but has no rows is `no_lines`."""
    if join.role == "lookup":
        outcome = F.when(F.col("_outcome") == Outcome.ACCEPTED, Outcome.LOOKED_UP).otherwise(F.col("_outcome"))
        return _plain_outcomes(rows.withColumn("_outcome", outcome))
    with_lines = judged.select("_unit").distinct().withColumn("_has_lines", F.lit(True))
    lonely = (F.col("_outcome") == Outcome.ACCEPTED) & F.col("_has_lines").isNull()
    outcome = F.when(lonely, Outcome.NO_LINES).otherwise(F.col("_outcome"))
    return _plain_outcomes(rows.join(with_lines, "_unit", "left").withColumn("_outcome", outcome))


def _plain_outcomes(rows: DataFrame) -> DataFrame:
    is_ambiguous = F.col("_outcome") == Outcome.AMBIGUOUS
    reasons = F.when(is_ambiguous, F.array(F.lit(RowReason.AMBIGUOUS_VERSION))).otherwise(F.col("_reasons"))
    outcome = F.when(is_ambiguous, Outcome.QUARANTINED).otherwise(F.col("_outcome"))
    return rows.withColumn("_reasons", reasons).withColumn("_outcome", outcome)


def outcome_rows(judged: DataFrame, file_kind: str, *, is_history: bool = False) -> DataFrame:
    """The part of judged rows that lineage and quarantine need."""
    newest = F.col("_version.v0") if is_history else F.lit(None)
    return judged.select(
        F.lit(file_kind).alias("file_kind"),
        "_unit",
        "_outcome",
        "_reasons",
        "_repairs",
        "_is_answered",
        newest.cast("timestamp").alias("_told_at"),
        *ORIGIN,
    )


def lineage_rows(all_outcomes: DataFrame, source_name: str) -> DataFrame:
    """Rows of silver.lineage from outcomes with their `feed`."""
    repaired = (F.size("_repairs") > 0) & ~F.col("_outcome").isin(Outcome.QUARANTINED, Outcome.SUPERSEDED)
    return all_outcomes.groupBy(
        F.lit(source_name).alias("source_system"),
        "feed",
        "file_kind",
        F.col("_unit").alias("unit_key"),
        F.col("_outcome").alias("outcome"),
        "_file_sha256",
        "_file_delivery",
        "_batch_id",
    ).agg(
        F.count("*").alias("rows"),
        F.sum(F.when(repaired, 1).otherwise(0)).alias("rows_repaired"),
        F.max("_told_at").alias("newest_at"),
    )


def quarantine_rows(
    all_outcomes: DataFrame, bronze: Mapping[str, DataFrame], source: Source, feed_name: str, rule_version: str
) -> DataFrame:
    """Rows of silver.quarantine, each with the row as sent.

    A row is open until it is answered (replayed) or a person discards it.
    """
    refused = all_outcomes.where(F.col("_outcome") == Outcome.QUARANTINED)
    sent = []
    for kind, rows in bronze.items():
        columns = map(sent_column, (*source.files[kind].columns, "_rescued", "_corrupt_record"))
        of_kind = refused.where(F.col("file_kind") == kind)
        texts = rows.select(*ROW_ORIGIN, F.struct(*columns).alias("_sent")).join(of_kind, list(ROW_ORIGIN))
        sent.append(texts.withColumn("raw_row", F.to_json("_sent")).drop("_sent"))
    status = (
        F.when(F.array_contains("_reasons", RowReason.DISCARDED), F.lit(RowStatus.DISCARDED))
        .when(F.col("_is_answered"), F.lit(RowStatus.REPLAYED))
        .otherwise(F.lit(RowStatus.OPEN))
    )
    return union(sent).select(
        F.lit(source.name).alias("source_system"),
        F.lit(feed_name).alias("feed"),
        "file_kind",
        F.col("_unit").alias("unit_key"),
        F.col("_reasons").alias("reasons"),
        "raw_row",
        status.alias("status"),
        F.lit(rule_version).alias("_rule_version"),
        *ORIGIN,
    )
