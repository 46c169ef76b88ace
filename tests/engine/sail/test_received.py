"""Rows that this process receives from Sail are what PySpark's own way gives."""

from __future__ import annotations

import pyarrow as pa
from pyspark.sql import DataFrame

from lakehouse.engine.sail.engine import SailEngine
from tests.engine.sail.test_hold import VALUES


def _rows(engine: SailEngine) -> DataFrame:
    values = {name: value for name, value in VALUES.items() if name != "of no type"}
    return engine.session.range(2).selectExpr(*(f"{value} AS `{name}`" for name, value in values.items()))


def _types(rows: pa.Table) -> list[tuple[str, str]]:
    """But for what may be NULL, which the engine knows better of a plan than of rows."""
    return [(one.name, str(one.type).replace(" not null", "")) for one in rows.schema]


def test_values_and_types_are_those_of_to_arrow(engine: SailEngine) -> None:
    for rows in (_rows(engine), _rows(engine).where("false")):
        found, theirs = engine.received(rows), rows.toArrow()
        assert _types(found) == _types(theirs)
        assert found.cast(theirs.schema).equals(theirs)
