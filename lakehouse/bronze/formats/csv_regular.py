"""The fast reader of CSV, pyarrow's own, and which lines it reads just as the exact one does.

Regular is a line of as many fields as the header whose quotes all stand around whole values, or doubled within them,
and whose carriage returns end it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyarrow import csv

from lakehouse.bronze.rows import TEXT

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_FEED, _RETURN = 10, 13


def can_be_read(delimiter: str, quote: str) -> bool:
    """Whether pyarrow knows such a delimiter and such quotes."""
    return len(delimiter) == 1 and delimiter.isascii() and quote.isascii() and quote != delimiter


def read(lines: bytes, delimiter: str, quote: str, fields: int, *, over_lines: bool = False) -> list[pa.Array] | None:
    """The fields of regular lines by place, an empty one as NULL; None where some line has more or fewer."""
    names = [str(place) for place in range(fields)]
    if not lines:
        return [pa.array([], TEXT)] * fields
    try:
        table = csv.read_csv(
            pa.BufferReader(lines),
            csv.ReadOptions(use_threads=False, block_size=len(lines) + 1, column_names=names),
            csv.ParseOptions(delimiter=delimiter, quote_char=quote or False, newlines_in_values=over_lines),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT),
                strings_can_be_null=True,
                null_values=[""],
                check_utf8=False,  # looked at already
            ),
        )
    except pa.ArrowInvalid:
        return None
    return [column.combine_chunks() for column in table.columns]


def seems_regular(lines: bytes, delimiter: str, quote: str, *, over_lines: bool = False) -> bool:
    """Whether all is regular but for the number of fields, as far as a quick look shows. Lines end in line feeds."""
    if lines.count(b"\r") != lines.count(b"\r\n") or _has_mark(lines):
        return False
    if not over_lines and _starts_blank(lines, delimiter):
        return False
    if not quote or quote.encode() not in lines:
        return True
    letters = np.frombuffer(lines, np.uint8)
    quotes = np.flatnonzero(letters == ord(quote))
    is_open = np.arange(len(quotes)) % 2 == 0
    if len(quotes) % 2 or not _stand_around(letters, quotes, is_open, ord(delimiter)).all():
        return False
    if over_lines:
        return True
    breaks = np.flatnonzero(letters == _LINE_FEED)
    return not (np.searchsorted(quotes, breaks) % 2).any()


def _has_mark(lines: bytes) -> bool:
    """A mark of byte order at the start is dropped by pyarrow, and kept as a part of the value by the exact reader."""
    return lines.startswith(BYTE_ORDER_MARK)


def _starts_blank(lines: bytes, delimiter: str) -> bool:
    """A line of nothing but blanks is no row, but for pyarrow it is one."""
    blanks = (b" ",) if delimiter == "\t" else (b" ", b"\t")
    return any(lines.startswith(blank) or b"\n" + blank in lines for blank in blanks)


def _stand_around(letters: np.ndarray, quotes: np.ndarray, is_open: np.ndarray, delimiter: int) -> np.ndarray:
    """Whether each quote opens a value at its start, closes it at its end, or is one of two within it."""
    # Beyond the last letter, which is a line feed, stands nothing that is asked for.
    before = np.where(quotes > 0, letters[quotes - 1], _LINE_FEED)
    after = letters[np.minimum(quotes + 1, len(letters) - 1)]
    behind = letters[np.minimum(quotes + 2, len(letters) - 1)]
    starts = (before == delimiter) | (before == _LINE_FEED)
    ends = (after == delimiter) | (after == _LINE_FEED) | ((after == _RETURN) & (behind == _LINE_FEED))
    follows = np.zeros(len(quotes), bool)
    follows[1:] = np.diff(quotes) == 1
    is_followed = np.append(follows[1:], False)
    within = np.where(is_open, follows, is_followed)
    stand: np.ndarray = within | np.where(is_open, starts, ends)
    return stand


def irregular_lines(lines: bytes, delimiter: str, quote: str, fields: int) -> tuple[np.ndarray, np.ndarray]:
    """Where each line ends (the place of its line feed), and whether it is irregular. All lines end in a line feed."""
    letters = np.frombuffer(lines, np.uint8)
    ends = np.flatnonzero(letters == _LINE_FEED)
    starts = np.concatenate([[0], ends[:-1] + 1])
    # A line that starts with a blank may be blank, and one that starts with a mark of byte order may be the first.
    is_odd = np.isin(letters[starts], [*b" \t\r\n", BYTE_ORDER_MARK[0]])
    returns = np.flatnonzero(letters == _RETURN)
    is_odd[np.searchsorted(ends, returns[letters[returns + 1] != _LINE_FEED])] = True
    splits = np.flatnonzero(letters == ord(delimiter))
    if quote:
        quotes = np.flatnonzero(letters == ord(quote))
        line = np.searchsorted(ends, quotes)
        before = np.searchsorted(quotes, starts)  # quotes before each line
        is_odd |= np.bincount(line, minlength=len(ends)) % 2 == 1
        is_open = (np.arange(len(quotes)) - before[line]) % 2 == 0
        is_odd[line[~_stand_around(letters, quotes, is_open, ord(delimiter))]] = True
        within = (np.searchsorted(quotes, splits) - before[np.searchsorted(ends, splits)]) % 2 == 1
        splits = splits[~within]
    is_odd |= np.bincount(np.searchsorted(ends, splits), minlength=len(ends)) != fields - 1
    return ends, is_odd
