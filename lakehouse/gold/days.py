"""On which days each source sold: a few thousand rows that tell which of its days and months are over."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.lake.query import TableQueries
from lakehouse.tables.gold import FACT_SALES

_DAYS = f"SELECT DISTINCT source_system, order_date FROM {FACT_SALES.name}"
_SCHEMA = pa.schema([("source_system", pa.string()), ("order_date", pa.date32())])


def days_sold(lake: Lake, *, published: bool = False) -> DataFrame:
    """Grain: one source and day with an order of any status, now or as published. Needs no job to be read."""
    version = lake.published_version(FACT_SALES) if published else lake.version(FACT_SALES)

    def found() -> DataFrame:
        with closing(TableQueries(lake, published=published)) as queries:
            days = pa.Table.from_pylist(
                [dict(zip(_SCHEMA.names, row, strict=True)) for row in queries.rows(_DAYS)], schema=_SCHEMA
            )
        if not days.num_rows:  # All orders are later than the day that the lake is seen from.
            return lake.spark.createDataFrame([], "source_system STRING, order_date DATE")
        return lake.spark.createDataFrame(days)

    days: DataFrame = lake.memo(("days sold", version), found)
    return days


def last_days(sales: DataFrame, as_of: date) -> DataFrame:
    """`_last`: the last day before `as_of` on which the source had an order of any status.

    `sales` are lines, or the days on which there are some.
    """
    known = sales.where(F.col("order_date") < F.lit(as_of))
    return known.groupBy("source_system").agg(F.max("order_date").alias("_last"))
