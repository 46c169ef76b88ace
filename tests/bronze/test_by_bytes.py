"""A file that no pattern takes is said to be what it is, where that is no text."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.bronze.by_bytes import named_by_bytes
from lakehouse.bronze.discover import scan
from lakehouse.bronze.files import Rejection
from lakehouse.tables.reasons import FileReason

Land = Callable[..., Path]
UNKNOWN = Rejection(FileReason.UNKNOWN_FILE, "Nobody knows it")


def archive(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return target.getvalue()


WORKBOOK = archive("[Content_Types].xml", "xl/workbook.xml")


def said_of(land: Land, content: bytes, why: Rejection = UNKNOWN) -> str:
    [found] = scan(land("file.bin", content).parent)
    named = named_by_bytes(found, why)
    assert named.reason == why.reason
    return named.detail.removeprefix(why.detail)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (WORKBOOK, 'an Excel workbook: a kind of its own, or one more format of a kind, takes it: format = "xlsx"'),
        (gzip.compress(WORKBOOK), "an Excel workbook: "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Excel workbook: "),
        (b"PAR1" + bytes(9), "a Parquet file: "),
        (b"%PDF-1.7", "a PDF document: "),
        (archive("a.csv"), "a zip archive: "),
    ],
)
def test_what_is_no_text_is_named(land: Land, content: bytes, what: str) -> None:
    assert said_of(land, content).startswith(f". The file is {what}")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"\x1f\x8bbroken"])
def test_of_text_and_of_what_cannot_be_read_nothing_more_is_said(land: Land, content: bytes) -> None:
    assert said_of(land, content) == ""


def test_other_refusals_are_left_as_they_are(land: Land) -> None:
    assert said_of(land, WORKBOOK, Rejection(FileReason.AMBIGUOUS_FILE, "Two know it")) == ""


def test_a_file_that_is_gone_by_then_keeps_its_refusal(land: Land) -> None:
    path = land("file.bin", WORKBOOK)
    [found] = scan(path.parent)
    path.unlink()
    assert named_by_bytes(found, UNKNOWN) == UNKNOWN
