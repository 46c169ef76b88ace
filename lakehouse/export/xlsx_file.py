"""Excel workbooks: one sheet of rows, and one that says what they are. Nothing in them is a formula.

A cell of Excel holds 15 digits, days from 1900 on and 32,767 characters. What does not fit is written as text (numbers,
days) or refused (texts, rows): nothing is rounded or cut off.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from lakehouse.export.subjects import Subject, WrongExport
from lakehouse.tables.model import Column

NOTES = (
    "numbers of more than 15 digits, such as keys, and days before 1900 are texts, for no cell of Excel holds them;"
    " instants are in UTC, to the millisecond",
)
MOST_ROWS = 1_048_575
"""What a sheet holds (1,048,576), without the header."""
LONGEST = 32_767
_DIGITS = 15
_FIRST_DAY = date(1900, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}


def write(subject: Subject, path: Path, most_rows: int = MOST_ROWS) -> int:
    """Writes the rows; returns how many. Memory grows by some 0.4 MB for a thousand rows of several texts.

    Raises WrongExport where the rows, or a text, do not fit into a sheet.
    """
    if (count := subject.rows()) > most_rows:
        raise WrongExport(
            f"{subject.name} has {count:,} rows, and a sheet of Excel holds {most_rows:,}: use --format parquet or csv"
        )
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.use_zip64()
        book.set_properties({"title": subject.name, "created": subject.publication.published_at.replace(tzinfo=None)})
        _write_rows(subject, book)
        _write_about(subject, book)
    return count


def _write_rows(subject: Subject, book: Any) -> None:
    sheet = book.add_worksheet("rows")
    bold = book.add_format({"bold": True})
    forms = [book.add_format(_format(column)) for column in subject.columns]
    for place, column in enumerate(subject.columns):
        sheet.set_column(place, place, max(12, min(len(column.name) + 2, 40)))
        sheet.write_string(0, place, column.name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(subject.lake.sql(subject.select()).iter_rows(), start=1):
        for place, value in enumerate(row):
            _write_cell(sheet, last, place, value, forms[place], subject)
    sheet.autofilter(0, 0, last, len(subject.columns) - 1)


def _write_cell(sheet: Any, row: int, place: int, value: Any, form: Any, subject: Subject) -> None:
    match _fitting(value):
        case None:
            return
        case bool() as truth:
            sheet.write_boolean(row, place, truth)
        case date() as day:
            sheet.write_datetime(row, place, day, form)
        case int() | float() | Decimal() as number:
            sheet.write_number(row, place, number, form)
        case text if len(text) > LONGEST:
            column = subject.columns[place].name
            raise WrongExport(
                f"{subject.name}: a text of {column} has {len(text):,} characters, and a cell of Excel holds"
                f" {LONGEST:,}: use --format parquet or csv"
            )
        case text:
            sheet.write_string(row, place, text)


def _fitting(value: Any) -> Any:
    """The value as a cell can hold it: as it is, else as a text that says all of it."""
    match value:
        case None | bool() | str():
            return value
        case datetime():
            instant = value.astimezone(UTC)
            return instant if instant.date() >= _FIRST_DAY else instant.isoformat()
        case date():
            return value if value >= _FIRST_DAY else value.isoformat()
        case int():
            return value if abs(value) < 10**_DIGITS else str(value)
        case Decimal():
            digits = value.normalize().as_tuple().digits
            return value if len(digits) <= _DIGITS else f"{value:f}"
        case float():
            return value if math.isfinite(value) else str(value)
        case Mapping() | list():
            return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"no cell holds a {type(value).__name__}")


def _format(column: Column) -> dict[str, str]:
    if column.type.startswith("DECIMAL"):
        return {"num_format": "#,##0.00##"}
    return {"num_format": {"DATE": "yyyy-mm-dd", "TIMESTAMP": "yyyy-mm-dd hh:mm:ss"}.get(column.type, "General")}


def _write_about(subject: Subject, book: Any) -> None:
    """The second sheet: what the rows are, and each column with its meaning and unit."""
    sheet = book.add_worksheet("about")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 3, 60)
    facts = [
        ("table", subject.name),
        ("grain", subject.declared.grain),
        ("publication", str(subject.publication.publication)),
        ("as of", subject.publication.as_of.isoformat()),
        ("note", NOTES[0]),
        ("personal data", f"masked: {', '.join(subject.masked)}" if subject.masked else "nothing is masked"),
        (),
        ("column", "meaning", "unit"),
    ]
    columns = [(one.name, one.field.meaning, one.field.unit or "") for one in subject.columns]
    for row, cells in enumerate([*facts, *columns]):
        for place, text in enumerate(cells):
            sheet.write_string(row, place, text, bold if row == len(facts) - 1 or place == 0 else None)
