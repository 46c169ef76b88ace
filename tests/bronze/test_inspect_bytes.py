"""What is refused before Spark reads it, and what is not."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import FileFacts, Inspection, RefusedError, Rejection
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with

Judge = Callable[..., Inspection]

GZIP = gzip.compress(b"a,b\n1,2\n" * 1000)
WRONG_SUM = GZIP[:-8] + bytes(4) + GZIP[-4:]


def parquet(**columns: list[Any]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


REFUSED: list[tuple[str, bytes, FileReason, dict[str, Any]]] = [
    ("nothing", b"", FileReason.EMPTY_FILE, {}),
    ("only blank lines", b"\n \r\n\t\n", FileReason.EMPTY_FILE, {}),
    ("only a byte order mark", codecs.BOM_UTF8, FileReason.EMPTY_FILE, {}),
    ("gzip of nothing", gzip.compress(b""), FileReason.EMPTY_FILE, {"name": "f.csv.gz"}),
    ("gzip by name only", b"a,b\n1,2\n", FileReason.NOT_GZIP, {"name": "f.csv.gz"}),
    ("gzip cut short", GZIP[:-20], FileReason.TRUNCATED_GZIP, {"name": "f.csv.gz"}),
    ("gzip without its last byte", GZIP[:-1], FileReason.TRUNCATED_GZIP, {"name": "f.csv.gz"}),
    ("gzip with a wrong check sum", WRONG_SUM, FileReason.TRUNCATED_GZIP, {"name": "f.csv.gz"}),
    ("gzip with other bytes after it", GZIP + b"more", FileReason.TRUNCATED_GZIP, {"name": "f.csv.gz"}),
    ("Latin-1 undeclared", "a,b\nä,1\n".encode("latin-1"), FileReason.WRONG_ENCODING, {}),
    ("UTF-8 cut within a letter", "a,b\n1,ä".encode()[:-1], FileReason.WRONG_ENCODING, {}),
    ("UTF-16 undeclared", "a,b\n1,2\n".encode("utf-16"), FileReason.WRONG_ENCODING, {}),
    ("UTF-16 undeclared, without a mark", "a,b\n1,2\n".encode("utf-16-le"), FileReason.NUL_BYTE, {}),
    ("UTF-8 with a mark, declared Latin-1", b"\xef\xbb\xbfa,b\n", FileReason.WRONG_ENCODING, {"encoding": "latin-1"}),
    ("undefined in the declared code page", b"a,b\n\x81,1\n", FileReason.WRONG_ENCODING, {"encoding": "cp1252"}),
    ("a NUL byte", b"a,b\n1,\x00\n", FileReason.NUL_BYTE, {}),
    ("old Mac line ends", b"a,b\r1,2\r", FileReason.CR_LINE_ENDS, {}),
    ("semicolons undeclared", b"a;b\n1;2\n", FileReason.WRONG_DELIMITER, {}),
    ("tabs undeclared", b"a\tb\n1\t2\n", FileReason.WRONG_DELIMITER, {}),
    ("commas where tabs are declared", b"a,b\n1,2\n", FileReason.WRONG_DELIMITER, {"delimiter": "\t"}),
    ("the same name twice", b"a,b,a\n1,2,3\n", FileReason.DUPLICATE_HEADER, {}),
    ("the same name twice but for case", b"a,b,A\n1,2,3\n", FileReason.DUPLICATE_HEADER, {}),
    ("a column is missing", b"a,c\n1,2\n", FileReason.MISSING_COLUMN, {}),
    ("no header", b"1,2\n3,4\n", FileReason.MISSING_COLUMN, {}),
    ("a quote left open", b'a,b\n1,"2\n3,4\n', FileReason.UNCLOSED_QUOTE, {"multiline": True}),
    ("no JSON", b"a,b\n1,2\n", FileReason.NOT_JSON, {"format": "jsonl"}),
    ("one JSON array", b'[{"a": 1},\n{"a": 2}]\n', FileReason.NOT_JSON, {"format": "jsonl"}),
    ("JSON over several lines", b'{\n"a": 1,\n"b": 2\n}\n', FileReason.NOT_JSON, {"format": "jsonl"}),
    ("JSON of something else", b'{"x": 1}\n', FileReason.MISSING_COLUMN, {"format": "jsonl"}),
    ("no Parquet", b"a,b\n1,2\n", FileReason.NOT_PARQUET, {"format": "parquet"}),
    ("Parquet cut short", parquet(a=[1], b=[2])[:-5], FileReason.NOT_PARQUET, {"format": "parquet"}),
    ("Parquet without a column", parquet(a=[1]), FileReason.MISSING_COLUMN, {"format": "parquet"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason", "declared"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_file_that_would_be_misread_is_refused(
    judge: Judge, content: bytes, reason: FileReason, declared: dict[str, Any]
) -> None:
    found = judge(content, **declared)
    assert isinstance(found.outcome, Rejection)
    assert found.outcome.reason == reason
    assert found.sha256 == hashlib.sha256(content).hexdigest(), "the hash is of the whole file all the same"


LOADED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("with a byte order mark", b"\xef\xbb\xbfa,b\n1,2\n", {}),
    ("header only", b"a,b", {}),
    ("another order", b"b,a\n1,2\n", {}),
    ("a further column", b"a,b,c\n1,2,3\n", {}),
    ("names in other case and with blanks", b"A, B\n1,2\n", {}),
    ("quoted names", b'"a","b"\n1,2\n', {}),
    ("without an optional column", b"a\n1\n", {"optional": ["b"]}),
    ("semicolons declared", b"a;b\n1;2\n", {"delimiter": ";"}),
    ("tabs declared", b"a\tb\n1\t2\n", {"delimiter": "\t"}),
    ("blank lines before the header", b"\n\na,b\n1,2\n", {}),
    ("Latin-1 declared", "a,b\nä,1\n".encode("latin-1"), {"encoding": "latin-1"}),
    ("UTF-16 declared", "a,b\n1,2\n".encode("utf-16"), {"encoding": "utf-16"}),
    ("gzip", GZIP, {"name": "f.csv.gz"}),
    ("gzip that does not say so", GZIP, {}),
    ("gzip of two members", gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"), {}),
    ("a value of 5 MB", b"a,b\n1," + b"x" * 5_000_000 + b"\n", {}),
    ("a quoted value of 5 MB with line breaks", b'a,b\n1,"' + b"xxxx\n" * 1_000_000 + b'"\n', {"multiline": True}),
    ("a carriage return within a value", b"a,b\n1,2\r3\n", {}),
    ("a carriage return within a quoted value", b'a,b\n1,"2\r3"\n', {"multiline": True}),
    ("a line break in a quoted name", b'a,b,"c\nd"\n1,2,3\n', {"multiline": True}),
    ("JSON with a bad line", b'{"a": 1}\n{"a":\n', {"format": "jsonl"}),
    ("JSON of one very long line", b'{"a": "' + b"x" * 2_000_000 + b'"}\n', {"format": "jsonl"}),
    ("gzipped Parquet", gzip.compress(parquet(a=[1], b=[2])), {"format": "parquet"}),
]


@pytest.mark.parametrize(("content", "declared"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_a_file_that_can_be_read_is_not_refused(judge: Judge, content: bytes, declared: dict[str, Any]) -> None:
    assert isinstance(judge(content, **declared).outcome, FileFacts)


def test_a_wrong_byte_is_named_by_place_and_line(judge: Judge) -> None:
    """Beyond the first chunk too, and after a letter that two chunks share."""
    before = ("a,b\n" + "ä,1\n" * 400_000).encode()
    found = judge(before + b"\xe4,1\n").outcome
    assert isinstance(found, Rejection)
    assert f"Byte {len(before)} (line 400002)" in found.detail


def test_a_missing_column_is_named(judge: Judge) -> None:
    found = judge("a,x\n1,2\n", columns=["a", "b", "c"], optional=["c"]).outcome
    assert isinstance(found, Rejection)
    assert "no column b;" in found.detail


def test_the_header_keeps_the_files_own_order_and_spelling(judge: Judge) -> None:
    found = judge('"B","x, y",a\n').outcome
    assert isinstance(found, FileFacts)
    assert found.header == ("B", "x, y", "a")


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(land: Callable[..., Path]) -> None:
    file = land("f.csv", "a,b\n1,2\n")
    [found] = scan(file.parent)
    with file.open("a") as more:
        more.write("3,4\n")
    with pytest.raises(RefusedError) as refusal:
        inspect(found, kind_with())
    assert refusal.value.rejection.reason == FileReason.STILL_CHANGING


def test_files_of_one_header_but_other_types_are_told_apart(judge: Judge, land: Callable[..., Path]) -> None:
    whole = judge(parquet(a=[1], b=["x"]), format="parquet").outcome
    instant = judge(parquet(a=[datetime(2024, 1, 1)], b=["x"]), format="parquet").outcome
    assert isinstance(whole, FileFacts)
    assert isinstance(instant, FileFacts)
    assert whole.header == instant.header
    assert whole.layout != instant.layout


def test_reasons_are_texts_that_json_can_hold() -> None:
    assert json.loads(json.dumps({"reason": FileReason.EMPTY_FILE})) == {"reason": "empty_file"}
