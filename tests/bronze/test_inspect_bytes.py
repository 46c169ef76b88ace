"""What is refused before Spark reads it, and what is not: of any text, or of any file."""

from __future__ import annotations

import codecs
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import FileFacts, Inspection, RefusedError, Rejection
from lakehouse.bronze.inspect_bytes import inspect
from lakehouse.bronze.marks import COARSEST
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with, refused

Judge = Callable[..., Inspection]

GZIP = gzip.compress(b"a,b\n1,2\n" * 1000)
WRONG_SUM = GZIP[:-8] + bytes(4) + GZIP[-4:]


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
    ("UTF-16 undeclared, without a mark", "a,b\n1,2\n".encode("utf-16-le"), FileReason.WRONG_ENCODING, {}),
    ("UTF-8 with a mark, declared Latin-1", b"\xef\xbb\xbfa,b\n", FileReason.WRONG_ENCODING, {"encoding": "latin-1"}),
    ("undefined in the declared code page", b"a,b\n\x81,1\n", FileReason.WRONG_ENCODING, {"encoding": "cp1252"}),
    ("a NUL byte", b"a,b\n1,\x00\n", FileReason.NUL_BYTE, {}),
    ("old Mac line ends", b"a,b\r1,2\r", FileReason.CR_LINE_ENDS, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason", "declared"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_file_that_would_be_misread_is_refused(
    judge: Judge, content: bytes, reason: FileReason, declared: dict[str, Any]
) -> None:
    assert refused(content, judge(content, **declared)) == reason


LOADED: list[tuple[str, bytes, dict[str, Any]]] = [
    ("with a byte order mark", b"\xef\xbb\xbfa,b\n1,2\n", {}),
    ("Latin-1 declared", "a,b\nä,1\n".encode("latin-1"), {"encoding": "latin-1"}),
    ("UTF-16 declared", "a,b\n1,2\n".encode("utf-16"), {"encoding": "utf-16"}),
    ("gzip", GZIP, {"name": "f.csv.gz"}),
    ("gzip that does not say so", GZIP, {}),
    ("gzip of two members", gzip.compress(b"a,b\n") + gzip.compress(b"1,2\n"), {}),
    ("a value of 5 MB", b"a,b\n1," + b"x" * 5_000_000 + b"\n", {}),
    ("a carriage return within a value", b"a,b\n1,2\r3\n", {}),
]


@pytest.mark.parametrize(("content", "declared"), [row[1:] for row in LOADED], ids=[row[0] for row in LOADED])
def test_a_file_that_can_be_read_is_not_refused(judge: Judge, content: bytes, declared: dict[str, Any]) -> None:
    assert refused(content, judge(content, **declared)) is None


def test_a_wrong_byte_is_named_by_place_and_line(judge: Judge) -> None:
    """Beyond the first chunk too, and after a letter that two chunks share."""
    before = ("a,b\n" + "ä,1\n" * 400_000).encode()
    found = judge(before + b"\xe4,1\n").outcome
    assert isinstance(found, Rejection)
    assert f"Byte {len(before)} (line 400002)" in found.detail


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(land: Callable[..., Path]) -> None:
    file = land("f.csv", "a,b\n1,2\n")
    [found] = scan(file.parent)
    with file.open("a") as more:
        more.write("3,4\n")
    with pytest.raises(RefusedError) as refusal:
        inspect(found, kind_with())
    assert refusal.value.rejection.reason == FileReason.STILL_CHANGING


def test_a_file_is_judged_once_a_further_change_of_it_would_have_a_time_of_its_own(land: Callable[..., Path]) -> None:
    file = land("f.csv", "a,b\n1,2\n")
    [found] = scan(file.parent)
    assert found.mark is not None
    inspect(found, kind_with())
    assert time.time_ns() - found.mark.changed_at >= COARSEST * 1e9


def test_a_file_that_nobody_else_writes_to_is_judged_without_a_mark(land: Callable[..., Path]) -> None:
    [found] = scan(land("f.csv", "a,b\n1,2\n").parent)
    assert isinstance(inspect(replace(found, mark=None), kind_with()).outcome, FileFacts)


def test_reasons_are_texts_that_json_can_hold() -> None:
    assert json.loads(json.dumps({"reason": FileReason.EMPTY_FILE})) == {"reason": "empty_file"}
