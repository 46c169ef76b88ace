"""What a file is by its bytes, for a refusal that speaks of its name alone."""

from __future__ import annotations

from dataclasses import replace

from lakehouse.bronze.files import FoundFile, RefusedError, Rejection
from lakehouse.bronze.members import chunks_of
from lakehouse.bronze.opening import as_found
from lakehouse.bronze.signatures import HEAD, OLD_OFFICE, PARQUET, ZIP, Thing, is_workbook, named
from lakehouse.bronze.streams import begun, plain_bytes
from lakehouse.tables.reasons import FileReason

_PARQUET = Thing("a Parquet file", 'a kind of its own, or one more format of a kind, takes it: format = "parquet"')
_WORKBOOK = Thing("an Excel workbook", 'a kind of its own, or one more format of a kind, takes it: format = "xlsx"')


def named_by_bytes(found: FoundFile, why: Rejection) -> Rejection:
    """The refusal of a file that no pattern takes, with what the file is where that is no text.

    The name of such a file is seldom what is wrong with it.
    """
    if why.reason != FileReason.UNKNOWN_FILE:
        return why
    try:
        with as_found(found) as file:
            _, chunks = plain_bytes(chunks_of(file, found))
            first, _ = begun(chunks, HEAD)
    except (RefusedError, OSError):
        return why
    thing = _thing(first)
    return replace(why, detail=f"{why.detail}. The file is {thing.what}: {thing.advice}") if thing else why


def _thing(first: bytes) -> Thing | None:
    if first.startswith(PARQUET):
        return _PARQUET
    if first.startswith(OLD_OFFICE) or is_workbook(first):
        return _WORKBOOK
    return named(first) or (Thing("a zip archive", "unpack it") if first.startswith(ZIP) else None)
