"""Where a text can be cut: noted while all of its bytes flow by, for readers that each take a part."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lakehouse.bronze.files import Piece
from lakehouse.bronze.streams import UTF8_MARK

PIECE = 1 << 24
"""Bytes that a piece has at least: a reader's work of a fraction of a second."""
_ONE_BYTE = ("iso8859", "cp125", "cp437", "cp85", "koi8", "mac")


def has_plain_lines(encoding: str) -> bool:
    """Whether a line feed is one byte, which stands for nothing else in the encoding."""
    return encoding == "utf-8" or encoding.startswith(_ONE_BYTE)


class NotedPieces(Iterator[bytes]):
    """The bytes as they flow by, with notes on where lines end and how many rows have been there."""

    def __init__(self, chunks: Iterator[bytes], blanks: str) -> None:
        """A line of nothing but `blanks`, and a carriage return at its end, is no row."""
        self._chunks = chunks
        letters = re.escape(blanks).encode()
        self._blank_line = re.compile(rb"(?<![^\n])[" + letters + rb"]*\r?(?=\n)")
        self._may_be_blank = re.compile(rb"\n[\r\n" + letters + rb"]")
        self._skipped = blanks.encode() + b"\r"
        self._line = b""  # that of the last chunk which is not whole yet: enough of it to know whether it is blank
        self._place = self._rows = 0
        self._marks: list[tuple[int, int]] = [(0, 0)]

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        # A mark of byte order is no letter of the first line.
        seen = self._line + (chunk if self._place else chunk.removeprefix(UTF8_MARK))
        cut = seen.rfind(b"\n") + 1
        lines, rest = seen[:cut], seen[cut:]
        self._rows += lines.count(b"\n") - self._blank_lines(lines)
        self._place += len(chunk)
        after = self._place - min(len(rest), len(chunk))
        if lines and after - self._marks[-1][0] >= PIECE:
            self._marks.append((after, self._rows))
        self._line = b"x" if rest.strip(self._skipped) else rest
        return chunk

    def _blank_lines(self, lines: bytes) -> int:
        # To look for two letters is quicker by far than to look at all lines.
        if lines[:1].strip(self._skipped + b"\n") and not self._may_be_blank.search(lines):
            return 0
        return sum(1 for _ in self._blank_line.finditer(lines))

    def pieces(self, *, header: int) -> tuple[Piece, ...]:
        """The pieces of all that has flowed by; none where there is but one. The first `header` rows are none."""
        # The header is in the first piece, whatever blank lines stand before it.
        marks = [mark for mark in self._marks if mark[0] < self._place and (mark[1] >= header or not mark[0])]
        if len(marks) < 2:
            return ()
        ends = [*(start for start, _ in marks[1:]), self._place]
        return tuple(
            Piece(start, end, max(0, rows - header), end - start)
            for (start, rows), end in zip(marks, ends, strict=True)
        )
