"""Looks at all the bytes of a file once, before a row is read: what would be misread in silence is refused here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress

from lakehouse.bronze.files import FileFacts, FoundFile, Inspection, OpenedFile, RefusedError, Rejection
from lakehouse.bronze.formats.registry import format_of
from lakehouse.bronze.forms import form_of
from lakehouse.bronze.marks import wait_for_next_tick
from lakehouse.bronze.members import chunks_of
from lakehouse.bronze.opening import as_found
from lakehouse.bronze.streams import hashed, plain_bytes
from lakehouse.sources.file_kind import FileKind
from lakehouse.tables.reasons import FileReason


def inspect(found: FoundFile, kind: FileKind | None) -> Inspection:
    """The SHA-256 of a file and either how to read it or why it cannot be loaded.

    Without a kind of file only the hash is wanted, and the outcome has no meaning. Raises OSError where the file
    cannot be read, and RefusedError where it changed since it was found, or while it is read.
    """
    digest = hashlib.sha256()
    with as_found(found) as file:
        if found.mark:
            wait_for_next_tick(found.mark)
        raw = hashed(chunks_of(file, found), digest)
        try:
            outcome: FileFacts | Rejection = _facts(found, kind, raw) if kind else FileFacts((), "")
            for _ in raw:  # the hash is of the whole file, and so is what a member of an archive is held against
                pass
        except RefusedError as refusal:
            outcome = refusal.rejection
        with suppress(RefusedError):  # that was said already
            for _ in raw:  # even where the look at it ended early
                pass
    return Inspection(digest.hexdigest(), outcome)


def _facts(found: FoundFile, kind: FileKind, raw: Iterator[bytes]) -> FileFacts:
    compressed, chunks = plain_bytes(raw)
    if found.bytes and not compressed and found.name.lower().endswith(".gz"):
        raise RefusedError(
            FileReason.NOT_GZIP, "The name ends in .gz but the bytes are not gzip: rename the file, or compress it"
        )
    form, chunks = form_of(found, kind, chunks, compressed=compressed)
    return format_of(form).facts(OpenedFile(found, compressed, chunks), kind)
