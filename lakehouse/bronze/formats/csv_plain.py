"""Lines with odd delimiters as the same lines with plain ones, which the fast reader knows. Bytes in, bytes out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lakehouse.bronze.formats import csv_regular
from lakehouse.sources.file_kind import BLANKS

_UNIT = "\x1f"
"""Instead of a delimiter that is not one letter: a separator that no text has for anything else."""
_RUNS = re.compile(rb"[ \t]+")
_AT_ENDS = re.compile(rb"(?:(?<=\n)|\A)[ \t]+|[ \t]+(?=\r?\n)")


@dataclass(frozen=True, slots=True)
class PlainForm:
    """Lines, and the letter between their fields."""

    lines: bytes
    delimiter: str


def in_plain_form(lines: bytes, delimiter: str, quote: str, *, is_trailing: bool) -> PlainForm | None:
    """The same rows with a delimiter of one letter, none of them at a line's end; None where that is not sure.

    All lines end in a line feed.
    """
    if len(delimiter) > 1:
        if _UNIT.encode() in lines or (quote and quote.encode() in lines):
            return None
        if delimiter == BLANKS:
            return PlainForm(_RUNS.sub(_UNIT.encode(), _AT_ENDS.sub(b"", lines)), _UNIT)
        lines, delimiter = lines.replace(delimiter.encode(), _UNIT.encode()), _UNIT
    if not csv_regular.can_be_read(delimiter, quote):
        return None
    if is_trailing:
        mark = delimiter.encode()
        lines = lines.replace(mark + b"\r\n", b"\r\n").replace(mark + b"\n", b"\n")
        # A line of a delimiter alone is a row, and an empty one is none.
        if lines.startswith((b"\n", b"\r\n")) or b"\n\n" in lines or b"\n\r\n" in lines:
            return None
    return PlainForm(lines, delimiter)


def without_comments(lines: bytes, comment: bytes) -> bytes:
    """The lines that do not begin with the comment; all of them where it is empty."""
    if not comment or not (lines.startswith(comment) or b"\n" + comment in lines):
        return lines
    return b"\n".join(line for line in lines.split(b"\n") if not line.startswith(comment))
