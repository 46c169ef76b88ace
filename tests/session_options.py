"""The options of the suite's one session, which a run that a test starts in this process sets as they are in use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

OF_THE_DRIVER = "spark.driver."
"""Said to a JVM that starts. A session notes them when it is asked for again, and lets nobody set them."""


@contextmanager
def put_back(spark: SparkSession) -> Iterator[None]:
    """Whatever is done within: afterwards all options of the session are as they were before."""
    before = options(spark)
    try:
        yield
    finally:
        after = options(spark)
        for name in after.keys() - before.keys():
            spark.conf.unset(name)
        for name, value in before.items():
            if after.get(name) != value:
                spark.conf.set(name, value)


def options(spark: SparkSession) -> dict[str, str]:
    """All options that the session was given."""
    return {name: value for name, value in dict(spark.conf.getAll).items() if not name.startswith(OF_THE_DRIVER)}
