"""What stands in a CSV file is what stands in the rows, or the file is refused."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import Row

from lakehouse.bronze.files import FileFacts, Inspection, Rejection
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import refused, values, written

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

REFUSED: list[tuple[str, bytes, FileReason, dict[str, Any]]] = [
    ("semicolons undeclared", b"a;b\n1;2\n", FileReason.WRONG_DELIMITER, {}),
    ("tabs undeclared", b"a\tb\n1\t2\n", FileReason.WRONG_DELIMITER, {}),
    ("commas where tabs are declared", b"a,b\n1,2\n", FileReason.WRONG_DELIMITER, {"delimiter": "\t"}),
    ("the same name twice", b"a,b,a\n1,2,3\n", FileReason.DUPLICATE_HEADER, {}),
    ("the same name twice but for case", b"a,b,A\n1,2,3\n", FileReason.DUPLICATE_HEADER, {}),
    ("a column is missing", b"a,c\n1,2\n", FileReason.MISSING_COLUMN, {}),
    ("no header", b"1,2\n3,4\n", FileReason.MISSING_COLUMN, {}),
    ("a quote left open", b'a,b\n1,"2\n3,4\n', FileReason.UNCLOSED_QUOTE, {"multiline": True}),
    ("20,001 fields", b"a,b\n" + b"," * 20_000 + b"\n", FileReason.TOO_MANY_COLUMNS, {"multiline": True}),
]
LOADED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("header only", b"a,b", {}),
    ("another order", b"b,a\n1,2\n", {}),
    ("a further column", b"a,b,c\n1,2,3\n", {}),
    ("names in other case and with blanks", b"A, B\n1,2\n", {}),
    ("quoted names", b'"a","b"\n1,2\n', {}),
    ("without an optional column", b"a\n1\n", {"optional": ["b"]}),
    ("semicolons declared", b"a;b\n1;2\n", {"delimiter": ";"}),
    ("tabs declared", b"a\tb\n1\t2\n", {"delimiter": "\t"}),
    ("blank lines before the header", b"\n\na,b\n1,2\n", {}),
    ("a quoted value of 5 MB with line breaks", b'a,b\n1,"' + b"xxxx\n" * 1_000_000 + b'"\n', {"multiline": True}),
    ("a carriage return within a quoted value", b'a,b\n1,"2\r3"\n', {"multiline": True}),
    ("a line break in a quoted name", b'a,b,"c\nd"\n1,2,3\n', {"multiline": True}),
]


@pytest.mark.parametrize(
    ("content", "reason", "declared"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_csv_that_would_be_misread_is_refused(
    judge: Judge, content: bytes, reason: FileReason, declared: dict[str, Any]
) -> None:
    assert refused(content, judge(content, **declared)) == reason


@pytest.mark.parametrize(("content", "declared"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_csv_that_can_be_read_is_not_refused(judge: Judge, content: bytes, declared: dict[str, Any]) -> None:
    assert refused(content, judge(content, **declared)) is None


def test_a_missing_column_is_named(judge: Judge) -> None:
    found = judge("a,x\n1,2\n", columns=["a", "b", "c"], optional=["c"]).outcome
    assert isinstance(found, Rejection)
    assert "no column b;" in found.detail


def test_the_header_keeps_the_files_own_order_and_spelling(judge: Judge) -> None:
    found = judge('"B","x, y",a\n').outcome
    assert isinstance(found, FileFacts)
    assert found.header == ("B", "x, y", "a")


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


def test_columns_are_known_by_name_in_any_order(land: Land, read: Read) -> None:
    land("f.csv", 'B," A "\n1,2\n')
    assert values(read()) == [("2", "1")]


def test_columns_that_nobody_declared_are_kept_by_name(land: Land, read: Read) -> None:
    land("f.csv", "a,x y,b,,z\n1,extra,2,four,\n3,,4,,\n")
    assert values(read(), "a", "b", "_rescued") == [("1", "2", {"x y": "extra", "_4": "four"}), ("3", "4", None)]


def test_a_missing_optional_column_is_null(land: Land, read: Read) -> None:
    land("f.csv", "a\n1\n")
    assert values(read(optional=["b"])) == [("1", None)]


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


def test_a_mark_of_byte_order_that_starts_a_row_belongs_to_its_value(land: Land, read: Read) -> None:
    land("a.csv", b"a,b\n\xef\xbb\xbf,1\n\xef\xbb\xbfx,2\n")
    assert values(read(), "a", "b") == [("\ufeff", "1"), ("\ufeffx", "2")]
