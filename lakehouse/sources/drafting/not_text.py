"""What a file is that is no text, told from its first bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

WORKBOOK = "an Excel workbook"
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"{WORKBOOK}: save its sheet as CSV"),
    (b"%PDF", "a PDF document: ask for the same as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it"),
    (b"Rar!", "a RAR archive: unpack it"),
    (b"\xfd7zXZ", "compressed by xz: unpack it, or use gzip"),
    (b"BZh", "compressed by bzip2: unpack it, or use gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed by Zstandard: unpack it, or use gzip"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite f", "an SQLite database: export its tables as CSV"),
    (b"Obj\x01", "an Avro file: export it as Parquet or CSV"),
    (b"<?xml", "an XML document: ask for the same as CSV"),
    (b"<!DOCTYP", "an HTML page: the export was not downloaded but its page was"),
    (b"<html", "an HTML page: the export was not downloaded but its page was"),
)


def not_text(path: Path, start: bytes) -> str:
    """What a file with these first bytes is, and what to do about it; empty where it may be text."""
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(path)
    return next((what for sign, what in _SIGNS if start.startswith(sign)), "")


def is_zip(path: Path, start: bytes) -> bool:
    """Whether a file is an archive of files that could be tables, and no document."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06")) and _zip(path).startswith("a zip archive")


def _zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return "begins like a zip archive or an Excel workbook, but cannot be read: have it sent again"
    if any(name.startswith("xl/") for name in names):
        return f"{WORKBOOK}: save its sheet as CSV"
    if any(name.startswith("content.xml") for name in names):
        return "a LibreOffice document: save its sheet as CSV"
    return f"a zip archive of {len(names)} files: unpack it"
