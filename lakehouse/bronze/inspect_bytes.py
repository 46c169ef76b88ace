"""Looks at all the bytes of a file once, before Spark does: what Spark would misread in silence is refused here."""

from __future__ import annotations

import csv
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass

from lakehouse.bronze.files import FileFacts, FoundFile, Inspection, RefusedError, Rejection
from lakehouse.bronze.formats.jsonl import json_fields
from lakehouse.bronze.formats.parquet_checks import parquet_shapes
from lakehouse.bronze.headers import check_names, csv_header, csv_records
from lakehouse.bronze.streams import codec_name, decoded, plain_bytes, raw_chunks
from lakehouse.sources.mapping.normal_form import is_surely_nfc
from lakehouse.sources.model import FileKind
from lakehouse.tables.reasons import FileReason

HEAD = 1 << 20
"""Letters at the start of a file in which its header must end."""
MOST_COLUMNS = 20_000
"""What the CSV parser takes is a little more."""
_JSON_LINES_TRIED = 20
_END = "\x00"
"""Stands in no file that gets so far."""


def inspect(found: FoundFile, kind: FileKind | None) -> Inspection:
    """The SHA-256 of a file and either how to read it or why it cannot be loaded.

    Without a kind of file only the hash is wanted, and the outcome has no meaning. Raises OSError where the file
    cannot be read, and RefusedError where it changes while it is read.
    """
    digest = hashlib.sha256()
    raw = raw_chunks(found.location, digest)
    try:
        outcome: FileFacts | Rejection = _facts(found, kind, raw) if kind else FileFacts((), "")
    except RefusedError as refusal:
        outcome = refusal.rejection
    for _ in raw:  # the hash is of the whole file, even where the look at it ended early
        pass
    state = os.stat(found.location)
    if (state.st_size, state.st_mtime_ns // 1000) != (found.bytes, found.modified_at):
        raise RefusedError(
            FileReason.STILL_CHANGING, "The file is still being written: it is looked at again in the next run"
        )
    return Inspection(digest.hexdigest(), outcome)


def _facts(found: FoundFile, kind: FileKind, raw: Iterator[bytes]) -> FileFacts:
    compressed, chunks = plain_bytes(raw)
    if found.bytes and not compressed and found.name.lower().endswith(".gz"):
        raise RefusedError(
            FileReason.NOT_GZIP, "The name ends in .gz but the bytes are not gzip: rename the file, or compress it"
        )
    form = kind.read_as(found.name)
    if form == "parquet":
        return _parquet_facts(found, kind, chunks if compressed else None)
    encoding = codec_name(kind.encoding)
    text = _Watched(decoded(chunks, encoding))
    if form == "csv" and kind.multiline:
        _check_records(text, kind)
    for _ in text:
        pass
    text.check()
    if form == "jsonl":
        _check_json(text.head, kind)
        # What is written as an escape is not seen here.
        return FileFacts((), encoding, compressed, is_nfc=text.is_nfc and not text.has_escape, form=form)
    header = csv_header(_header_lines(text.head, kind), kind)
    layout = "crlf" if kind.multiline and text.head.split("\n", 1)[0].endswith("\r") else ""
    return FileFacts(header, encoding, compressed, layout, text.is_nfc, form)


@dataclass
class _Watched(Iterator[str]):
    """Text that flows by, with notes on what was seen."""

    texts: Iterator[str]
    head: str = ""
    lines: int = 1
    has_line_feed: bool = False
    has_carriage_return: bool = False
    has_content: bool = False
    has_escape: bool = False
    is_nfc: bool = True

    def __next__(self) -> str:
        text = next(self.texts)
        if (nul := text.find("\0")) >= 0:
            line = self.lines + text.count("\n", 0, nul)
            raise RefusedError(FileReason.NUL_BYTE, f"There is a NUL byte in line {line}: have the file exported again")
        self.lines += text.count("\n")
        self.has_line_feed = self.has_line_feed or "\n" in text
        self.has_carriage_return = self.has_carriage_return or "\r" in text
        self.has_escape = self.has_escape or "\\" in text
        self.is_nfc = self.is_nfc and is_surely_nfc(text)
        self.has_content = self.has_content or not (text.isspace() or not text)
        if len(self.head) < HEAD:
            self.head += text[: HEAD - len(self.head)]
        return text

    def check(self) -> None:
        """Raises RefusedError for what only the whole file shows."""
        if not self.has_content:
            raise RefusedError(
                FileReason.EMPTY_FILE, "There is nothing in the file, not even a header: have it exported again"
            )
        if self.has_carriage_return and not self.has_line_feed:
            raise RefusedError(
                FileReason.CR_LINE_ENDS,
                "Lines end in a carriage return alone, as on old Macs: have the file saved with line feeds",
            )


def blank_letters(kind: FileKind) -> str:
    """A line of nothing but these is no row. In a file split by tabs a tab is content."""
    return " " if kind.delimiter == "\t" else " \t"


def _header_lines(head: str, kind: FileKind) -> list[str]:
    """The lines in which the header stands: one, unless quoted values may hold line breaks."""
    lines = [line.removesuffix("\r").replace("\r", " ") for line in head.split("\n")]
    if kind.multiline:
        return [f"{line}\n" for line in lines]
    return [next(line for line in lines if line.strip(blank_letters(kind)))]


def _check_records(text: Iterator[str], kind: FileKind) -> None:
    """Reads all the records. Raises RefusedError where a quoted value never ends: it would swallow the rest."""
    number, record = 0, [""]
    try:
        for number, record in enumerate(csv_records(_lines_and_end(text), kind.delimiter, kind.quote)):
            if len(record) > MOST_COLUMNS:
                raise RefusedError(
                    FileReason.TOO_MANY_COLUMNS, f"Row {number} has {len(record):,} fields: have the file mended"
                )
    except csv.Error as error:
        raise RefusedError(
            FileReason.UNCLOSED_QUOTE, f"After row {number} a value is too long: a quote is not closed"
        ) from error
    if record != [_END]:
        raise RefusedError(
            FileReason.UNCLOSED_QUOTE, f"Row {number} opens a quote and does not close it: have the file mended"
        )


def _lines_and_end(text: Iterator[str]) -> Iterator[str]:
    """Lines with their ends, and after them a line that is a record of its own unless a quote is open."""
    rest = ""
    for chunk in text:
        lines = (rest + chunk).replace("\r", " ").split("\n")  # the csv module takes no carriage return within a line
        rest = lines.pop()
        yield from (f"{line}\n" for line in lines)
    if rest:
        yield f"{rest}\n"
    yield _END


def _check_json(head: str, kind: FileKind) -> None:
    """Raises RefusedError where none of the first lines is an object, or none of them has a declared column."""
    lines = [line for line in head.split("\n") if line.strip()]
    if len(head) >= HEAD:
        lines.pop()  # cut off
    objects = [fields for line in lines[:_JSON_LINES_TRIED] if (fields := json_fields(line)) is not None]
    if lines and not objects:
        hint = "one array: write one object on each line" if head.lstrip().startswith("[") else "not JSON lines"
        raise RefusedError(FileReason.NOT_JSON, f"None of the first lines is a JSON object; the file is {hint}")
    names = {name for fields in objects for name in fields}
    if objects and not names.intersection(kind.columns):
        check_names(sorted(names), kind)


def _parquet_facts(found: FoundFile, kind: FileKind, ungzipped: Iterator[bytes] | None) -> FileFacts:
    """Names and types, which stand at the end of the file; gzip goes by way of a temporary file."""
    if not found.bytes:
        raise RefusedError(FileReason.EMPTY_FILE, "There is nothing in the file: have it exported again")
    with tempfile.TemporaryFile() if ungzipped else open(found.location, "rb") as file:
        if ungzipped:
            file.writelines(ungzipped)
        columns = parquet_shapes(file)
    header, shapes = tuple(name for name, _ in columns), tuple(shape for _, shape in columns)
    check_names(header, kind)
    layout = repr(columns)
    return FileFacts(header, "", compressed=ungzipped is not None, layout=layout, form="parquet", shapes=shapes)
