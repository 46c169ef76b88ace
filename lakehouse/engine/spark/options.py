"""Options of a Spark session that hold for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from pyspark.sql import SparkSession


@contextmanager
def options(spark: SparkSession, wanted: Mapping[str, str]) -> Iterator[None]:
    """The session has these options within, and afterwards those it had before."""
    before = {name: spark.conf.get(name, None) for name in wanted}
    try:
        for name, value in wanted.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, old in before.items():
            spark.conf.unset(name) if old is None else spark.conf.set(name, old)


def interpreted(spark: SparkSession) -> AbstractContextManager[None]:
    """Plans run as they are, in one partition.

    For a few thousand rows Spark takes far longer to write and compile Java for each plan than that code then runs.
    """
    return options(
        spark,
        {
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.shuffle.partitions": "1",
        },
    )
