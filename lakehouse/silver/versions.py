"""Slowly changing dimensions (type 2) and latest versions: which version of a thing counts.

Content and declared order alone decide, arrival never does.

Every function takes rows with `_key` (what is versioned), `_version` (a struct that orders, NULLs first), `_content`
(a hash) and `_bad` (true where the row cannot be accepted), and gives each row its `_outcome`: accepted, superseded,
quarantined or ambiguous; and `_is_answered`: true for a refused row in whose place another was accepted since, as when
a shop mends a row and sends it again.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.groups import Over, in_groups
from lakehouse.tables.reasons import Outcome
from lakehouse.tables.types import FIRST_INSTANT, LAST_INSTANT

# Which of several equal rows stands for them: the file's own identity, never when it came.
_REPRESENTATIVE = ("_file_delivery", "_row_in_file")


def _with_repeats_and_clashes(rows: DataFrame, over: Over) -> DataFrame:
    """Marks rows that say again what another row of the same version says, and versions that say two things."""
    level = ["_key", "_version"]
    good_content = F.when(~F.col("_bad"), F.col("_content"))
    differ = over.least(good_content, level) != over.greatest(good_content, level)
    return rows.withColumn("_is_repeat", over.number([*level, "_content"], _REPRESENTATIVE) > 1).withColumn(
        "_clashes", F.coalesce(differ, F.lit(False))
    )


def _outcome(is_winner: Column) -> Column:
    return (
        F.when(F.col("_is_repeat"), Outcome.SUPERSEDED)
        .when(F.col("_bad"), Outcome.QUARANTINED)
        .when(F.col("_clashes"), Outcome.AMBIGUOUS)
        .when(is_winner, Outcome.ACCEPTED)
        .otherwise(Outcome.SUPERSEDED)
    )


def _stands() -> Column:
    return ~F.col("_bad") & ~F.col("_clashes") & ~F.col("_is_repeat")


def _is_answered(standing: Column) -> Column:
    """A refused row whose version is not newer than `standing`, the one that counts."""
    refused = F.col("_bad") | F.col("_clashes")
    return F.coalesce(refused & (F.col("_version") <= standing), F.lit(False))


def latest(rows: DataFrame) -> DataFrame:
    """One row per key is accepted: the valid one with the newest version.

    Adds `has_newer_quarantined`: a newer version of the key could not be accepted.
    """
    return in_groups(rows.repartition("_key"), ["_key"], _latest)


def _latest(rows: DataFrame, over: Over) -> DataFrame:
    marked = _with_repeats_and_clashes(rows, over)
    newest = over.greatest(F.when(_stands(), F.col("_version")), ["_key"])
    newest_refused = over.greatest(F.when(F.col("_bad") | F.col("_clashes"), F.col("_version")), ["_key"])
    return (
        marked.withColumn("_newest", newest)
        .withColumn("has_newer_quarantined", F.coalesce(newest_refused > F.col("_newest"), F.lit(False)))
        .withColumn("_is_answered", _is_answered(F.col("_newest")))
        .withColumn("_outcome", _outcome(F.col("_version") == F.col("_newest")))
        .drop("_clashes", "_newest")
    )


def history(rows: DataFrame) -> DataFrame:
    """Every change of a key is accepted, with the time for which it held (SCD2).

    The first field of `_version` is the instant of the version. A version that says what the one before it said is
    superseded by it. Adds `valid_from`, `valid_to`, `is_current` and `has_newer_quarantined`. A refused version is
    answered by one of its own instant only: any other leaves the history without it.

    Rows may have `_known_content` and `_known_refused`: what the last of older versions, which are not among the rows,
    says, and whether newer ones were refused; NULL where the key has none.
    """
    return in_groups(_with_known(rows).repartition("_key"), ["_key"], _history)


def _history(rows: DataFrame, over: Over) -> DataFrame:
    marked = _with_repeats_and_clashes(rows, over).withColumn("_instant", F.col("_version.v0"))
    standing = over.greatest(F.when(_stands(), F.col("_version")), ["_key", "_instant"])
    marked = marked.withColumn("_is_answered", _is_answered(standing))
    stands = _stands() & (F.col("_version") == standing)
    marked = marked.withColumn("_stands", F.coalesce(stands, F.lit(False)))
    in_time = [F.asc_nulls_first("_instant")]
    before = F.coalesce(over.before(F.col("_content"), ["_key", "_stands"], in_time), F.col("_known_content"))
    marked = marked.withColumn("_wins", F.col("_stands") & (before.isNull() | (before != F.col("_content"))))
    run = ["_key", "_wins"]
    first, last = (F.lit(text).cast("timestamp") for text in (FIRST_INSTANT, LAST_INSTANT))
    newest_refused = over.greatest(F.when(F.col("_bad") | F.col("_clashes"), F.col("_version")), ["_key"])
    newest = over.greatest(F.when(F.col("_stands"), F.col("_version")), ["_key"])
    refused = newest_refused > newest
    refused_after_known = newest_refused.isNotNull() | F.col("_known_refused")
    begins = (over.number(run, in_time) == 1) & F.col("_known_content").isNull()
    return (
        marked.withColumn("valid_from", F.when(begins, first).otherwise(F.col("_instant")))
        .withColumn("valid_to", F.coalesce(over.after(F.col("_instant"), run, in_time), last))
        .withColumn("is_current", F.col("valid_to") == last)
        .withColumn(
            "has_newer_quarantined",
            F.coalesce(F.when(newest.isNull(), refused_after_known).otherwise(refused), F.lit(False)),
        )
        .withColumn("_outcome", _outcome(F.col("_wins")))
        .drop("_is_repeat", "_clashes", "_instant", "_stands", "_wins", "_known_content", "_known_refused")
    )


def _with_known(rows: DataFrame) -> DataFrame:
    """The rows with `_known_content` and `_known_refused`, NULL where they have none."""
    if "_known_content" in rows.columns:
        return rows
    nothing = F.lit(None)
    return rows.withColumns({"_known_content": nothing.cast("bigint"), "_known_refused": nothing.cast("boolean")})


def whole_groups(rows: DataFrame, is_copy: str = "") -> DataFrame:
    """For rows known only by their place: the newest delivery of a group (`_key`: an order) replaces the group whole.

    Equal rows within one delivery are different lines, but for those of which `is_copy`, a column, says that they only
    repeat another: they are superseded. A delivery of which no row is valid replaces nothing.
    """
    copied = F.col(is_copy) if is_copy else F.lit(False)
    deliveries = (
        rows.where(~copied)
        .groupBy("_key", "_file_delivery")
        .agg(
            F.max("_version").alias("_version"),
            # The lines of a group in their places, as one number whatever order they are read in.
            F.bit_xor(F.xxhash64("_position", "_content")).alias("_content"),
            F.min("_bad").alias("_bad"),
            F.min("_row_in_file").alias("_row_in_file"),
        )
    )
    judged = latest(deliveries).select(
        "_key",
        "_file_delivery",
        F.col("_outcome").alias("_of_group"),
        (F.col("_is_answered") | (F.col("_outcome") == Outcome.SUPERSEDED)).alias("_is_answered"),
        "_is_repeat",
        "has_newer_quarantined",
    )
    # What a losing delivery alone says wrongly stays in quarantine; what merely repeats another is superseded.
    outcome = (
        F.when(F.col("_is_repeat") | copied, Outcome.SUPERSEDED)
        .when(F.col("_bad"), Outcome.QUARANTINED)
        .otherwise(F.col("_of_group"))
    )
    return rows.join(judged, ["_key", "_file_delivery"]).withColumn("_outcome", outcome).drop("_of_group", "_is_repeat")


def one_per_key(rows: DataFrame) -> DataFrame:
    """The rows of a joined file with their outcome: `accepted` are the ones that count, one per key."""
    return latest(rows).drop("_is_repeat", "has_newer_quarantined")
