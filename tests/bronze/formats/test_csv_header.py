"""What stands above the header of a CSV file, and files without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection, Rejection
from lakehouse.bronze.heads import copy_head
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with, refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

ABOVE = '"All amounts in GBP, unless specified"\n\n"Sold: what left, and ""returns"""\n'
MADE = [
    ("a number of lines", ABOVE + "a,b\n1,2\n", {"skip_lines": 3}),
    ("up to the header", ABOVE + "b,x,a\n2,,1\n", {"skip_lines": "to_header"}),
    ("up to a header in quotes", 'report, of May\r\n"b","A "\r\n2,1\r\n', {"skip_lines": "to_header"}),
    ("no lines, up to the header", "a,b\n1,2\n", {"skip_lines": "to_header"}),
    ("a quote that is not closed above", 'the "report\na,b\n1,2\n', {"skip_lines": 1}),
    ("the delimiter for Excel", "sep=,\na,b\n1,2\n", {}),
    ("the delimiter for Excel with semicolons", "\ufeffsep=;\r\na;b\r\n1;2\r\n", {"delimiter": ";"}),
    ("the delimiter for Excel in quotes", '\n"SEP=\t"\na\tb\n1\t2\n', {"delimiter": "\t"}),
    ("lines and the delimiter for Excel", "report\nsep=,\na,b\n1,2\n", {"skip_lines": 1}),
    ("no header", "1,2\n", {"header": False}),
    ("lines and no header", "report\n\n1,2\n", {"header": False, "skip_lines": 1}),
    ("a blank line and no header", "\n1,2\n", {"header": False}),
]


@pytest.mark.parametrize("multiline", [False, True])
@pytest.mark.parametrize("size", [3, 1_000_000])
@pytest.mark.parametrize(("text", "declared"), [one[1:] for one in MADE], ids=[one[0] for one in MADE])
def test_rows_begin_below_what_stands_above_them(
    land: Land,
    read: Read,
    pieces: Callable[[int], None],
    text: str,
    declared: dict[str, Any],
    size: int,
    multiline: bool,
) -> None:
    pieces(size)
    last = text.splitlines(keepends=True)[-1]
    land("f.csv", text + last * 19)
    rows = read(multiline=multiline, **declared)
    assert values(rows, "a", "b", "_row_in_file", "_corrupt_record") == [
        ("1", "2", place, None) for place in range(1, 21)
    ]


def test_without_a_header_further_values_are_kept_by_place_and_optional_ones_may_lack(land: Land, read: Read) -> None:
    land("f.csv", "1,2,3,\n4,5,,6\n")
    assert values(read(header=False), "a", "b", "_rescued") == [("1", "2", {"_3": "3"}), ("4", "5", {"_4": "6"})]
    land("f.csv", "1\n")
    assert values(read(header=False, optional=["b"])) == [("1", None)]


REFUSED = [
    ("a field too few without a header", "1\n2,3\n", FileReason.MISSING_COLUMN, {"header": False}),
    ("no line with the columns", "x\ny,z\n", FileReason.MISSING_COLUMN, {"skip_lines": "to_header"}),
    ("the header is skipped", "a,b\n1,2\n", FileReason.MISSING_COLUMN, {"skip_lines": 1}),
    ("all is skipped", "a,b\n1,2\n", FileReason.EMPTY_FILE, {"skip_lines": 2}),
    ("the delimiter for Excel is another", "sep=;\na;b\n1;2\n", FileReason.WRONG_DELIMITER, {}),
]


@pytest.mark.parametrize(("text", "reason", "declared"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_file_whose_columns_are_not_found_is_refused(
    judge: Judge, text: str, reason: FileReason, declared: dict[str, Any]
) -> None:
    assert refused(text.encode(), judge(text, **declared)) == reason


def _detail(found: Inspection) -> str:
    assert isinstance(found.outcome, Rejection)
    assert found.outcome.reason == FileReason.MISSING_COLUMN
    return found.outcome.detail


SIX: dict[str, Any] = {"columns": ["date", "type", "sku", "quantity", "order id", "total"]}
NEARLY = '"date/time",type,sku,quantity,order_id,total\n1 May,Order,A,1,7,2\n'


def test_columns_that_are_named_further_down_say_how_to_declare_that(judge: Judge) -> None:
    below = _detail(judge("report\n\nall of May\na,b\n1,2\n"))
    assert (
        below
        == 'The columns are named 3 lines further down, and not in the first line: declare skip_lines = "to_header"'
    )
    nearly = _detail(judge("report, of May\n" + NEARLY, **SIX))
    assert "1 line further down" in nearly
    assert (
        'declare skip_lines = "to_header". There: There is no column date, order id; the file has date/time, type'
        in nearly
    )
    looked_for = _detail(judge("report, of May\n" + NEARLY, skip_lines="to_header", **SIX))
    assert "declare skip_lines" not in looked_for
    assert "There is no column date, order id; the file has date/time" in looked_for


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("report\nb,x\ny,z\n", "the first row has 1 fields"),
        (NEARLY + "date,type,sku,quantity,order id,total\n", "the file has"),
    ],
)
def test_what_names_too_few_columns_and_what_stands_below_a_header_is_no_other_header(
    judge: Judge, text: str, words: str
) -> None:
    detail = _detail(judge(text, **SIX))
    assert "further down" not in detail
    assert words in detail


def test_below_a_first_line_that_names_no_columns_a_carriage_return_within_a_line_is_a_letter(judge: Judge) -> None:
    assert "further down" not in _detail(judge("report\n1,\r2\n"))
    assert "1 line further down" in _detail(judge("report\na,b\r\n1,\r2\n"))


def test_a_header_that_there_is_none_of_cannot_be_looked_for() -> None:
    with pytest.raises(ValidationError, match="no header to look for"):
        kind_with(header=False, skip_lines="to_header")


@pytest.mark.parametrize("skip", [3, "to_header"])
def test_a_try_has_rows_below_the_lines_above(tmp_path: Path, judge: Judge, skip: int | str) -> None:
    whole, head = tmp_path / "whole", tmp_path / "head"
    whole.write_text(ABOVE + "a,b\n" + "1,2\n" * 500)
    copy_head(whole, head, 2, kind_with(skip_lines=skip))
    assert 6 <= len(head.read_text().splitlines()) < 200
    assert refused(head.read_bytes(), judge(head.read_bytes(), skip_lines=skip)) is None
