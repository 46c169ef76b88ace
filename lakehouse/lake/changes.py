"""Change data feed: what the working head of a table has that the newest publication has not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructType

from lakehouse.delta import duck
from lakehouse.delta.log import commit_text, opened
from lakehouse.delta.quoting import identifier
from lakehouse.frames import nullable
from lakehouse.lake.parquet_read import schema_of

MOST_HERE = 50_000
"""Changed rows that are handed to Spark with each query; more are kept by Spark."""


@dataclass(frozen=True)
class Changes:
    """Between a published version of a table and its working head."""

    everything: bool
    """True where nothing was published yet, a rebuild is asked for, or it is not known which rows: take the whole."""
    rows: DataFrame | None
    """Inserted and deleted rows, told apart by `_change_type` (insert, delete); None where nothing changed."""
    arrow: pa.Table | None = None
    """The same within this process, where they are few and nothing comes and goes alike."""

    def __bool__(self) -> bool:
        return self.everything or self.rows is not None


def changed_rows(spark: SparkSession, path: str, base: int) -> DataFrame:
    """Rows inserted and deleted after version `base`, told apart by `_change_type`; an update is both."""
    feed = spark.read.format("delta").option("readChangeFeed", "true").option("startingVersion", base + 1).load(path)
    kind = F.regexp_replace(F.regexp_replace("_change_type", "update_preimage", "delete"), "update_post.*", "insert")
    return feed.withColumn("_change_type", kind).drop("_commit_version", "_commit_timestamp")


def net_changes(path: str, base: int, head: int) -> pa.Table | None:
    """`changed_rows` of a small table, worked out within this process, without those that come and go alike.

    None where only Spark can tell: delta-rs gives all rows of a file that a deletion vector takes some away from.
    """
    versions = range(base + 1, head + 1)
    if any('"deletionVector":{' in commit_text(path, version) for version in versions):
        return None
    table = opened(path, head)
    names = ", ".join(identifier(field.name) for field in table.schema().fields)
    with duck.connect() as connection:
        connection.register("feed", pa.RecordBatchReader.from_stream(table.load_cdf(base + 1, head)))
        net = "sum(CASE WHEN _change_type IN ('insert', 'update_postimage') THEN 1 ELSE -1 END)"
        return connection.sql(
            f"SELECT {names}, CASE WHEN _net > 0 THEN 'insert' ELSE 'delete' END AS _change_type"
            f" FROM (SELECT {names}, {net} AS _net FROM feed GROUP BY ALL HAVING {net} <> 0),"
            " LATERAL (SELECT unnest(range(CAST(abs(_net) AS BIGINT))))"
        ).to_arrow_table()


def as_frame(spark: SparkSession, path: str, rows: pa.Table) -> DataFrame:
    """What `net_changes` gave as a frame that needs no job to be read."""
    return spark.createDataFrame(rows, with_type_of_change(nullable(schema_of(opened(path)))))


def with_type_of_change(schema: StructType) -> StructType:
    """The columns of a table's changes."""
    return schema.add("_change_type", StringType())


def base_version(table: Path, published: int, head: int) -> int:
    """The newest version whose content is the published one: itself, or the last RESTORE to it.

    The change feed of a RESTORE replays the rows it undid, so changes are read after the head that it left.
    """
    base = published
    for version in range(published + 1, head + 1):
        for line in commit_text(table, version).splitlines():
            commit = json.loads(line).get("commitInfo", {})
            target = commit.get("operationParameters", {}).get("version")
            if commit.get("operation") == "RESTORE" and int(target) == published:
                base = version
    return base
