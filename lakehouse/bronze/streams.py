"""Bytes of a file as they flow by: hashed, ungzipped and decoded, never the whole file at once."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Protocol

from lakehouse.bronze.files import RefusedError
from lakehouse.tables.reasons import FileReason

GZIP = b"\x1f\x8b"
UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CHUNK = 1 << 20
GZIP_CHUNK = 1 << 16
"""Gzip shrinks a thousandfold at most, so one chunk never grows beyond 64 MiB."""
_GZIP_WITH_HEADER = 31


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...


def raw_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """All the bytes from where the file stands."""
    while chunk := file.read(CHUNK):
        yield chunk


def hashed(chunks: Iterable[bytes], digest: Digest) -> Iterator[bytes]:
    """The bytes, each chunk hashed as it goes by."""
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def begun(chunks: Iterator[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, so many of them where there are as many, and all of them."""
    taken: list[bytes] = []
    held = 0
    while held < count and (chunk := next(chunks, None)) is not None:
        taken.append(chunk)
        held += len(chunk)
    return b"".join(taken)[:count], chain(taken, chunks)


def peeked(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The first chunk, and all of them."""
    first = next(chunks, b"")
    return first, chain([first] if first else [], chunks)


def without_mark(chunks: Iterator[bytes]) -> tuple[bool, Iterator[bytes]]:
    """Whether UTF-8 starts with a byte order mark, and the bytes without it."""
    first, rest = peeked(chunks)
    if not first.startswith(UTF8_MARK):
        return False, rest
    next(rest)
    return True, chain([first.removeprefix(UTF8_MARK)], rest)


def plain_bytes(chunks: Iterator[bytes]) -> tuple[bool, Iterator[bytes]]:
    """Whether the bytes are gzip, whatever the file's name says, and the bytes without it."""
    first, chunks = peeked(chunks)
    compressed = first.startswith(GZIP)
    return compressed, ungzipped(chunks) if compressed else chunks


def ungzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of gzip data of one or several members. Raises RefusedError where it is cut short or damaged."""
    member = zlib.decompressobj(_GZIP_WITH_HEADER)
    for chunk in chunks:
        for start in range(0, len(chunk), GZIP_CHUNK):
            rest = chunk[start : start + GZIP_CHUNK]
            while rest:
                if member.eof:
                    member = zlib.decompressobj(_GZIP_WITH_HEADER)
                try:
                    yield member.decompress(rest)
                except zlib.error as error:
                    raise RefusedError(
                        FileReason.TRUNCATED_GZIP, f"The gzip data is damaged ({error}): send it again"
                    ) from error
                rest = member.unused_data
    if not member.eof:
        raise RefusedError(
            FileReason.TRUNCATED_GZIP, "The gzip data ends too early: the file came only in part, send it again"
        )


def decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    """The text of the bytes, without a byte order mark. Raises RefusedError where they are not in that encoding."""
    first, chunks = peeked(chunks)
    _check_mark(first, encoding)
    decoder = codecs.getincrementaldecoder(encoding)()
    byte, line, at_start = 0, 1, True
    for chunk in chain(chunks, [b""]):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            wrong = byte - pending + error.start
            line += error.object[: error.start].count(b"\n")
            raise RefusedError(
                FileReason.WRONG_ENCODING,
                f"Byte {wrong} (line {line}) is not {encoding}: declare its encoding, or have it sent as {encoding}",
            ) from error
        byte += len(chunk)
        line += text.count("\n")
        yield text.removeprefix("\ufeff") if at_start else text
        at_start = at_start and not text


def _check_mark(first: bytes, encoding: str) -> None:
    if first.startswith(UTF8_MARK) and encoding != "utf-8":
        found = "utf-8"
    elif first.startswith(UTF16_MARKS) and not encoding.startswith("utf-16"):
        found = "utf-16"
    else:
        return
    raise RefusedError(
        FileReason.WRONG_ENCODING,
        f'The file starts with the mark of {found}, but {encoding} is declared: declare encoding = "{found}"',
    )


def codec_name(encoding: str) -> str:
    """The one name of an encoding that has many. Raises LookupError where there is none of that name."""
    name = codecs.lookup(encoding).name
    return {"utf-8-sig": "utf-8", "ascii": "utf-8"}.get(name, name)
