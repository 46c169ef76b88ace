"""Each row knows its file, and its place in it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyspark.sql import Row

from tests.bronze.shops import values, written

Land = Callable[..., Path]
Read = Callable[..., list[Row]]


@pytest.mark.parametrize("size", [7, 64, 1000, 1_000_000])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_rows_are_numbered_in_order_however_a_file_is_cut(
    land: Land, read: Read, pieces: Callable[[int], None], size: int, line_end: str
) -> None:
    pieces(size)
    land("f.csv", b"\xef\xbb\xbf" + written([[str(number), "x" * (number % 7)] for number in range(1, 151)], line_end))
    assert values(read(), "_row_in_file", "a") == [(number, str(number)) for number in range(1, 151)]


@pytest.mark.parametrize("size", [50, 1_000_000])
def test_each_of_many_files_is_numbered_from_one(
    land: Land, read: Read, pieces: Callable[[int], None], size: int
) -> None:
    pieces(size)
    for file in range(12):
        text = "\n\na,b\n" + "".join(f"{row},{file}\n\n" for row in range(1, file + 1))
        land(f"{file:02}.csv" + ".gz" * (file % 2), gzip.compress(text.encode()) if file % 2 else text)
    assert values(read(), "_row_in_file", "a", "b") == [
        (row, str(row), str(file)) for file in range(12) for row in range(1, file + 1)
    ]


ODD_NAMES = [
    *("a b.csv", "ü ß.csv", "50%25.csv", "#1.csv", "a+b.csv", "[x]{y}*?.csv", "a:b.csv", 'it\'s "so".csv', "a\\b.csv"),
    *("day=2024-01-01/f.csv", "day=2024-01-02/deep/f.csv", "x.bz2", "ｆ.csv", "u\u0308.csv", "a;b&c=d.csv"),
]


def test_files_with_odd_names_are_read(land: Land, read: Read) -> None:
    for number, name in enumerate(ODD_NAMES):
        land(name, f"a,b\n{number},{number}\n")
    assert sorted(values(read(), "_source_file", "a")) == sorted((name, str(n)) for n, name in enumerate(ODD_NAMES))


def test_gzip_is_known_by_its_bytes_and_not_by_its_name(land: Land, read: Read) -> None:
    land("plain name.csv", gzip.compress(b"a,b\n1,2\n"))
    land("upper.csv.GZ", gzip.compress(b"a,b\n3,4\n"))
    assert values(read()) == [("1", "2"), ("3", "4")]


def test_a_row_knows_its_file(land: Land, read: Read) -> None:
    land("deep/f_20240131.csv", "a,b\n1,2\n", modified=1_700_000_000.123456)
    [row] = read(from_name=r"_(?P<day>\d+)")
    assert row._source_file == "deep/f_20240131.csv"
    assert row._name_values == {"day": "20240131"}
    assert row._file_modified_at.replace(tzinfo=UTC) == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=UTC)
    assert len(row._file_sha256) == 64
