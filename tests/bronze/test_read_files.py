"""What stands in a file is what stands in the rows, each in its place."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import Row, SparkSession

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Delivery, FileFacts
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.staging import needs_copy
from tests.bronze.shops import kind_with

Land = Callable[..., Path]
Read = Callable[..., list[Row]]


def values(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names or ("a", "b")) for row in rows]


def written(
    rows: list[list[str]], line_end: str = "\n", delimiter: str = ",", quoting: Any = csv.QUOTE_MINIMAL
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, delimiter=delimiter, quoting=quoting).writerows([["a", "b"], *rows])
    return text.getvalue().encode()


@pytest.fixture
def pieces(spark: SparkSession) -> Iterator[Callable[[int], None]]:
    """pieces(100): files are cut after so many bytes."""
    name = "spark.sql.files.maxPartitionBytes"
    before = spark.conf.get(name)
    yield lambda size: spark.conf.set(name, str(size))
    spark.conf.set(name, before or "")


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0\n")
_awkward = st.sampled_from(
    ['"', '""', "'", ",", ";", "\t", "\\", "#", " ", "\r", "NULL", "é", "\ufeff", "\x01", 'ä,"b']
)
# Python writes a carriage return at the end of a value without quotes; there it cannot be told from a line's end.
_value = st.lists(st.text(_letters, max_size=6) | _awkward, max_size=3).map("".join).map(lambda text: text.rstrip("\r"))
_broken_value = st.lists(_value | st.sampled_from(["\n", "\r\n", '"\n"']), max_size=3).map("".join)
_quoting = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
_line_end = st.sampled_from(["\n", "\r\n"])
# One example is 25 files read at once, so failures are not made smaller: the rows that differ are few as it is.
_phases = (Phase.explicit, Phase.generate)
_few = settings(max_examples=4, deadline=None, phases=_phases, suppress_health_check=list(HealthCheck))


def files_of(value: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[list[list[str]], str, Any]]]:
    rows = st.lists(st.lists(value, min_size=2, max_size=2), min_size=1, max_size=12)
    return st.lists(st.tuples(rows, _line_end, _quoting), min_size=25, max_size=25)


def sent_and_read(land: Land, read: Read, files: Any, delimiter: str, **declared: Any) -> tuple[list[Any], list[Any]]:
    sent = []
    for number, (rows, line_end, quoting) in enumerate(files):
        land(f"{number:03}.csv", written(rows, line_end, delimiter, quoting))
        sent += [(f"{number:03}.csv", place, a or None, b or None, None) for place, (a, b) in enumerate(rows, start=1)]
    got = values(read(delimiter=delimiter, **declared), "_source_file", "_row_in_file", "a", "b", "_corrupt_record")
    return sent, got


@_few
@given(files=files_of(_value), delimiter=st.sampled_from([",", ";", "\t"]))
def test_what_python_writes_as_csv_comes_back(land: Land, read: Read, files: Any, delimiter: str) -> None:
    sent, got = sent_and_read(land, read, files, delimiter)
    assert [pair for pair in zip(got, sent, strict=True) if pair[0] != pair[1]] == []


@_few
@given(files=files_of(_broken_value))
def test_what_python_writes_with_line_breaks_comes_back(land: Land, read: Read, files: Any) -> None:
    sent, got = sent_and_read(land, read, files, ",", multiline=True)
    assert [pair for pair in zip(got, sent, strict=True) if pair[0] != pair[1]] == []


def test_blanks_around_values_and_texts_for_null_stay(land: Land, read: Read) -> None:
    land("f.csv", 'a,b\n x , \nNULL,N/A\n,""\n1.0E3,=1+1\n')
    assert values(read()) == [(" x ", " "), ("NULL", "N/A"), (None, None), ("1.0E3", "=1+1")]


def test_a_file_without_quotes_reads_them_as_letters(land: Land, read: Read) -> None:
    land("f.csv", 'a|b\n"x|5" y\n')
    assert values(read(delimiter="|", quote="")) == [('"x', '5" y')]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-be", "cp850"])
@pytest.mark.parametrize("multiline", [False, True])
def test_text_comes_in_every_declared_encoding(land: Land, read: Read, encoding: str, multiline: bool) -> None:
    text = "a,b\nÄé,1\nß,2\n"
    land("f.csv", text.encode(encoding))
    land("g.csv.gz", gzip.compress(text.encode(encoding)))
    rows = read(encoding=encoding, multiline=multiline)
    assert values(rows) == [("Äé", "1"), ("ß", "2")] * 2


def test_a_value_of_five_megabytes_is_read(land: Land, read: Read) -> None:
    land("f.csv", "a,b\n1," + "x" * 5_000_000 + "\n2,y\n")
    [first, second] = read()
    assert (len(first.b), second.b, second._row_in_file) == (5_000_000, "y", 2)


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_columns_are_known_by_name_in_any_order(land: Land, read: Read) -> None:
    land("f.csv", 'B," A "\n1,2\n')
    assert values(read()) == [("2", "1")]


def test_columns_that_nobody_declared_are_kept_by_name(land: Land, read: Read) -> None:
    land("f.csv", "a,x y,b,,z\n1,extra,2,four,\n3,,4,,\n")
    assert values(read(), "a", "b", "_rescued") == [("1", "2", {"x y": "extra", "_4": "four"}), ("3", "4", None)]


def test_a_missing_optional_column_is_null(land: Land, read: Read) -> None:
    land("f.csv", "a\n1\n")
    assert values(read(optional=["b"])) == [("1", None)]


# ── rows that cannot be split ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("1,2,3", ("1", "2")),
        ("1,2,", ("1", "2")),
        ("1", (None, None)),
        ('1,"2', (None, None)),
        ('"1,2', (None, None)),
        ('1,5" pipe', (None, None)),
        (",".join("x" * 30_000), (None, None)),
    ],
    ids=["too many", "too many, the last empty", "too few", "open at the end", "open", "half a pair", "30,000 fields"],
)
def test_a_row_that_cannot_be_split_is_kept_as_it_is(
    land: Land, read: Read, line: str, kept: tuple[str | None, str | None]
) -> None:
    land("f.csv", f"a,b\n0,0\n{line}\n9,9\n")
    before, broken, after = read()
    assert (before.b, after.b, before._corrupt_record, after._corrupt_record) == ("0", "9", None, None)
    assert (broken._corrupt_record, broken._row_in_file) == (line, 2)
    assert (broken.a, broken.b) == kept


def test_a_value_with_a_line_break_that_is_not_declared_gives_no_row_that_looks_right(land: Land, read: Read) -> None:
    land("f.csv", 'a,b\n"x\ny",2\n')
    assert values(read(), "a", "b", "_corrupt_record") == [(None, None, '"x'), (None, None, 'y",2')]


def test_where_values_may_hold_line_breaks_a_broken_row_is_kept_too(land: Land, read: Read) -> None:
    land("f.csv", 'a,b\n1,"x\ny"\n1,"2\n3",4\n5\n6,7\n')
    rows = read(multiline=True)
    assert values(rows, "a", "b", "_corrupt_record", "_row_in_file") == [
        ("1", "x\ny", None, 1),
        ("1", "2\n3", '1,"2\n3",4', 2),
        (None, None, "5", 3),
        ("6", "7", None, 4),
    ]


def test_in_a_row_with_too_many_fields_no_value_moves_under_another_name(land: Land, read: Read) -> None:
    """The file has b before a, so the comma may be in b, whoever trusts the first column of the declaration."""
    land("f.csv", "b,a,c\nx,y,1,2\n")
    assert values(read(columns=["a", "b", "c"]), "a") == [(None,)]


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────────


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


def test_small_files_share_tasks(spark: SparkSession, land: Land, read: Read) -> None:
    for file in range(300):
        land(f"{file}.csv", "a,b\n1,2\n")
    group = "small files"
    spark.sparkContext.setJobGroup(group, group)
    assert len(read()) == 300
    tracker = spark.sparkContext.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    assert max(stage.numTasks for stage in stages if stage) < 30


# ── facts of the file ───────────────────────────────────────────────────────────────────────────────────────────────

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


# ── JSON and Parquet ────────────────────────────────────────────────────────────────────────────────────────────────


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
