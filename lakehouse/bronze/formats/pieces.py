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

    def __init__(self, chunks: Iterator[bytes], blanks: str, comment: bytes = b"") -> None:
        """A line of nothing but `blanks`, and a carriage return at its end, is no row; nor is one that begins with the
        comment, where there is one."""
        self._chunks = chunks
        letters = re.escape(blanks).encode()
        blank = rb"[" + letters + rb"]*\r?"
        remark = rb"|" + re.escape(comment) + rb"[^\n]*" if comment else b""
        self._no_row = re.compile(rb"(?<![^\n])(?:" + blank + remark + rb")(?=\n)")
        self._may_be_no_row = re.compile(rb"\n[\r\n" + letters + re.escape(comment[:1]) + rb"]")
        self._comment = comment
        self._letter = b"y" if comment.startswith(b"x") else b"x"
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
        self._rows += lines.count(b"\n") - self._without_row(lines)
        self._place += len(chunk)
        after = self._place - min(len(rest), len(chunk))
        if lines and after - self._marks[-1][0] >= PIECE:
            self._marks.append((after, self._rows))
        self._line = self._begun(rest)
        return chunk

    def _begun(self, line: bytes) -> bytes:
        """Enough of a line that is not whole to know whether it is a row."""
        if not line.strip(self._skipped):
            return line
        may_be_comment = self._comment.startswith(line) or line.startswith(self._comment)
        return line[: len(self._comment)] if self._comment and may_be_comment else self._letter

    def _without_row(self, lines: bytes) -> int:
        # To look for two letters is quicker by far than to look at all lines.
        is_odd = not lines[:1].strip(self._skipped + b"\n") or lines[:1] == self._comment[:1]
        if not is_odd and not self._may_be_no_row.search(lines):
            return 0
        return sum(1 for _ in self._no_row.finditer(lines))

    def pieces(self, *, header: int, footer: int = 0) -> tuple[Piece, ...]:
        """The pieces of all that has flowed by; none where there is but one. The first `header` rows are none, and the
        last `footer` are all in the last piece."""
        # The header is in the first piece, whatever blank lines stand before it. The last line may be no row: then
        # the last piece is larger than it need be.
        last = self._rows - footer
        marks = [
            mark
            for mark in self._marks
            if not mark[0] or (mark[0] < self._place and mark[1] >= header and (not footer or mark[1] <= last))
        ]
        if len(marks) < 2:
            return ()
        ends = [*(start for start, _ in marks[1:]), self._place]
        return tuple(
            Piece(start, end, max(0, rows - header), end - start)
            for (start, rows), end in zip(marks, ends, strict=True)
        )
