"""Spark behind what a run asks of an engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from lakehouse.engine.model import Node
from lakehouse.engine.spark.options import interpreted
from lakehouse.engine.spark.parser import nodes
from lakehouse.engine.spark.watch import watched


@dataclass(frozen=True)
class SparkEngine:
    """Classic Spark: the session of the process, which stays when a run ends."""

    session: SparkSession
    name: str = "spark"
    writes_delta: bool = True
    rounds_in_binary: bool = False
    names_files: bool = True

    @property
    def is_on_one_machine(self) -> bool:
        return str(self.session.sparkContext.master).startswith("local")

    def parsed(self, sql: str) -> Sequence[Node]:
        return nodes(self.session, sql)

    def unlike(self, sql: str) -> str:
        return ""

    def handed(self, batches: Iterable[pa.RecordBatch], schema: StructType) -> DataFrame:
        found = list(batches)
        if not found:
            return self.session.createDataFrame([], schema)
        return self.session.createDataFrame(pa.Table.from_batches(found), schema)

    def received(self, rows: DataFrame) -> pa.Table:
        return rows.toArrow()

    @contextmanager
    def spooled(self, rows: DataFrame) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="spooled-") as name:
            folder = Path(name) / "rows"
            rows.write.parquet(folder.as_uri())
            yield folder

    def readable(self, folder: str) -> str:
        return folder

    def small(self) -> AbstractContextManager[None]:
        return interpreted(self.session)

    def watched(self) -> AbstractContextManager[None]:
        return watched(self.session)

    def close(self) -> None:
        """Nothing: tests and services run several in one process."""
