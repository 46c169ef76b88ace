"""Workbooks made for tests."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Cells = list[list[Any]]


def made(fill: Callable[[Workbook], None], **options: Any) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, options) as book:
        fill(book)
    return sink.getvalue()


def sheet_of(rows: Cells, formats: dict[int, str] | None = None, **options: Any) -> bytes:
    """A workbook of one sheet; the columns of those places are shown in those formats."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("S")
        shown = {place: book.add_format({"num_format": text}) for place, text in (formats or {}).items()}
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                put(sheet, place, column, value, shown.get(column) if place else None)

    return made(fill, **options)


def put(sheet: Worksheet, row: int, column: int, value: Any, shown: Any) -> None:
    if isinstance(value, str) and value:
        sheet.write_string(row, column, value)
    elif isinstance(value, date | time | timedelta):
        sheet.write_datetime(row, column, value, shown)
    elif value is not None and value != "":
        sheet.write(row, column, value, shown)
