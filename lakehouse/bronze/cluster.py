"""Parts of files read by the executors of a cluster, with the same reader as everywhere. They see the same folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from lakehouse.bronze.read import Part, Target, read_part


def read_by_spark(spark: SparkSession, parts: Sequence[Part], target: Target) -> DataFrame:
    """The rows of all parts, each part read by one task, with the columns of the bronze table."""
    schema = ", ".join(f"`{column.name}` {column.type}" for column in target.table.columns)

    def read(places: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in places:
            for place in batch.column(0).to_pylist():
                yield from read_part(parts[place], target)

    places = spark.range(0, len(parts), 1, len(parts)).select("id")
    return places.mapInArrow(read, schema)
