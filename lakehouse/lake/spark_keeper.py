"""Tables kept by Delta in Spark. What is small this process reads and writes all the same, for that is sooner done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from lakehouse.delta.log import head_version
from lakehouse.lake import changes, retype
from lakehouse.lake.ddl import create_table
from lakehouse.lake.parquet_read import rows_by_files
from lakehouse.lake.writer import Writer, writer_of
from lakehouse.tables.model import Table


@dataclass(frozen=True)
class SparkKeeper:
    """See lakehouse.lake.keeper."""

    spark: SparkSession

    def rows(self, path: str, version: int | None) -> DataFrame:
        if (rows := rows_by_files(self.spark, path, version)) is not None:
            return rows
        reader = self.spark.read.format("delta")
        return (reader if version is None else reader.option("versionAsOf", version)).load(path)

    def changed_rows(self, path: str, base: int) -> DataFrame:
        return changes.changed_rows(self.spark, path, base)

    def create(self, path: str, table: Table) -> None:
        self.spark.sql(create_table(f"delta.`{path}`", table))

    def bring_up_to_date(self, path: str, table: Table) -> None:
        retype.bring_up_to_date(self.spark, path, table, self.rows(path, head_version(path)))

    def writer(self, path: str, table: Table, rows_behind: Callable[[], int]) -> Writer:
        return writer_of(path, table, rows_behind)

    def empty(self, path: str) -> None:
        self.spark.sql(f"DELETE FROM delta.`{path}`")

    def restore(self, path: str, version: int) -> None:
        self.spark.sql(f"RESTORE TABLE delta.`{path}` TO VERSION AS OF {version}")
