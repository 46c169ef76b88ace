"""A table in columns of plain text that fits a width, or a list of its rows where it does not."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

_GAP = 2
_LEAST = 12
"""A column of words is not made narrower than this."""

Heads = Sequence[tuple[str, bool]]
"""Name and whether its cells are numbers."""


def grid(heads: Heads, rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Lines no longer than `width`: numbers to the right, words wrapped."""
    widths = fitting(heads, rows, width)
    if widths is None:
        yield from _listed(heads, rows, width)
        return
    yield from _lines([name for name, _ in heads], heads, widths)
    yield (" " * _GAP).join("-" * one for one in widths)
    for row in rows:
        yield from _lines(row, heads, widths)


def fitting(heads: Heads, rows: Sequence[Sequence[str]], width: int) -> list[int] | None:
    """The width of each column; None where they do not fit beside each other."""
    natural = [max(len(name), *(len(row[at]) for row in rows)) for at, (name, _) in enumerate(heads)]
    room = width - _GAP * (len(heads) - 1)
    if sum(natural) <= room:
        return natural
    least = [
        max(_longest_word(name), *(len(row[at]) if is_number else _longest_word(row[at]) for row in rows))
        for at, (name, is_number) in enumerate(heads)
    ]
    floor = [one if heads[at][1] else min(natural[at], max(one, _LEAST)) for at, one in enumerate(least)]
    if (spare := room - sum(floor)) < 0:
        return None
    wanting = [max(0, natural[at] - floor[at]) if not heads[at][1] else 0 for at in range(len(heads))]
    shared = sum(wanting)
    return [floor[at] + (min(wanting[at], spare * wanting[at] // shared) if shared else 0) for at in range(len(heads))]


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split(" ")), default=0)


def _lines(cells: Sequence[str], heads: Heads, widths: Sequence[int]) -> Iterator[str]:
    columns = [
        textwrap.wrap(cell, widths[at], break_on_hyphens=False) or [""] for at, cell in enumerate(cells)
    ]  # fmt: skip
    for line in range(max(len(column) for column in columns)):
        parts = [column[line] if line < len(column) else "" for column in columns]
        yield (" " * _GAP).join(
            part.rjust(widths[at]) if heads[at][1] else part.ljust(widths[at]) for at, part in enumerate(parts)
        )


def _listed(heads: Heads, rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    for row in rows:
        yield from textwrap.wrap(row[0], width, initial_indent="- ", subsequent_indent="  ")
        for (name, _), cell in zip(heads[1:], row[1:], strict=True):
            yield from textwrap.wrap(f"{name}: {cell}", width, initial_indent="    ", subsequent_indent="      ")
