"""Rows held for several uses come back as they were, in their types."""

from __future__ import annotations

import pytest
from pyspark.sql import DataFrame

from lakehouse.engine.sail.engine import SailEngine
from lakehouse.frames import nullable

VALUES = {
    "whole": "1",
    "byte": "cast(2 AS tinyint)",
    "short": "cast(3 AS smallint)",
    "long": "5L",
    "exact": "cast(1.5 AS decimal(38,12))",
    "double": "1.5D",
    "text": "'x'",
    "day": "date'2024-02-29'",
    "instant": "timestamp'2024-02-29 12:00:00.123456'",
    "local": "timestamp_ntz'2024-02-29 12:00:00'",
    "in parts": "named_struct('a b', 1, 'c', named_struct('d', 'e'))",
    "list": "array('a', cast(NULL AS string))",
    "list of parts": "array(named_struct('k', 1))",
    "map": "map('a', 1.5)",
    "truth": "true",
    "bytes": "cast('x' AS binary)",
    "nothing": "cast(NULL AS string)",
    "of no type": "NULL",
}


@pytest.fixture
def rows(engine: SailEngine) -> DataFrame:
    return engine.session.range(2).selectExpr(*(f"{value} AS `{name}`" for name, value in VALUES.items()))


def test_held_rows_keep_values_and_types(engine: SailEngine, rows: DataFrame) -> None:
    held = engine.scratch.hold(rows)
    assert held.schema == nullable(rows.schema)
    assert held.collect() == rows.collect()
    assert held.count() == 2


def test_of_no_rows_the_types_are_held_too(engine: SailEngine, rows: DataFrame) -> None:
    held = engine.scratch.hold(rows.where("false"))
    assert held.schema == nullable(rows.schema)
    assert held.collect() == []
