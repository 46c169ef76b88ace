"""JSON: one array of objects, or objects one after the other that stand over several lines."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from lakehouse.bronze.files import FileFacts, OpenedFile, Piece, RefusedError
from lakehouse.bronze.formats.json_elements import elements
from lakehouse.bronze.formats.json_rows import check_objects, rows_of_texts
from lakehouse.bronze.formats.text import WatchedText, is_gzip
from lakehouse.bronze.rows import Rows
from lakehouse.bronze.streams import codec_name, decoded, plain_bytes, raw_chunks
from lakehouse.sources.file_kind import FileKind

_TRIED = 20
_ROWS_AT_ONCE = 1 << 10
_LETTERS_AT_ONCE = 1 << 22


def facts(file: OpenedFile, kind: FileKind) -> FileFacts:
    """Reads all of it: what is no JSON from some place on cannot be taken in up to there."""
    encoding = codec_name(kind.encoding)
    text = WatchedText(decoded(file.plain, encoding))
    found = elements(text)
    first = list(islice(found, _TRIED))
    for _ in found:
        pass
    text.finish()
    check_objects(first, kind, "not JSON: no object is in it")
    # What is written as an escape is not seen here.
    return FileFacts((), encoding, file.compressed, text.is_nfc and not text.has_escape, "json")


def rows(file: OpenedFile, kind: FileKind, facts: FileFacts, piece: Piece | None) -> Iterator[Rows]:
    """The fields of each object; a value that is no object is a corrupt row."""
    for some in _portions(elements(decoded(file.plain, facts.encoding))):
        yield rows_of_texts(some, kind)


def _portions(texts: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    letters = 0
    for text in texts:
        portion.append(text)
        letters += len(text)
        if len(portion) == _ROWS_AT_ONCE or letters > _LETTERS_AT_ONCE:
            yield portion
            portion, letters = [], 0
    yield portion


def head(file: Path, target: Path, rows: int, kind: FileKind) -> None:
    """The first values as an array. What is no JSON is copied as far as it is looked at: the run says what is wrong."""
    opened = gzip.open if is_gzip(file) else open
    with file.open("rb") as source, opened(target, "wb") as out:
        _, chunks = plain_bytes(raw_chunks(source))
        texts = decoded(chunks, codec_name(kind.encoding))
        seen: list[str] = []

        def watched() -> Iterator[str]:
            for text in texts:
                seen.append(text)
                yield text

        try:
            whole = "[" + ",\n".join(islice(elements(watched()), rows)) + "]\n"
        except RefusedError:
            whole = "".join(seen)
        out.write(whole.encode(codec_name(kind.encoding)))
