"""What is known of a file on its way into bronze."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lakehouse.bronze.marks import Mark
from lakehouse.sources.file_kind import Format
from lakehouse.sources.parquet.shapes import Shape
from lakehouse.tables.reasons import FileReason

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(microseconds: int) -> datetime:
    """That of so many microseconds since 1970."""
    return EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file is not loaded, and what to do about it."""

    reason: FileReason
    detail: str


class RefusedError(Exception):
    """Raised while bytes are looked at, where they cannot be loaded."""

    def __init__(self, reason: FileReason, detail: str) -> None:
        super().__init__(detail)
        self.rejection = Rejection(reason, detail)


class UnreadFileError(Exception):
    """Raised where a file that was judged cannot be read as it was judged: it changed, say, or went away."""

    def __init__(self, path: str, rejection: Rejection) -> None:
        super().__init__(path, rejection)  # all of it, so that it can be raised in one process and caught in another
        self.path = path
        self.rejection = rejection

    def __str__(self) -> str:
        return f"{self.path}: {self.rejection.detail}"


@dataclass(frozen=True, slots=True)
class Member:
    """Where a file stands within a zip archive."""

    archive_bytes: int
    start: int
    """Where its own header begins in the archive."""
    packed: int
    """Bytes that it takes there."""
    is_packed: bool
    """False where it stands there as it is."""
    check: int | None
    """CRC-32 of its bytes; None where they are not to be held against it."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file below the landing folder, not yet opened; or one in a zip archive there."""

    path: str
    """Below landing/<source>, with slashes; bytes that are not UTF-8 stand as U+FFFD. That of a file in an archive
    begins with the archive's."""
    location: str
    """Where it can be opened, or the archive that it is in: no link is on the way there."""
    bytes: int
    modified_at: int
    """Microseconds since 1970; that of the archive, where it is in one."""
    member: Member | None = None
    """Where it stands in its archive."""
    mark: Mark | None = None
    """What tells it, or its archive, from any other and from itself with other bytes; None for what nobody else
    writes to."""

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file whose bytes are being looked at."""

    found: FoundFile
    compressed: bool
    """True where its bytes are gzip, whatever its name says."""
    plain: Iterator[bytes]
    """Its bytes without gzip, as they flow by: once, and only as far as they are asked for."""

    @property
    def is_as_it_stands(self) -> bool:
        """Whether its bytes are those at its location, so that any of them can be had without the ones before."""
        return not self.compressed and self.found.member is None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that can be read by itself: whole lines of text, or whole groups of rows of Parquet."""

    start: int
    """Where it begins, in bytes; for Parquet the place of its first group of rows."""
    end: int
    """Where it ends, likewise: the first that is not in it."""
    rows_before: int
    """How many rows stand before it in its file, its header not among them."""
    bytes: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the bytes of a file that can be loaded say of how to read them."""

    header: tuple[str, ...]
    """Names of the columns in the file's own order; empty for JSON lines, where each row names its own."""
    encoding: str
    """Empty where the bytes are no text."""
    compressed: bool = False
    is_nfc: bool | None = None
    """True where all of the text surely is in Unicode normal form C; None where the bytes do not show it."""
    form: Format = "csv"
    shapes: tuple[Shape, ...] = ()
    """What the columns of Parquet hold, in the order of `header`."""
    pieces: tuple[Piece, ...] = ()
    """In their order; none where the file can only be read as a whole."""
    lines_above: int = 0
    """How many lines stand above the header of a CSV file, or above its first row where it has none."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What looking at all the bytes of a file found."""

    sha256: str
    outcome: FileFacts | Rejection


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that is to be loaded."""

    found: FoundFile
    kind: str
    sha256: str
    name_values: Mapping[str, str]
    identity: str
    facts: FileFacts


def delivery_identity(source: str, sha256: str, name_values: Mapping[str, str]) -> str:
    """The same for the same bytes from the same source under names that say the same."""
    text = json.dumps([source, sha256, dict(name_values)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
