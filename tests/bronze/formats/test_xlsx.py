"""What stands in the cells of a workbook is what stands in the rows, as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import Row
from xlsxwriter.workbook import Workbook

from lakehouse.bronze.files import FileFacts, Inspection, Rejection
from lakehouse.bronze.formats import workbook as reader
from lakehouse.bronze.formats.workbook import number_text
from lakehouse.bronze.heads import copy_head
from lakehouse.tables.reasons import FileReason
from tests.bronze.formats.workbooks import Cells, made, sheet_of
from tests.bronze.shops import kind_with, refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

XLSX: dict[str, Any] = {"format": "xlsx"}


def texts(land: Land, read: Read, *cells: Any, shown: str = "", **options: Any) -> list[str | None]:
    """The texts that cells of one column become."""
    rows = [["a", "b"], *([cell, "x"] for cell in cells)]
    land("f.xlsx", sheet_of(rows, {0: shown} if shown else None, **options))
    return [row["a"] for row in read(**XLSX)]


def test_numbers_are_the_digits_that_mean_them(land: Land, read: Read) -> None:
    cells = [12.5, 1000000, 1.0, 0.1, -3, 1e20, 0.0000001, 123456789012345, 99.99, 0]
    expected = ["12.5", "1000000", "1", "0.1", "-3", "100000000000000000000", "0.0000001", "123456789012345", "99.99"]
    assert texts(land, read, *cells) == [*expected, "0"]
    assert [number_text(one) for one in (0.1 + 0.2, 1e300, 2.5e-8, -0.0)] == [
        "0.30000000000000004",
        "1" + "0" * 300,
        "0.000000025",
        "0",
    ]


def test_days_and_times_are_iso_by_either_calendar(land: Land, read: Read) -> None:
    days = [date(2024, 1, 31), datetime(2024, 2, 29, 12, 30, 5), datetime(2024, 1, 1, 0, 0, 1), date(1999, 12, 31)]
    expected = ["2024-01-31", "2024-02-29T12:30:05", "2024-01-01T00:00:01", "1999-12-31"]
    for options in ({}, {"date_1904": True}):
        assert texts(land, read, *days, shown="dd/mm/yyyy hh:mm", **options) == expected
    assert texts(land, read, time(9, 5), time(23, 59, 59), shown="hh:mm:ss") == ["09:05:00", "23:59:59"]
    assert texts(land, read, timedelta(hours=30, minutes=5), shown="[h]:mm:ss") == ["30:05:00"]


def test_texts_stay_as_they_are(land: Land, read: Read) -> None:
    cells = ["00123", " x ", "1e5", "2024-01-31", "a\nb", "=1+1", "#N/A", "ä €", "TRUE"]
    assert texts(land, read, *cells) == cells


def test_booleans_errors_formulas_empty_and_merged_cells(land: Land, read: Read) -> None:
    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, [True, False])
        sheet.write_formula(2, 0, "=NA()", None, "#N/A")
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 0, "=1.5*2", None, 3)
        sheet.write_formula(3, 1, '="x"&"y"', None, "xy")
        sheet.write_string(4, 1, "alone")
        sheet.merge_range(5, 0, 6, 0, "both rows")
        sheet.write_row(5, 1, ["first"])
        sheet.write_row(6, 1, ["second"])

    land("f.xlsx", made(fill))
    assert values(read(**XLSX)) == [
        ("true", "false"), ("#N/A", "#DIV/0!"), ("3", "xy"), (None, "alone"), ("both rows", "first"), (None, "second"),
    ]  # fmt: skip


def test_a_formula_whose_value_was_never_worked_out_is_refused_with_its_cell(judge: Judge) -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "=A2*2"])
    sink = io.BytesIO()
    book.save(sink)
    outcome = judge(sink.getvalue(), "f.xlsx", **XLSX).outcome
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, outcome.detail[:8]) == (FileReason.UNREADABLE_CELL, "Cell B2 ")


def two_sheets(book: Workbook) -> None:
    for name, cell in (("Cover", "x"), ("Orders 2024", "y")):
        book.add_worksheet(name).write_row(0, 0, ["a", "b"])
        book.get_worksheet_by_name(name).write_row(1, 0, [cell, cell])


@pytest.mark.parametrize(("sheet", "cell"), [(1, "x"), (2, "y"), ("Orders 2024", "y"), ("orders 2024", "y")])
def test_the_sheet_is_known_by_its_name_or_number(land: Land, read: Read, sheet: int | str, cell: str) -> None:
    land("f.xlsx", made(two_sheets))
    assert values(read(sheet=sheet, **XLSX)) == [(cell, cell)]


@pytest.mark.parametrize("sheet", [3, "Orders"])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(judge: Judge, sheet: int | str) -> None:
    outcome = judge(made(two_sheets), "f.xlsx", sheet=sheet, **XLSX).outcome
    assert isinstance(outcome, Rejection)
    assert outcome.reason == FileReason.MISSING_SHEET
    assert "Cover, Orders 2024" in outcome.detail


ABOVE: Cells = [["Report of May"], [], ["all amounts", "in GBP"]]
BODY: Cells = [["b", "more", "a"], [2, "m", 1], [], [4, None, 3]]
FOOT: Cells = [["Total", "x", 9], [None], ["end", None, "of report"]]


@pytest.mark.parametrize(
    ("rows", "declared"),
    [
        (BODY, {}),
        ([[], [], *BODY], {}),
        ([*ABOVE, *BODY], {"skip_lines": 3}),
        ([*ABOVE, *BODY], {"skip_lines": "to_header"}),
        ([*ABOVE, *BODY, *FOOT], {"skip_lines": "to_header", "footer_lines": 2}),
        ([["B ", "more", "Alpha"], *BODY[1:]], {"aliases": {"a": ["alpha"]}}),
        ([[1, 2], [], [3, 4]], {"header": False}),
        ([["x"], [1, 2], [3, 4]], {"header": False, "skip_lines": 1}),
    ],
    ids=["plain", "blank above", "lines above", "to the header", "footer", "alias", "no header", "above no header"],
)
def test_rows_stand_between_what_is_above_and_below(
    land: Land, read: Read, rows: Cells, declared: dict[str, Any]
) -> None:
    land("f.xlsx", sheet_of(rows))
    assert values(read(**XLSX, **declared), "a", "b", "_row_in_file") == [("1", "2", 1), ("3", "4", 2)]


def test_cells_beyond_the_header_are_kept_by_their_place(land: Land, read: Read) -> None:
    land("f.xlsx", sheet_of([["a", "b"], [1, 2], [3, 4, None, "five"]]))
    assert values(read(**XLSX), "a", "_rescued") == [("1", None), ("3", {"_4": "five"})]


def test_a_workbook_is_known_by_its_bytes_and_so_is_a_text_that_is_called_one(land: Land, read: Read) -> None:
    land("1.csv", sheet_of([["a", "b"], ["of a workbook", 1]]))
    land("2.xls", "a,b\nof a text,2\n")
    land("3.csv", "a,b\nof a text,3\n")
    rows = read(format=["csv", "xlsx"])
    assert values(rows) == [("of a workbook", "1"), ("of a text", "2"), ("of a text", "3")]


def test_a_workbook_in_a_zip_archive_is_read(land: Land, read: Read) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("f.xlsx", sheet_of([["a", "b"], [1, 2]]))
    land("f.zip", sink.getvalue())
    assert values(read(**XLSX), "_source_file", "a", "b") == [("f.zip/f.xlsx", "1", "2")]


REFUSED: list[tuple[str, bytes, FileReason]] = [
    ("cut off", sheet_of([["a", "b"], [1, 2]])[:-40], FileReason.NOT_A_WORKBOOK),
    ("text", b"a,b\n1,2\n", FileReason.NOT_A_WORKBOOK),
    ("no sheet with rows", sheet_of([]), FileReason.EMPTY_FILE),
    ("a column missing", sheet_of([["a"], [1]]), FileReason.MISSING_COLUMN),
    ("a column twice", sheet_of([["a", "b", "A"], [1]]), FileReason.DUPLICATE_HEADER),
    ("an old one in part", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), FileReason.UNREADABLE_FORMAT),
]


@pytest.mark.parametrize(("content", "reason"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_workbook_that_cannot_be_read_is_refused(judge: Judge, content: bytes, reason: FileReason) -> None:
    assert refused(content, judge(content, "f.xlsx", **XLSX)) == reason


def test_a_sheet_of_far_away_cells_is_refused_before_it_fills_memory(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_CELLS", 10_000)
    content = sheet_of([["a", "b"], *[[None] * 9_000 + [1]] * 2])
    assert refused(content, judge(content, "f.xlsx", **XLSX)) == FileReason.NOT_A_WORKBOOK
    monkeypatch.setattr(reader, "MOST_CELLS", 20_000)
    assert refused(content, judge(content, "f.xlsx", **XLSX)) is None


def test_a_workbook_that_unpacks_to_too_much_is_refused(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 1000)
    content = sheet_of([["a", "b"], [1, 2]])
    assert refused(content, judge(content, "f.xlsx", **XLSX)) == FileReason.NOT_A_WORKBOOK


def test_a_try_has_all_of_a_workbook(tmp_path: Path) -> None:
    whole, head = tmp_path / "whole", tmp_path / "head"
    whole.write_bytes(sheet_of([["a", "b"], [1, 2]]))
    copy_head(whole, head, 1, kind_with(format=["csv", "xlsx"]))
    assert head.read_bytes() == whole.read_bytes()


_letters = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")
_odd = st.sampled_from(["007", "_x0041_", " ", "1.0", "=A1", "'", '"', "TRUE", "#REF!"])
_cell = st.text(_letters, max_size=8) | _odd


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(_cell, _cell), min_size=1, max_size=8))
def test_any_texts_written_into_a_workbook_come_back(judge: Judge, land: Land, read: Read, rows: Cells) -> None:
    content = sheet_of([["a", "b"], *[list(row) for row in rows]])
    assert isinstance(judge(content, "f.xlsx", **XLSX).outcome, FileFacts)
    expected = [(a or None, b or None) for a, b in rows if a or b]
    assert values(read(**XLSX)) == expected


@pytest.mark.parametrize("name", ["old.xls", "old_1904.xls"])
def test_a_workbook_of_before_2007_is_read_alike(land: Land, read: Read, name: str) -> None:
    """With either calendar: made once by a writer of such files."""
    land("f.xls", (Path(__file__).parent / name).read_bytes())
    assert values(read(sheet="Orders", **XLSX)) == [
        ("00123", "12.5"),
        ("1000000", "true"),
        ("2024-01-31", "2024-02-29T12:30:05"),
        ("12:00:00", "#N/A"),
        ("below a blank row", "#DIV/0!"),
    ]
    with pytest.raises(AssertionError, match="MISSING_SHEET"):
        read(sheet=3, **XLSX)
