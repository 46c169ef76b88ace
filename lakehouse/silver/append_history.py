"""What new rows add to histories that only grow: no older row is read for a unit of which they all tell later times.

Gives what deriving such units whole from bronze would give: older rows keep their outcome, since versions are judged
by their order in time; of the versions accepted before, only the last one may end, and all may be flagged.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.tables.reasons import Outcome


def units_in_time(fresh: DataFrame, lineage: DataFrame) -> DataFrame:
    """`_unit` of the new rows, and `_is_later`: they all tell of times after any that lineage knows for the unit."""
    instant = F.col("_version.v0")
    first = fresh.groupBy("_unit").agg(
        F.min(instant).alias("_first"), (F.count("*") == F.count(instant)).alias("_is_timed")
    )
    known = lineage.groupBy(F.col("unit_key").alias("_unit")).agg(F.max("newest_at").alias("_newest"))
    is_later = F.col("_is_timed") & (F.col("_newest").isNull() | (F.col("_first") > F.col("_newest")))
    return first.join(known, "_unit", "left").select("_unit", is_later.alias("_is_later"))


def with_known(fresh: DataFrame, present: DataFrame) -> DataFrame:
    """New rows with what `versions.history` needs of the versions accepted before (`present`, of the feed's table)."""
    known = present.where("is_current").select(
        F.col("_unit_key").alias("_unit"),
        F.col("_row_hash").alias("_known_content"),
        F.col("has_newer_quarantined").alias("_known_refused"),
    )
    return fresh.join(known, "_unit", "left")


def prolonged(present: DataFrame, judged: DataFrame) -> DataFrame:
    """The versions accepted before as the judged new rows leave them."""
    after = judged.groupBy("_unit").agg(
        F.min(F.when(F.col("_outcome") == Outcome.ACCEPTED, F.col("valid_from"))).alias("_ends"),
        F.max("has_newer_quarantined").alias("_refused"),
    )
    ends = F.col("is_current") & F.col("_ends").isNotNull()
    joined = present.join(after, F.col("_unit_key") == F.col("_unit"), "left")
    return joined.select(
        *(F.col(name) for name in present.columns if name not in ("valid_to", "is_current", "has_newer_quarantined")),
        F.when(ends, F.col("_ends")).otherwise(F.col("valid_to")).alias("valid_to"),
        (F.col("is_current") & ~ends).alias("is_current"),
        F.coalesce("_refused", "has_newer_quarantined").alias("has_newer_quarantined"),
    )
