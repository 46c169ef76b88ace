"""Rows as a format reads them become the columns that a source declares: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lakehouse.bronze.headers import comparable
from lakehouse.sources.file_kind import FileKind

TEXT = pa.string()
TEXTS = pa.map_(TEXT, TEXT)


@dataclass(frozen=True, slots=True)
class Split:
    """Rows of a file as texts by place, in the file's order."""

    values: Sequence[pa.Array]
    """One array for each column of the header."""
    corrupt: pa.Array
    """The row as sent where it could not be split; NULL where it could."""
    kept: pa.Array
    """True where the leading values of a corrupt row still hold: it has too many of them. False for whole rows."""

    @classmethod
    def whole(cls, values: Sequence[pa.Array], count: int) -> Split:
        """So many rows, none of them corrupt."""
        return cls(values, pa.nulls(count, TEXT), pa.repeat(pa.scalar(False), count))

    def __len__(self) -> int:
        return len(self.corrupt)

    def slice(self, start: int, count: int | None = None) -> Split:
        """The rows from a place on, or so many of them."""
        part = (start, count)
        return Split([one.slice(*part) for one in self.values], self.corrupt.slice(*part), self.kept.slice(*part))

    def filtered(self, mask: pa.Array) -> Split:
        return Split([one.filter(mask) for one in self.values], self.corrupt.filter(mask), self.kept.filter(mask))


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a file as bronze has them, in the file's order; where they stand is still to be said."""

    values: Sequence[pa.Array] = field(default_factory=list)
    """One array of texts for each column that the kind declares, in its order."""
    rescued: pa.Array = field(default_factory=lambda: pa.array([], TEXTS))
    """Texts by name that nobody declared; NULL where there are none."""
    corrupt: pa.Array = field(default_factory=lambda: pa.array([], TEXT))

    def __len__(self) -> int:
        return len(self.corrupt)


def by_name(rows: Split, kind: FileKind, header: Sequence[str]) -> Rows:
    """Declared columns, and the others as `rescued`; corrupt rows have none of them.

    But where `kept` holds, a row keeps its leading ones, up to the first that the declaration puts later: no value
    ever stands under another column's name because the file has another order.
    """
    places = {comparable(name) or f"\n{place}": place for place, name in enumerate(header)}
    is_whole = pc.is_null(rows.corrupt)
    are_whole = not len(rows) - rows.corrupt.null_count
    leads = is_whole if are_whole else pc.or_(is_whole, rows.kept)
    nothing = pa.nulls(len(rows), TEXT)
    columns = []
    for rank, name in enumerate(kind.columns):
        place = places.pop(comparable(name), None)
        if place is None:
            columns.append(nothing)
        elif are_whole:
            columns.append(rows.values[place])
        else:
            holds = leads if _leads(kind.columns[: rank + 1], header[:place]) else is_whole
            columns.append(pc.if_else(holds, rows.values[place], nothing))
    others = [(_rescued_name(header, place), rows.values[place]) for place in sorted(places.values())]
    return Rows(columns, _present(others, is_whole, len(rows)), rows.corrupt)


def _rescued_name(header: Sequence[str], place: int) -> str:
    """The name as sent; that of a column without one is its place, with as many underscores as no other has."""
    name = header[place] if header[place].strip() else f"_{place + 1}"
    while not header[place].strip() and name in header:
        name = f"_{name}"
    return name


def _leads(declared: Sequence[str], before: Sequence[str]) -> bool:
    """Whether all that stands before a column in the file stands before it in the declaration too."""
    return {comparable(name) for name in before} <= {comparable(name) for name in declared}


def _present(texts: Sequence[tuple[str, pa.Array]], is_whole: pa.Array, count: int) -> pa.Array:
    """The texts that are there, by name, row by row; NULL where there are none, and for rows that are not whole."""
    if not texts or not count:
        return pa.nulls(count, TEXTS)
    names = [name for name, _ in texts]
    held = np.column_stack([_holds(pc.and_(is_whole, values.is_valid())) for _, values in texts])
    row, place = np.nonzero(held)  # in order of rows, and within a row of places
    every = pa.chunked_array([values for _, values in texts], TEXT).combine_chunks()
    items = every.take(pa.array(place * count + row))
    keys = pa.array(names, TEXT).take(pa.array(place))
    return texts_by_name(held.sum(axis=1), keys, items)


def _holds(mask: pa.Array) -> np.ndarray:
    held: np.ndarray = mask.to_numpy(zero_copy_only=False)
    return held


def texts_by_name(counts: np.ndarray, keys: pa.Array, items: pa.Array) -> pa.Array:
    """Maps of so many entries each; NULL where there are none."""
    ends = np.cumsum(counts)
    starts = pa.array(np.concatenate([[0], ends]).astype(np.int32), mask=np.append(counts == 0, False))
    return pa.MapArray.from_arrays(starts, keys, items)


def texts_of(rows: Iterable[Sequence[tuple[str, str]]]) -> pa.Array:
    """The same of pairs of name and text, row by row."""
    found = list(rows)
    counts = np.fromiter(map(len, found), np.int64, len(found))
    pairs = list(chain.from_iterable(found))
    names, items = ([pair[part] for pair in pairs] for part in (0, 1))
    return texts_by_name(counts, pa.array(names, TEXT), pa.array(items, TEXT))
