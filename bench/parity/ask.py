"""What an engine makes of an expression over the edge values: the value of each row, or that it stops there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

STOPS = "stops"
"""In the place of a value: the engine ends with an error there."""
EXPRESSIONS = Path(__file__).with_name("expressions.toml")


def expressions() -> Iterator[tuple[str, str]]:
    """Function or sign, and what is asked of it."""
    for group in tomllib.loads(EXPRESSIONS.read_text(encoding="utf-8")).values():
        for name, asked in group.items():
            yield from ((name, one) for one in asked)


def answers(edges: DataFrame, sql: str) -> list[str]:
    """The value of each row, as Python writes it down; STOPS where there is none to be had."""
    with suppress(PySparkException):  # some row stops it, or all do: asked for below
        return _collected(edges, sql)
    try:
        _collected(edges.where("false"), sql)
    except PySparkException:
        return [STOPS]  # whatever the row: it is not known, or not meant so
    found = []
    for place in range(edges.count()):
        try:
            found += _collected(edges.where(F.col("id") == place), sql)
        except PySparkException:
            found.append(STOPS)
    return found


def _collected(edges: DataFrame, sql: str) -> list[str]:
    rows = edges.select("id", F.expr(sql).alias("value")).collect()
    return [_written(row["value"]) for row in sorted(rows, key=lambda row: row["id"])]


def _written(value: Any) -> str:
    return repr(bytes(value)) if isinstance(value, bytearray) else repr(value)
