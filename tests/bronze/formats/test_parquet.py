"""The values of Parquet become texts."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import Row

from lakehouse.bronze.files import FileFacts, Inspection
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import parquet, refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

REFUSED: list[tuple[str, bytes, FileReason, dict[str, Any]]] = [
    ("no Parquet", b"a,b\n1,2\n", FileReason.NOT_PARQUET, {"format": "parquet"}),
    ("Parquet cut short", parquet(a=[1], b=[2])[:-5], FileReason.NOT_PARQUET, {"format": "parquet"}),
    ("Parquet without a column", parquet(a=[1]), FileReason.MISSING_COLUMN, {"format": "parquet"}),
]
LOADED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("gzipped Parquet", gzip.compress(parquet(a=[1], b=[2])), {"format": "parquet"}),
]


@pytest.mark.parametrize(
    ("content", "reason", "declared"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_parquet_that_would_be_misread_is_refused(
    judge: Judge, content: bytes, reason: FileReason, declared: dict[str, Any]
) -> None:
    assert refused(content, judge(content, **declared)) == reason


@pytest.mark.parametrize(("content", "declared"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_parquet_that_can_be_read_is_not_refused(judge: Judge, content: bytes, declared: dict[str, Any]) -> None:
    assert refused(content, judge(content, **declared)) is None


def test_files_of_one_header_but_other_types_are_told_apart(judge: Judge) -> None:
    whole = judge(parquet(a=[1], b=["x"]), format="parquet").outcome
    instant = judge(parquet(a=[datetime(2024, 1, 1)], b=["x"]), format="parquet").outcome
    assert isinstance(whole, FileFacts)
    assert isinstance(instant, FileFacts)
    assert whole.header == instant.header
    assert whole.shapes != instant.shapes


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_parquet_becomes_text(land: Land, read: Read, unit: str, pieces: Callable[[int], None]) -> None:
    pieces(200)
    instant = datetime(2024, 1, 31, 12, 30, 0, 123_457, tzinfo=UTC)
    table = pa.table(
        {
            "A": pa.array([Decimal("1.10"), None, Decimal("3.00")]),
            "b": pa.array([instant] * 3, pa.timestamp(unit, "UTC")),
            "local": pa.array([instant.replace(tzinfo=None)] * 3, pa.timestamp(unit)),
            "nested": pa.array([{"x": 1}] * 3),
            "n": [1, 2, 3],
        }
    )
    path = land("f.parquet", b"")
    pq.write_table(table, path, row_group_size=1)
    rows = read(format="parquet")
    assert values(rows, "a", "b", "_row_in_file") == [
        (amount, "2024-01-31T12:30:00.123457Z", place) for place, amount in enumerate(["1.10", None, "3.00"], start=1)
    ]
    assert rows[2]._rescued == {"local": "2024-01-31T12:30:00.123457", "nested": '{"x":1}', "n": "3"}


def test_gzipped_parquet_is_read(land: Land, read: Read) -> None:
    land("f.parquet.gz", gzip.compress(parquet(a=["x"], b=["y"])))
    assert values(read(format="parquet")) == [("x", "y")]
