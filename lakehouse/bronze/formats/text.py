"""What the formats of text share: a look at all of it, its lines in blocks, and a copy of its first ones."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.streams import GZIP, decoded, without_mark
from lakehouse.sources.file_kind import TO_HEADER, FileKind
from lakehouse.sources.normal_form import is_surely_nfc
from lakehouse.tables.reasons import FileReason

HEAD = 1 << 20
"""Letters at the start of a file in which its header must end."""

_LINES_SOUGHT = 100
"""So many more are copied where the header is still to be looked for."""


@dataclass
class WatchedText(Iterator[str]):
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

    def begin(self) -> Iterator[str]:
        """The texts up to the one with which the head is full."""
        for text in self:
            yield text
            if len(self.head) >= HEAD:
                return

    def finish(self) -> None:
        """Lets the rest flow by. Raises RefusedError for what only the whole file shows."""
        for _ in self:
            pass
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
    return " \t" if kind.delimiter.strip("\t") else " "


def is_row(line: str, kind: FileKind) -> bool:
    """Whether a line is one, or the header: neither blank nor a comment."""
    is_comment = bool(kind.comment) and line.startswith(kind.comment)
    return not is_comment and bool(line.removesuffix("\r").strip(blank_letters(kind)))


def line_blocks(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The text as UTF-8 in blocks of whole lines, without a byte order mark. Only the last may lack its line feed."""
    if encoding == "utf-8":
        _, chunks = without_mark(iter(chunks))
    else:
        chunks = (text.encode() for text in decoded(iter(chunks), encoding))
    waiting: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join([*waiting, chunk[:cut]])
            waiting = []
        waiting.append(chunk[cut:])
    if rest := b"".join(waiting):
        yield rest


def copy_lines(file: Path, target: Path, rows: int, kind: FileKind | None) -> None:
    """Copies the header and the first rows, zipped as they are.

    Copied whole are UTF-16 and the like, whose lines are not bytes' lines.
    """
    if kind and kind.encoding.lower().startswith(("utf-16", "utf16", "utf-32", "utf32")):
        shutil.copyfile(file, target)
        return
    above = 0 if not kind else _LINES_SOUGHT if kind.skip_lines == TO_HEADER else int(kind.skip_lines)
    quote = kind.quote.encode() if kind and kind.multiline else b""
    opened = gzip.open if is_gzip(file) else open
    with opened(file, "rb") as source, opened(target, "wb") as out:
        out.writelines(islice(_records(source, quote), rows + 1 + above))


def is_gzip(file: Path) -> bool:
    """Whether its bytes are, whatever its name says."""
    with file.open("rb") as start:
        return start.read(len(GZIP)) == GZIP


def _records(lines: Iterable[bytes], quote: bytes) -> Iterator[bytes]:
    """Lines, joined while a quoted value that began in one of them has not ended."""
    held = b""
    for line in lines:
        held += line
        if not quote or held.count(quote) % 2 == 0:
            yield held
            held = b""
    if held:
        yield held
