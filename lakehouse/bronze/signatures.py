"""What a file is by its first bytes, whatever its name. What is no table is named for people, with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lakehouse.tables.reasons import FileReason

HEAD = 1 << 16
"""Bytes at the start that are looked at."""
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Documents of Office before 2007, and every one that has a password."""
PARQUET = b"PAR1"
AS_CSV = "have the table exported as CSV"
_UNPACK = "unpack it and send the files in it, or send them as a zip archive or with gzip"
_SAVE = "open it in Excel and save it as a workbook (.xlsx) or as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is no table that can be read."""

    what: str
    advice: str
    reason: FileReason = FileReason.UNREADABLE_FORMAT


_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF document", AS_CSV),
    (b"{\\rtf", "a document of rich text (RTF)", AS_CSV),
    (b"\x89PNG\r\n\x1a\n", "an image (PNG)", AS_CSV),
    (b"\xff\xd8\xff", "an image (JPEG)", AS_CSV),
    (b"GIF87a", "an image (GIF)", AS_CSV),
    (b"GIF89a", "an image (GIF)", AS_CSV),
    (b"II*\x00", "an image (TIFF)", AS_CSV),
    (b"MM\x00*", "an image (TIFF)", AS_CSV),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (b"\xfd7zXZ\x00", "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", _UNPACK),
    (b"\x04\x22\x4d\x18", "packed with lz4", _UNPACK),
    (b"\x1f\x9d", "packed with compress (.Z)", _UNPACK),
    (b"\x1f\x8b", "packed with gzip twice", "pack it once"),
    (b"SQLite format 3\x00", "an SQLite database", "have its tables exported as CSV"),
    (b"Obj\x01", "an Avro file", "have it written as Parquet, JSON lines or CSV"),
    (b"ARROW1\x00\x00", "an Arrow (Feather) file", "have it written as Parquet, JSON lines or CSV"),
    (b"-----BEGIN PGP MESSAGE", "encrypted with PGP", "decrypt it first"),
)
_TAG = re.compile(rb"\s*<(?:!doctype\s+html|(?:html|head|body|meta|title|script|style|table|div)\b)", re.IGNORECASE)
_COMMENT = re.compile(rb"\s*<!--.*?-->", re.DOTALL)
_PARTS = ("[Content_Types].xml", "_rels/", "docProps/", "customXml/", "xl/", "word/", "ppt/")
_LOCAL_NAME = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)


def named(first: bytes) -> Thing | None:
    """What a file is that starts so; None where it may be text, Parquet, a workbook or a zip archive."""
    found = next(((what, advice) for start, what, advice in _STARTS if first.startswith(start)), None)
    if found:
        return Thing(*found)
    if re.match(rb"BZh[1-9]1AY&SY", first):
        return Thing("packed with bzip2", _UNPACK)
    if first[257:262] == b"ustar":
        return Thing("a tar archive", _UNPACK)
    if first.startswith(b"RIFF") and first[8:12] == b"WEBP":
        return Thing("an image (WebP)", AS_CSV)
    if first.startswith(ZIP):
        return _document(member_names(first))
    return _markup(_plain(first))


def _plain(first: bytes) -> bytes:
    """Text in a form in which its first tag can be seen."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if first.startswith(mark):
            return first[len(mark) :].decode(encoding, errors="ignore").encode()
    return first


def _markup(text: bytes) -> Thing | None:
    text = _COMMENT.sub(b"", text, count=1) if text.lstrip().startswith(b"<!--") else text
    if _TAG.match(text):
        return Thing("a page of HTML, as shops save one under the name of a table", f"{AS_CSV}, or {_SAVE}")
    if not text.lstrip().lower().startswith(b"<?xml"):
        return None
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return Thing("an Excel workbook in XML, as of 2003", _SAVE)
    if re.search(rb"<(?:\w+:)?html\b", text, re.IGNORECASE):
        return Thing("a page of HTML, as shops save one under the name of a table", f"{AS_CSV}, or {_SAVE}")
    return Thing("an XML document", "have the table exported as CSV, JSON or a workbook")


def member_names(first: bytes) -> list[str]:
    """Names in the first bytes of a zip archive; those of an archive that stands in it unpacked, too."""
    return [
        first[one.end() : one.end() + int.from_bytes(one[1], "little")].decode("utf-8", errors="replace")
        for one in _LOCAL_NAME.finditer(first)
    ]


def is_document(first: bytes) -> bool:
    """Whether a zip archive is a document of an office, which is a file of its own."""
    names = member_names(first)
    return is_workbook(first) or _document(names) is not None


def is_workbook(first: bytes) -> bool:
    """Whether the bytes are those of a workbook as Excel writes them since 2007."""
    names = member_names(first) if first.startswith(ZIP) else []
    return _is_office(names) and any(name.startswith("xl/") for name in names) and "xl/workbook.bin" not in names


def _is_office(names: list[str]) -> bool:
    """Whether the first of all is a part of a document: an archive that holds a document begins otherwise."""
    is_part = bool(names) and names[0].startswith(_PARTS)
    return is_part and ("[Content_Types].xml" in names or "_rels/.rels" in names)


def _document(names: Iterable[str]) -> Thing | None:
    found = list(names)
    is_apple = bool(found) and found[0].startswith("Index/") and found[0].endswith(".iwa")
    if found[:1] != ["mimetype"] and not _is_office(found) and not is_apple:
        return None
    if "xl/workbook.bin" in found:
        return Thing("an Excel workbook in binary form (.xlsb)", _SAVE)
    if found[:1] == ["mimetype"] and {"content.xml", "META-INF/manifest.xml", "styles.xml"} & {*found}:
        return Thing("an OpenDocument file, as LibreOffice writes it", "save it as a workbook (.xlsx) or as CSV UTF-8")
    if is_apple:
        return Thing("a document of Apple's Numbers or Pages", "export it as a workbook (.xlsx) or as CSV")
    if any(name.startswith("word/") for name in found):
        return Thing("a Word document", AS_CSV)
    if any(name.startswith("ppt/") for name in found):
        return Thing("a PowerPoint document", AS_CSV)
    return None


_STREAMS: tuple[tuple[str, Thing], ...] = (
    ("EncryptedPackage", Thing("an Excel workbook with a password", "save it without one", FileReason.LOCKED_FILE)),
    ("WordDocument", Thing("a Word document", AS_CSV)),
    ("PowerPoint Document", Thing("a PowerPoint document", AS_CSV)),
)
_SHEETS = ("Workbook", "Book")
_ENTRY = 128


def old_office(chunks: Iterable[bytes]) -> Thing | None:
    """What a document of Office before 2007 is, by the names in its directory; None where it is a workbook."""
    names: set[str] = set()
    wanted = {one.encode("utf-16-le"): one for one in (*(name for name, _ in _STREAMS), *_SHEETS)}
    before, place = b"", 0
    for chunk in chunks:
        seen = before + chunk
        for mark, name in wanted.items():
            # An entry begins at every 128th byte, with its name.
            if any((place + one.start()) % _ENTRY == 0 for one in re.finditer(re.escape(mark) + rb"\x00\x00", seen)):
                names.add(name)
        before = seen[-_ENTRY:]
        place += len(seen) - len(before)
    found = next((thing for name, thing in _STREAMS if name in names), None)
    return found or (None if names & {*_SHEETS} else Thing("a document of Office before 2007", AS_CSV))


def seems_utf_16(first: bytes) -> str:
    """The encoding of text of UTF-16 that does not begin with its mark; empty where it is none."""
    some = first[: 1 << 10]
    half = len(some) // 2
    for zeros, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and some[zeros::2].count(0) * 2 > half and not some[1 - zeros :: 2].count(0):
            return encoding
    return ""
