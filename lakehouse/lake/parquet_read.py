"""A version of a Delta table read as the Parquet files that its log lists.

Delta works out in Spark which files a version has: two small jobs for each read, which take longer than reading a small
table does. delta-rs reads the same log in some milliseconds. The files never change, so the rows stay those of that
version, whatever is written to the table afterwards.
"""

from __future__ import annotations

import json
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from lakehouse.delta.log import opened

MOST_FILES = 1_000
"""A table of more is left to Delta, which looks at their statistics before it opens them."""


def rows_by_files(spark: SparkSession, path: str, version: int | None = None) -> DataFrame | None:
    """The rows at `version` (the head where None); None where only Delta can tell them.

    Those are tables with rows that deletion vectors take away, with renamed columns, or of very many files.
    """
    table = opened(path, version)
    metadata = table.metadata()
    if metadata.configuration.get("delta.columnMapping.mode", "none") != "none":
        return None
    files = [unquote(name) for name in pa.table(table.get_add_actions())["path"].to_pylist()]
    if len(files) > MOST_FILES or has_deleted_rows(table):
        return None
    schema = schema_of(table)
    if not files:
        return spark.createDataFrame([], schema)
    rows = spark.read.schema(schema).option("basePath", path).parquet(*(f"{path}/{name}" for name in files))
    # Partition columns stand in the names of folders, and come last where Spark reads them from there.
    last = metadata.partition_columns
    is_in_order = not last or schema.names[-len(last) :] == list(last)
    return rows if is_in_order else rows.selectExpr(*(f"`{name}`" for name in schema.names))


def has_deleted_rows(table: DeltaTable) -> bool:
    """Whether deletion vectors take rows away from the files of the table."""
    if table.metadata().configuration.get("delta.enableDeletionVectors") != "true":
        return False
    return bool(pa.table(table.deletion_vectors()).num_rows)


def schema_of(table: DeltaTable) -> StructType:
    return StructType.fromJson(json.loads(table.schema().to_json()))
