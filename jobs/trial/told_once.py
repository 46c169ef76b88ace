"""What a file says of an order on its first row alone: the other rows would know nothing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from jobs.trial.files import sent_rows
from jobs.trial.joins import Deliveries
from jobs.trial.plainly import names_in
from lakehouse.sources.drafting.rows_of_kind import ORDER_COLUMNS, FillDown, is_on_first_rows
from lakehouse.sources.model import Source
from lakehouse.sources.plain.rows import Ready, filled_down, made_ready
from lakehouse.sources.same_rows import kind_of_rows

MOST_ROWS = 10_000


def told_once(source: Source, deliveries: Deliveries) -> tuple[str, FillDown] | None:
    """Kind of file and what of it should be filled down; None where rows say all, or it cannot be told."""
    feed = source.feeds.get("order_lines")
    if feed is None or not (order := _own(source, feed.columns["order_id"])) or len(order) > 1:
        return None
    asked = [name for column in ORDER_COLUMNS for name in _own(source, feed.columns.get(column, ""))]
    kind = source.files[feed.file]
    found = deliveries.get(kind_of_rows(source.files, feed.file), ())
    rows = islice(filled_down(made_ready(sent_rows(found, kind), kind), kind), MOST_ROWS)
    groups = list(_orders(rows, order[0].casefold()))
    columns = [
        name for name in dict.fromkeys(asked) if is_on_first_rows([[_text(row, name) for row in one] for one in groups])
    ]
    return (feed.file, FillDown((order[0],), tuple(columns))) if columns else None


def _own(source: Source, sql: str) -> list[str]:
    """The columns of the lines' own file that an expression names, as they are declared."""
    words = set(names_in(sql))
    kind = source.feeds["order_lines"].file
    return [
        name for name in source.files[kind].columns if name.casefold() in words or f"{kind}\0{name.casefold()}" in words
    ]


def _orders(rows: Iterator[Ready], order: str) -> Iterator[Sequence[Ready]]:
    """The rows of each order that stand below each other in one file."""
    sound = (row for row in rows if not row.problem)
    for (_, number), of_order in groupby(sound, key=lambda row: (row.file, row.values[order])):
        if number is not None:
            yield list(of_order)


def _text(row: Ready, name: str) -> str | None:
    value = row.values[name.casefold()]
    return None if value is None else str(value)
