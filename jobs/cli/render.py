"""Answers of queries as text: CSV and JSON exact, a table for people."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from lakehouse.terminal import visible, visible_json, visible_lines

SHOWN_ROWS = 1000
"""A table for people holds no more rows than this."""

_PLAN = ["explain_key", "explain_value"]
"""Columns of the answer to EXPLAIN: a drawing of many lines."""

Row = Sequence[Any]


def plain_text(value: Any) -> str:
    """A value as people and CSV read it: decimals with all their digits, instants in ISO 8601."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case datetime() | date() | time():
            return value.isoformat()
        case dict() | list() | tuple():
            return json_text(value)
        case bytes():
            return value.hex()
    return str(value)


def json_text(value: Any) -> str:
    """A value as JSON. Decimals are numbers with all their digits: read them with a parser that keeps them."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json_text(_key(key))}: {json_text(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(json_text, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case float() if not math.isfinite(value):
            return json.dumps(str(value))
        case str():
            text = json.dumps(value, ensure_ascii=False)
            return text if text.isprintable() else visible_json(text)
        case None | bool() | int() | float():
            return json.dumps(value)
    return visible_json(json.dumps(plain_text(value), ensure_ascii=False))


def _key(key: Any) -> str:
    return key if isinstance(key, str) else plain_text(key)


def csv_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """CSV with a header. NULL is nothing between the commas, an empty text is "" (RFC 4180 knows no difference)."""
    yield ",".join(_csv_cell(name) for name in columns)
    for row in rows:
        yield ",".join("" if value is None else _csv_cell(plain_text(value)) for value in row)


def _csv_cell(text: str) -> str:
    if text and not any(mark in text for mark in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def json_lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a JSON array with one object per row."""
    before = "["
    for row in rows:
        yield before + json_text(dict(zip(columns, row, strict=True))) + ","
        before = " "
    yield "[]" if before == "[" else "]"


def without_last_comma(lines: Iterable[str]) -> Iterator[str]:
    """JSON allows no comma after the last element; it is known to be the last only when the next line is seen."""
    held: str | None = None
    for line in lines:
        if held is not None:
            yield held.removesuffix(",") if line == "]" else held
        held = line
    if held is not None:
        yield held


def show_table(console: Console, columns: Sequence[str], kinds: Sequence[str], rows: Iterable[Row]) -> None:
    """A table on the terminal; one block per row where the columns do not fit beside each other."""
    taken = list(islice(rows, SHOWN_ROWS + 1))
    shown = [[_shown(value) for value in row] for row in taken[:SHOWN_ROWS]]
    if list(columns) == _PLAN:
        for row in taken:
            console.print(visible_lines(str(row[-1])), highlight=False, soft_wrap=True)
        return
    columns = [visible(name) for name in columns]
    widths = [
        max([len(name), *(cell.cell_len for cell in cells)])
        for name, cells in zip(columns, zip(*shown, strict=True) if shown else [()] * len(columns), strict=True)
    ]
    needed = sum(widths) + 3 * len(columns) + 1
    if not console.is_terminal:
        console.width = max(console.width, needed)
    if needed > console.width and len(columns) > 1:
        _show_blocks(console, columns, shown)
    else:
        console.print(_grid(columns, kinds, shown))
    count = f"first {SHOWN_ROWS:,} rows; --format csv gives all" if len(taken) > SHOWN_ROWS else f"{len(taken):,} row"
    console.print(Text(count + ("s" if count.endswith("row") and len(taken) != 1 else ""), style="dim"))


def _grid(columns: Sequence[str], kinds: Sequence[str], shown: Sequence[Sequence[Text]]) -> Grid:
    grid = Grid(header_style="bold")
    for name, kind in zip(columns, kinds, strict=True):
        is_number = kind.startswith(("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT")) or kind.endswith("INT")
        grid.add_column(Text(name), justify="right" if is_number or kind == "INTEGER" else "left", no_wrap=True)
    for row in shown:
        grid.add_row(*row)
    return grid


def _show_blocks(console: Console, columns: Sequence[str], shown: Sequence[Sequence[Text]]) -> None:
    longest = max(map(len, columns))
    for number, row in enumerate(shown, start=1):
        console.rule(f"row {number}", align="left", style="dim")
        for name, cell in zip(columns, row, strict=True):
            console.print(Text.assemble((f"{name:<{longest}}  ", "bold"), cell))


def _shown(value: Any) -> Text:
    return Text("NULL", style="dim") if value is None else Text(visible(plain_text(value)))
