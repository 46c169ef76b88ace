"""JSON lines and Parquet become texts as CSV does."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql import Row

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.staging import needs_copy
from tests.bronze.shops import kind_with, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]


def test_json_lines_keep_their_texts(land: Land, read: Read) -> None:
    land(
        "f.jsonl",
        b'\xef\xbb\xbf{"a": 1.10, "b": {"x": [1.0]}, "c": true, "d": null}\r\n\r\nnot json\n{"b": "\xc3\xa9"}\n',
    )
    rows = read(format="jsonl")
    assert values(rows, "a", "b", "_rescued", "_corrupt_record", "_row_in_file") == [
        ("1.10", '{"x": [1.0]}', {"c": "true"}, None, 1),
        (None, None, None, "not json", 2),
        (None, "é", None, None, 3),
    ]


def test_one_kind_may_come_in_several_formats(land: Land, read: Read) -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"a": ["p"], "b": [1]}), table)
    land("f.csv", "b,a\n2,q\n")
    land("g.parquet", table.getvalue())
    land("h.jsonl.gz", gzip.compress(b'{"a": "r", "b": 3}\n'))
    rows = read(format=["csv", "jsonl", "parquet"], multiline=True)
    assert sorted(values(rows, "a", "b")) == [("p", "1"), ("q", "2"), ("r", "3")]


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
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": ["x"], "b": ["y"]}), sink)
    land("f.parquet.gz", gzip.compress(sink.getvalue()))
    assert values(read(format="parquet")) == [("x", "y")]


def test_only_what_spark_cannot_read_is_copied(land: Land, tmp_path: Path) -> None:
    land("plain.csv", "a,b\n")
    land("ok.csv.gz", gzip.compress(b"a,b\n"))
    land("[odd] name.csv", "a,b\n")
    land("ä #1 50%.csv", "a,b\n")
    land("hidden gzip.csv", gzip.compress(b"a,b\n"))
    land("colon:.csv", "a,b\n")
    copied = []
    for found in scan(tmp_path / "landing/shop"):
        outcome = inspect(found, kind_with()).outcome
        assert isinstance(outcome, FileFacts)
        if needs_copy(Delivery(found, "rows", "", {}, "", outcome)):
            copied.append(found.name)
    assert copied == ["[odd] name.csv", "colon:.csv", "hidden gzip.csv"]
