"""What becomes of rows that were in quarantine, noted by every run that publishes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.log import commit_text, opened
from lakehouse.frames import checkpointed, union
from lakehouse.lake import Lake
from lakehouse.lake.changes import base_version
from lakehouse.quarantine.selection import ROW_KEY
from lakehouse.tables.feeds import FEEDS
from lakehouse.tables.model import Table
from lakehouse.tables.ops import QUARANTINE_HISTORY
from lakehouse.tables.reasons import Outcome, RowStatus
from lakehouse.tables.silver import LINEAGE, QUARANTINE

_AS_BEFORE = (*ROW_KEY, "reasons", "status")
_IN_SILVER = ("source_system", "_file_sha256", "_row_in_file")


def note_what_leaves(lake: Lake, now: datetime) -> None:
    """Notes in ops.quarantine_history which rows of the published quarantine are no longer there as they were.

    Done before the run publishes: what a run has noted that does not come to publish does not count.
    """
    before, after = _changed(lake)
    if before is None or after is None:
        return
    changed = checkpointed(before.join(after, list(_AS_BEFORE), "left_anti"))
    if changed.isEmpty():
        return
    now_there = after.select(*ROW_KEY, F.col("status").alias("_status_now"))
    rows = _with_what_became(lake, changed.join(now_there, list(ROW_KEY), "left"))
    outcome = (
        F.when(F.col("_status_now") == RowStatus.OPEN, F.lit(Outcome.QUARANTINED))
        .when(F.col("_status_now").isNotNull(), F.col("_status_now"))
        .otherwise(F.coalesce("_accepted", "_otherwise", F.lit(Outcome.NOT_SELECTED)))
    )
    told = (F.lit(lake.run_id).alias("run_id"), F.lit(now).alias("left_at"))
    lake.append(QUARANTINE_HISTORY, rows.select("*", outcome.alias("outcome"), *told))


def _changed(lake: Lake) -> tuple[DataFrame | None, DataFrame | None]:
    """Rows of the quarantine that this run took away, and those that it put there; None where it took none away."""
    published = lake.published_version(QUARANTINE)
    if published is None:
        return None, None
    path, head = lake.path(QUARANTINE), lake.version(QUARANTINE)
    base = base_version(Path(path), published, head)
    if not any(_takes_away(Path(path), version) for version in range(base + 1, head + 1)):
        return None, None
    if opened(path).metadata().configuration.get("delta.enableChangeDataFeed") != "true":  # made by older code
        return lake.read_published(QUARANTINE), lake.read(QUARANTINE)
    rows = lake.changed_rows(QUARANTINE, base)
    return rows.where("_change_type = 'delete'"), rows.where("_change_type = 'insert'")


def _takes_away(table: Path, version: int) -> bool:
    """Whether a commit removes files, or rows of them: most only add."""
    return '{"remove":' in commit_text(table, version)


def _with_what_became(lake: Lake, rows: DataFrame) -> DataFrame:
    """Adds `_accepted` (that, or NULL) and `_otherwise`: what lineage says of a row that is not accepted."""
    feeds = [row["feed"] for row in rows.select("feed").distinct().collect()]  # there are but nine feeds
    accepted = union(_came_in(lake, FEEDS[feed].table, feed) for feed in feeds)
    unit = ["source_system", "feed", "file_kind", "_file_delivery", "unit_key"]
    became = lake.read(LINEAGE).where(F.col("feed").isin(feeds) & (F.col("outcome") != Outcome.QUARANTINED))
    # A row of a header's file is accepted without being in a table; of others, that is said of a row beside it.
    other = F.coalesce(F.min(F.when(F.col("outcome") != Outcome.ACCEPTED, F.col("outcome"))), F.min("outcome"))
    became = became.join(rows.select(*unit).distinct(), unit, "leftsemi").groupBy(*unit).agg(other.alias("_otherwise"))
    return rows.join(accepted, ["feed", *_IN_SILVER], "left").join(became, unit, "left")


def _came_in(lake: Lake, table: Table, feed: str) -> DataFrame:
    """The rows of the feed's table that this run put there."""
    changes = lake.changes(table)
    if changes.everything:
        rows = lake.read(table)
    else:
        rows = lake.read(table).limit(0) if changes.rows is None else changes.rows.where("_change_type = 'insert'")
    came = rows.select(*_IN_SILVER).distinct()
    return came.select("*", F.lit(feed).alias("feed"), F.lit(Outcome.ACCEPTED).alias("_accepted"))
