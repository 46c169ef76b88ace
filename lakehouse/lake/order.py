"""Notes in rows of ops what they were written upon: see `lakehouse.delta.order`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.delta.order import WRITTEN_UPON
from lakehouse.tables.model import Table


def noted(rows: DataFrame, table: Table, version: int) -> DataFrame:
    """The rows, about to be appended to the table at that version."""
    return rows.withColumn(WRITTEN_UPON, F.lit(version).cast("bigint")) if WRITTEN_UPON in table.column_names else rows


def noted_rows(rows: Sequence[Mapping[str, Any]], table: Table, version: int) -> Sequence[Mapping[str, Any]]:
    """The same for rows made by Python."""
    return [{**row, WRITTEN_UPON: version} for row in rows] if WRITTEN_UPON in table.column_names else rows
