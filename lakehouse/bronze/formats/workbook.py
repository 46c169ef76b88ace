"""Workbooks of Excel, of 2007 on (.xlsx) and before (.xls): sheets as rows of texts."""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import ParseError

import openpyxl
import xlrd

from lakehouse.bronze.files import RefusedError
from lakehouse.bronze.signatures import OLD_OFFICE, old_office
from lakehouse.tables.reasons import FileReason

MOST_BYTES = 1 << 30
"""What a workbook may unpack to."""
MOST_BYTES_OF_OLD = 1 << 28
"""What one of before 2007 may take: it is held as a whole."""
MOST_ROWS = 1 << 20
"""As Excel has it."""
MOST_CELLS = 200_000_000
Row = list[str | None]
_CHUNK = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile, xlrd.XLRDError, xlrd.compdoc.CompDocError, xlrd.xldate.XLDateError, struct.error, ParseError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, AssertionError, EOFError, NotImplementedError, OSError,
    OverflowError, RecursionError, UnicodeError, zlib.error,
)  # fmt: skip
"""What the readers raise where the bytes are no workbook."""


@contextmanager
def damage_named() -> Iterator[None]:
    """Whatever goes wrong within a workbook is said as one thing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which say nothing of values
            yield
    except _DAMAGE as error:
        detail = f"The file is not a whole Excel workbook ({error or type(error).__name__}): save it again in Excel"
        raise RefusedError(FileReason.NOT_A_WORKBOOK, detail) from error


def rows_of_sheet(file: IO[bytes], sheet: int | str, *, looks_through: bool) -> Iterator[Row]:
    """The rows of a sheet from its first one on, blank ones too, each as long as its last cell that holds something.

    Raises RefusedError. With `looks_through` also where a value is not there that a formula promises.
    """
    is_old = file.read(len(OLD_OFFICE)) == OLD_OFFICE
    file.seek(0)
    found = _rows_of_old(file, sheet) if is_old else _rows(file, sheet, looks_through=looks_through)
    for row in found:
        while row and row[-1] is None:
            row.pop()
        yield row


def _sheet_name(names: list[str], sheet: int | str) -> str:
    if isinstance(sheet, int) and sheet <= len(names):
        return names[sheet - 1]
    found = [name for name in names if isinstance(sheet, str) and name.casefold() == sheet.casefold()]
    if not found:
        detail = f"The workbook has no sheet {sheet}; it has {', '.join(names[:12]) or 'none'}: declare `sheet`"
        raise RefusedError(FileReason.MISSING_SHEET, detail)
    return found[0]


def _rows(file: IO[bytes], sheet: int | str, *, looks_through: bool) -> Iterator[Row]:
    _check_size(file)
    book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    name = _sheet_name([one.title for one in book.worksheets], sheet)
    book[name].reset_dimensions()  # as the file says them they may be anything
    formulas = _formulas(file, name) if looks_through and _has_formulas(file) else None
    cells = 0
    for place, row in enumerate(book[name].iter_rows(values_only=True), start=1):
        cells += len(row) + 1
        if place > MOST_ROWS or cells > MOST_CELLS:
            raise RefusedError(FileReason.NOT_A_WORKBOOK, "The sheet has more cells than are read: have it sent as CSV")
        if formulas is not None:
            _check_formulas(place, row, next(formulas, ()))
        yield [text_of(value) for value in row]


def _check_size(file: IO[bytes]) -> None:
    size = sum(one.file_size for one in zipfile.ZipFile(file).infolist())
    if size > MOST_BYTES:
        detail = f"The workbook unpacks to {size:,} bytes, more than is read ({MOST_BYTES:,}): have it sent as CSV"
        raise RefusedError(FileReason.NOT_A_WORKBOOK, detail)
    file.seek(0)


def _has_formulas(file: IO[bytes]) -> bool:
    """Whether any sheet has one, as its bytes show."""
    archive = zipfile.ZipFile(file)
    for name in archive.namelist():
        if re.search(r"sheets?/[^/]+\.xml$", name):
            with archive.open(name) as member:
                before = b""
                while chunk := member.read(_CHUNK):
                    if re.search(rb"<(?:\w+:)?f[ />]", before + chunk):
                        return True
                    before = chunk[-32:]
    return False


def _formulas(file: IO[bytes], name: str) -> Iterator[tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(file, read_only=True, data_only=False)[name]
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True))


def _check_formulas(place: int, values: tuple[Any, ...], formulas: tuple[Any, ...]) -> None:
    for column, (value, formula) in enumerate(zip(values, formulas, strict=False), start=1):
        if value is None and isinstance(formula, str) and formula.startswith("="):
            cell = f"{openpyxl.utils.get_column_letter(column)}{place}"
            raise RefusedError(
                FileReason.UNREADABLE_CELL,
                f"Cell {cell} holds a formula whose value was never worked out: open the workbook in Excel, save it",
            )


def _rows_of_old(file: IO[bytes], sheet: int | str) -> Iterator[Row]:
    content = file.read(MOST_BYTES_OF_OLD + 1)
    if len(content) > MOST_BYTES_OF_OLD:
        detail = f"A workbook of before 2007 of more than {MOST_BYTES_OF_OLD:,} bytes is not read: have it sent as CSV"
        raise RefusedError(FileReason.NOT_A_WORKBOOK, detail)
    if thing := old_office([content]):
        raise RefusedError(thing.reason, f"The file is {thing.what}: {thing.advice}")
    try:
        book = xlrd.open_workbook(file_contents=content, on_demand=True, ragged_rows=True, logfile=_Nowhere())
    except xlrd.XLRDError as error:
        if "encrypted" not in str(error):
            raise
        detail = "The file is an Excel workbook with a password: save it without one"
        raise RefusedError(FileReason.LOCKED_FILE, detail) from error
    found = book.sheet_by_name(_sheet_name(book.sheet_names(), sheet))
    for place in range(found.nrows):
        yield [_old_text(cell, book.datemode, found) for cell in found.row(place)]


class _Nowhere:
    """Takes what a reader says to itself."""

    def write(self, text: str) -> int:
        return len(text)


def _old_text(cell: Any, mode: int, sheet: Any) -> str | None:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, f"#ERROR {cell.value}"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return text_of(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _old_time(cell.value, mode)
    return text_of(cell.value)


def _old_time(value: float, mode: int) -> str | None:
    if 0 <= value < 1:
        return text_of((datetime(2000, 1, 1) + timedelta(seconds=round(value * 86_400, 3))).time())
    try:
        return text_of(xlrd.xldate.xldate_as_datetime(value, mode))
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return text_of(value)  # no day of any calendar: the number that it is


def text_of(value: Any) -> str | None:
    """A value as its text: digits that mean just this number, days and times in ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    return str(value)


def number_text(value: float) -> str:
    """The shortest digits that mean this number; whole numbers without a point."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    digits = Decimal(repr(value))
    whole = digits == digits.to_integral_value()
    return str(int(digits)) if whole else f"{digits:f}"


def _duration(value: timedelta) -> str:
    """Hours, minutes and seconds: more than a day is written as hours too."""
    seconds = abs(value).total_seconds()
    whole, part = divmod(round(seconds * 1000), 1000)
    text = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}" + (f".{part:03}" if part else "")
    return f"-{text}" if value < timedelta() else text
