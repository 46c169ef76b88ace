"""What the working head of a table has that the newest publication has not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F


@dataclass(frozen=True)
class Changes:
    """Between a published version of a table and its working head."""

    everything: bool
    """True where nothing was published yet, a rebuild is asked for, or it is not known which rows: take the whole."""
    rows: DataFrame | None
    """Inserted and deleted rows, told apart by `_change_type` (insert, delete); None where nothing changed."""

    def __bool__(self) -> bool:
        return self.everything or self.rows is not None


def changed_rows(spark: SparkSession, path: str, base: int) -> DataFrame:
    """Rows inserted and deleted after version `base`, told apart by `_change_type`; an update is both."""
    feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", base + 1).load(path)
    kind = F.regexp_replace(F.regexp_replace("_change_type", "update_preimage", "delete"), "update_post.*", "insert")
    return feed.withColumn("_change_type", kind).drop("_commit_version", "_commit_timestamp")


def base_version(table: Path, published: int, head: int) -> int:
    """The newest version whose content is the published one: itself, or the last RESTORE to it.

    The change feed of a RESTORE replays the rows it undid, so changes are read after the head that it left.
    """
    base = published
    for version in range(published + 1, head + 1):
        for line in (table / "_delta_log" / f"{version:020d}.json").read_text().splitlines():
            commit = json.loads(line).get("commitInfo", {})
            target = commit.get("operationParameters", {}).get("version")
            if commit.get("operation") == "RESTORE" and int(target) == published:
                base = version
    return base
