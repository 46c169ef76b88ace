"""What cannot be read is named for what it is, by its bytes, whatever its name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from lakehouse.bronze.files import FileFacts, Inspection, Rejection
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import parquet

Judge = Callable[..., Inspection]


def zipped(**members: bytes | str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def office(*parts: str) -> bytes:
    return zipped(**dict.fromkeys(["[Content_Types].xml", "_rels/.rels", *parts], b"<x/>"))


def of_old_office(*names: str) -> bytes:
    """A document of before 2007, as far as its directory."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *names))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entries + bytes(512)


def tar() -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"a,b\n"))
    return sink.getvalue()


CSV = b"a,b\n1,2\n"
ODS = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
NAMED: list[tuple[str, bytes]] = [
    ("an Excel workbook: declare", office("xl/workbook.xml")),
    ("an Excel workbook: declare", of_old_office("Workbook")),
    ("an Excel workbook: declare", of_old_office("Book")),
    ("an Excel workbook in binary form", office("xl/workbook.bin")),
    ("a Word document", office("word/document.xml")),
    ("a Word document", of_old_office("WordDocument")),
    ("a PowerPoint document", office("ppt/presentation.xml")),
    ("an OpenDocument file", zipped(**ODS)),
    ("a document of Apple's Numbers", zipped(**{"Index/Document.iwa": b"x"})),
    ("a document of Office before 2007", of_old_office("Contents")),
    ("a PDF document", b"%PDF-1.7\n"),
    ("an image (PNG)", b"\x89PNG\r\n\x1a\n\0\0"),
    ("an image (JPEG)", b"\xff\xd8\xff\xe0\0\x10JFIF"),
    ("a 7z archive", b"7z\xbc\xaf\x27\x1c\0\x04"),
    ("a RAR archive", b"Rar!\x1a\x07\x01\0"),
    ("packed with bzip2", bz2.compress(CSV)),
    ("packed with xz", lzma.compress(CSV)),
    ("packed with zstd", b"\x28\xb5\x2f\xfd\x04\0"),
    ("packed with gzip twice", gzip.compress(gzip.compress(CSV))),
    ("a tar archive", tar()),
    ("a tar archive", gzip.compress(tar())),
    ("a zip archive inside gzip", gzip.compress(zipped(a=CSV))),
    ("a page of HTML", b"\r\n<!DOCTYPE html>\n<html><table><tr><td>a</td></tr></table></html>"),
    ("a page of HTML", b"\xef\xbb\xbf<TABLE border=1><tr><td>a"),
    ("a page of HTML", "<html xmlns:x='urn:x'>".encode("utf-16")),
    ("a page of HTML", b"<?xml version='1.0'?><html xmlns='x'>"),
    ("an Excel workbook in XML", b"<?xml version='1'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>"),
    ("an XML document", b"<?xml version='1.0'?><orders/>"),
    ("a Parquet file", parquet(a=["1"], b=["2"])),
]  # fmt: skip


@pytest.mark.parametrize("name", ["orders.csv", "orders.xls"])
@pytest.mark.parametrize(("what", "content"), NAMED, ids=[f"{one[0]} {place}" for place, one in enumerate(NAMED)])
def test_what_is_no_table_of_text_is_named(judge: Judge, what: str, content: bytes, name: str) -> None:
    outcome = judge(content, name).outcome
    assert isinstance(outcome, Rejection)
    assert outcome.reason == FileReason.UNREADABLE_FORMAT
    assert outcome.detail.startswith(f"The file is {what}")


def test_an_sqlite_file_is_named(judge: Judge, tmp_path: Any) -> None:
    with sqlite3.connect(tmp_path / "s") as made:
        made.execute("CREATE TABLE t (a)")
    outcome = judge((tmp_path / "s").read_bytes()).outcome
    assert isinstance(outcome, Rejection)
    assert outcome.detail.startswith("The file is an SQLite database")


@pytest.mark.parametrize("declared", [{}, {"format": ["csv", "xlsx"]}])
def test_a_workbook_with_a_password_is_named(judge: Judge, declared: dict[str, Any]) -> None:
    content = of_old_office("DataSpaces", "EncryptionInfo", "EncryptedPackage")
    outcome = judge(content, "orders.xlsx", **declared).outcome
    assert outcome == Rejection(
        FileReason.LOCKED_FILE, "The file is an Excel workbook with a password: save it without one"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_its_mark_is_named_with_what_to_declare(judge: Judge, encoding: str) -> None:
    content = "a,b\n1,ä\n".encode(encoding)
    outcome = judge(content).outcome
    assert isinstance(outcome, Rejection)
    assert outcome.reason == FileReason.WRONG_ENCODING
    assert f'encoding = "{encoding}"' in outcome.detail
    assert isinstance(judge(content, encoding=encoding).outcome, FileFacts)


@pytest.mark.parametrize(
    "content",
    [b"<DATE>,a,b\n1,2,3\n", b"PKs,a,b\n1,2,3\n", b"BZh,a,b\n1,2,3\n", b"<tables>,a,b\n1,2,3\n", b"BM,a,b\n1,2,3\n"],
)
def test_a_table_that_only_begins_like_something_else_is_read(judge: Judge, content: bytes) -> None:
    assert isinstance(judge(content).outcome, FileFacts)


def test_a_name_in_the_text_of_an_old_workbook_is_no_part_of_its_directory(judge: Judge) -> None:
    content = of_old_office("Workbook") + b"x" + "EncryptedPackage".encode("utf-16-le") + bytes(64)
    outcome = judge(content).outcome
    assert isinstance(outcome, Rejection)
    assert "an Excel workbook: declare" in outcome.detail
