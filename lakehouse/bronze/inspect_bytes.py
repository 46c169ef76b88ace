"""Looks at all the bytes of a file once, before a row is read: what would be misread in silence is refused here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

from lakehouse.bronze.files import FileFacts, FoundFile, Inspection, OpenedFile, RefusedError, Rejection
from lakehouse.bronze.formats.registry import FORMATS
from lakehouse.bronze.streams import plain_bytes, raw_chunks
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.reasons import FileReason


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
    return FORMATS[kind.read_as(found.name)].facts(OpenedFile(found, compressed, chunks), kind)
