"""Rows of CSV: what is regular is split by pyarrow, the rest exactly. Blocks of whole lines in, rows of texts out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lakehouse.bronze.formats import csv_regular
from lakehouse.bronze.formats.csv_exact import MOST_COLUMNS, Record, is_odd, records, split_line
from lakehouse.bronze.formats.csv_plain import PlainForm, in_plain_form, without_comments
from lakehouse.bronze.rows import TEXT, Split


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are written."""

    delimiter: str
    quote: str
    fields: int
    """How many a whole row has."""
    blanks: str
    """A line of nothing but these letters is no row."""
    comment: str = ""
    """Nor is one that begins so, where it is not empty."""
    is_trailing: bool = False
    """Whether each row ends in a delimiter."""

    @property
    def is_plain(self) -> bool:
        return not self.is_trailing and csv_regular.can_be_read(self.delimiter, self.quote)


def rows_of_lines(block: bytes, layout: Layout) -> Split:
    """The rows of whole lines, each of them one. Blank lines are none.

    A line that has more or fewer fields than it should, or whose quotes do not pair, is corrupt.
    """
    if not block.endswith(b"\n"):
        block += b"\n"
    block = without_comments(block, layout.comment.encode())
    if not layout.is_plain:
        plain = in_plain_form(block, layout.delimiter, layout.quote, is_trailing=layout.is_trailing)
        values = _read_if_regular(plain, layout) if plain else None
        return _exact(block.split(b"\n")[:-1], layout) if values is None else Split.whole(values, len(values[0]))
    if csv_regular.seems_regular(block, layout.delimiter, layout.quote):
        values = csv_regular.read(block, layout.delimiter, layout.quote, layout.fields)
        if values is not None:
            return Split.whole(values, len(values[0]))
    return _mixed(block, layout)


def _read_if_regular(plain: PlainForm, layout: Layout) -> list[pa.Array] | None:
    if not csv_regular.seems_regular(plain.lines, plain.delimiter, layout.quote):
        return None
    return csv_regular.read(plain.lines, plain.delimiter, layout.quote, layout.fields)


def _mixed(block: bytes, layout: Layout) -> Split:
    """Regular lines by pyarrow, the others exactly, all in their order."""
    ends, odd = csv_regular.irregular_lines(block, layout.delimiter, layout.quote, layout.fields)
    starts = np.concatenate([[0], ends[:-1] + 1])
    lines = [block[start:end] for start, end in zip(starts[odd].tolist(), ends[odd].tolist(), strict=True)]
    blank = layout.blanks.encode()
    is_row = np.fromiter((bool(_without_return(line).strip(blank)) for line in lines), bool, len(lines))
    exact = _exact(lines, layout)
    kept = np.repeat(~odd, ends + 1 - starts)
    regular = np.frombuffer(block, np.uint8)[kept].tobytes()
    values = csv_regular.read(regular, layout.delimiter, layout.quote, layout.fields)
    assert values is not None, "each regular line has as many fields as the header"
    assert len(values[0]) == np.count_nonzero(~odd), "and is one row"
    # Where each line's row stands behind one another: those of pyarrow first.
    place = np.empty(len(ends), np.int64)
    place[~odd] = np.arange(len(values[0]))
    place[np.flatnonzero(odd)[is_row]] = len(values[0]) + np.arange(len(exact))
    is_line_a_row = np.ones(len(ends), bool)
    is_line_a_row[odd] = is_row
    return _joined([Split.whole(values, len(values[0])), exact], pa.array(place[is_line_a_row]))


def _joined(parts: list[Split], order: pa.Array) -> Split:
    def column(arrays: list[pa.Array]) -> pa.Array:
        return pa.concat_arrays(arrays).take(order)

    return Split(
        [column(list(arrays)) for arrays in zip(*(part.values for part in parts), strict=True)],
        column([part.corrupt for part in parts]),
        column([part.kept for part in parts]),
    )


def _exact(lines: Iterable[bytes], layout: Layout) -> Split:
    texts = (_without_return(line).decode() for line in lines)
    found = (Record(_fields_of(text, layout), text) for text in texts if text.strip(layout.blanks))
    return _split(found, layout, pairs_quotes=True)


def _fields_of(line: str, layout: Layout) -> list[str]:
    """None where there are more than any file has: a row like this is not split."""
    if line.count(layout.delimiter) > MOST_COLUMNS:
        return []
    fields = split_line(line, layout.delimiter, layout.quote, is_trailing=layout.is_trailing)
    return fields if len(fields) <= MOST_COLUMNS else []


def _without_return(line: bytes) -> bytes:
    return line[:-1] if line.endswith(b"\r") else line


def _split(found: Iterable[Record], layout: Layout, *, pairs_quotes: bool) -> Split:
    """Records as columns; those that are not whole as corrupt."""
    rows: list[list[str | None]] = []
    corrupt: list[str | None] = []
    kept = []
    nothing: list[str | None] = [None] * layout.fields
    for fields, text in found:
        is_cut = is_odd(text, layout.quote)
        if len(fields) == layout.fields and not (is_cut and pairs_quotes):
            rows.append([one or None for one in fields])
            corrupt.append(None)
            kept.append(False)
            continue
        has_surplus = len(fields) > layout.fields and not is_cut
        rows.append([one or None for one in fields[: layout.fields]] if has_surplus else nothing)
        corrupt.append(text)
        kept.append(has_surplus)
    columns = zip(*rows, strict=True) if rows else [()] * layout.fields
    return Split([pa.array(one, TEXT) for one in columns], pa.array(corrupt, TEXT), pa.array(kept, pa.bool_()))


def rows_over_lines(blocks: Iterable[bytes], layout: Layout) -> Iterator[Split]:
    """The rows of a whole file whose quoted values may hold line breaks. Empty lines are none."""
    waiting, tried = b"", 0
    for block in blocks:
        waiting += block
        # A value over many blocks is looked through again only when there is twice as much of it.
        if len(waiting) >= 2 * tried:
            found, waiting = _begun(waiting, layout, is_end=False)
            tried = len(waiting)
            yield found
    if waiting:
        yield _begun(waiting, layout, is_end=True)[0]


def _begun(text: bytes, layout: Layout, *, is_end: bool) -> tuple[Split, bytes]:
    """The whole rows that a text starts with, and what is left of it."""
    if layout.is_plain and not (layout.comment and layout.comment.encode() in text):
        cut = _after_last_row(text, layout.quote)
        rows = text[:cut]
        if rows and csv_regular.seems_regular(rows, layout.delimiter, layout.quote, over_lines=True):
            values = csv_regular.read(rows, layout.delimiter, layout.quote, layout.fields, over_lines=True)
            if values is not None and (cut == len(text) or not is_end):
                return Split.whole(values, len(values[0])), text[cut:]
    whole = text.decode()
    *found, end = records(
        whole,
        layout.delimiter,
        layout.quote,
        is_end=is_end,
        comment=layout.comment,
        is_trailing=layout.is_trailing,
    )
    assert isinstance(end, int), "the place comes last"
    return _split((one for one in found if isinstance(one, Record)), layout, pairs_quotes=False), whole[end:].encode()


def _after_last_row(text: bytes, quote: str) -> int:
    """The place after the last line feed outside of quotes, taken that these pair; 0 where there is none."""
    if not quote or quote.encode() not in text:
        return text.rfind(b"\n") + 1
    letters = np.frombuffer(text, np.uint8)
    breaks = np.flatnonzero(letters == ord("\n"))
    outside = breaks[np.searchsorted(np.flatnonzero(letters == ord(quote)), breaks) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0
