"""Which format a file is read as: by its first bytes, by its name, and by what its kind is declared to come in."""

from __future__ import annotations

from collections.abc import Iterator

from lakehouse.bronze.files import FoundFile, RefusedError
from lakehouse.bronze.formats.json_elements import is_one_value_over_lines
from lakehouse.bronze.signatures import (
    HEAD,
    OLD_OFFICE,
    PARQUET,
    ZIP,
    Thing,
    is_workbook,
    named,
    old_office,
    seems_utf_16,
)
from lakehouse.bronze.streams import UTF16_MARKS, begun, codec_name
from lakehouse.sources.file_kind import FileKind, Format
from lakehouse.tables.reasons import FileReason

_LINES_ALONE = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")


def form_of(
    found: FoundFile, kind: FileKind, chunks: Iterator[bytes], *, compressed: bool = False
) -> tuple[Format, Iterator[bytes]]:
    """The format of a file with these bytes, and all of them. Raises RefusedError where it is none that is read."""
    first, chunks = begun(chunks, HEAD)
    if first.startswith(OLD_OFFICE) or is_workbook(first):
        if "xlsx" in kind.formats:
            return "xlsx", chunks
        other = old_office(chunks) if first.startswith(OLD_OFFICE) else None
        raise _refused(other or _workbook(kind))
    if thing := named(first):
        raise _refused(thing)
    if first.startswith(ZIP):
        raise _refused(_archive_within(found, compressed=compressed))
    if first.startswith(PARQUET):
        if "parquet" not in kind.formats:
            raise _refused(Thing("a Parquet file", f"declare {_with(kind, 'parquet')}"))
        return "parquet", chunks
    form = _named_form(found, kind, first)
    if form != "parquet":
        _check_width(first, kind)
    return form, chunks


def _refused(thing: Thing) -> RefusedError:
    return RefusedError(thing.reason, f"The file is {thing.what}: {thing.advice}")


def _with(kind: FileKind, form: Format) -> str:
    """What to declare so that files of the format are taken too."""
    return "format = [{}]".format(", ".join(f'"{one}"' for one in (*kind.formats, form)))


def _workbook(kind: FileKind) -> Thing:
    return Thing("an Excel workbook", f"declare {_with(kind, 'xlsx')}, or save it as CSV UTF-8")


def _archive_within(found: FoundFile, *, compressed: bool) -> Thing:
    if compressed:
        return Thing("a zip archive inside gzip", "send the zip archive as it is")
    if found.member:
        return Thing("a zip archive inside a zip archive", "unpack the inner one and send it, or its files, by itself")
    return Thing("a zip archive", "unpack it")


def _named_form(found: FoundFile, kind: FileKind, first: bytes) -> Format:
    """Of what may be text. A name that promises a workbook is often that of a table of text."""
    form = kind.read_as(found.name)
    texts = [one for one in kind.formats if one not in ("xlsx", "parquet")]
    if form == "xlsx" and texts:
        form = texts[0]
    if form in ("json", "jsonl"):
        text = first.decode(_wide(kind, first) or "utf-8", errors="ignore").lstrip("\ufeff")
        is_sure = found.name.lower().endswith(_LINES_ALONE)
        return "json" if not is_sure and is_one_value_over_lines(text) else "jsonl"
    return form


def _wide(kind: FileKind, first: bytes) -> str:
    name = codec_name(kind.encoding)
    return name if name.startswith(("utf-16", "utf-32")) and first else ""


def _check_width(first: bytes, kind: FileKind) -> None:
    """Raises RefusedError for text of UTF-16 that nobody declared and no mark shows: its NUL bytes are no damage."""
    encoding = seems_utf_16(first)
    if encoding and not _wide(kind, first) and not first.startswith(UTF16_MARKS):
        raise RefusedError(
            FileReason.WRONG_ENCODING,
            f'The text seems to be UTF-16 without a mark: declare encoding = "{encoding}", or have it sent as UTF-8',
        )
