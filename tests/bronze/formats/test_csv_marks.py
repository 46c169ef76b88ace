"""CSV as exporters write it: odd delimiters, comments, footers, and columns that come under other names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection, Rejection
from lakehouse.bronze.formats import csv_rows
from lakehouse.bronze.formats.csv_rows import Layout, rows_of_lines, rows_over_lines
from lakehouse.bronze.rows import Split
from lakehouse.tables.reasons import FileReason
from tests.bronze.shops import kind_with, refused, values

Land = Callable[..., Path]
Read = Callable[..., list[Row]]
Judge = Callable[..., Inspection]

MADE: list[tuple[str, str, dict[str, Any]]] = [
    ("two letters", "a||b\n1||2\n3||4\n", {"delimiter": "||"}),
    ("several letters", "a<-->b\r\n1<-->2\r\n3<-->4\r\n", {"delimiter": "<-->"}),
    ("two letters and quotes", '"a"~|b\n"1"~|2\n"3"~|4\n', {"delimiter": "~|"}),
    ("letters beyond ASCII", "a§b\n1§2\n3§4\n", {"delimiter": "§"}),
    ("blanks", "a   b\n1\t2\n  3 \t 4  \n", {"delimiter": "blanks"}),
    ("blanks and CR LF", "a b\r\n\r\n1  2 \r\n3 4\r\n", {"delimiter": "blanks"}),
    ("blanks and quotes", '"a" b\n"1" 2\n3 "4"\n', {"delimiter": "blanks"}),
    ("a trailing delimiter", "a;b;\n1;2;\n3;4;\n", {"delimiter": ";", "trailing_delimiter": True}),
    ("trailing, not in the header", "a;b\n1;2;\r\n3;4;\r\n", {"delimiter": ";", "trailing_delimiter": True}),
    ("trailing of two letters", "a||b||\n1||2||\n3||4||\n", {"delimiter": "||", "trailing_delimiter": True}),
    ("trailing and quotes", '"a";"b";\n"1";2;\n3;"4";\n', {"delimiter": ";", "trailing_delimiter": True}),
    ("comments", "# made by\n#\na,b\n1,2\n# and more, of it\n3,4\n#end\n", {"comment": "#"}),
    ("comments of two letters", "//x\na,b\n1,2\n//y\n3,4\n", {"comment": "//"}),
    ("comments above", "#x\nreport\n#a,b\na,b\n1,2\n#y\n3,4\n", {"comment": "#", "skip_lines": "to_header"}),
    ("a footer", "a,b\n1,2\n3,4\nTotal,6\n", {"footer_lines": 1}),
    ("a footer of fewer fields", "a,b\n1,2\n3,4\n\nTotal\nend of report, of May, all\n\n", {"footer_lines": 2}),
    ("a footer and comments", "a,b\n#\n1,2\n#x\n3,4\n#y\nTotal,6\n#z\n", {"footer_lines": 1, "comment": "#"}),
    ("all above and below", "x\n#\nA!;b;\n1;2;\n3;4;\nSum;6;\n", {
        "skip_lines": "to_header", "comment": "#", "delimiter": ";", "trailing_delimiter": True, "footer_lines": 1,
        "aliases": {"a": "A!"},
    }),
    ("another name", "Alpha,b\n1,2\n3,4\n", {"aliases": {"a": ["x", "Alpha"]}}),
    ("another name in other case", "b, ALPHA \n2,1\n4,3\n", {"aliases": {"a": ["Alpha"]}}),
    ("another name below lines", "report\nb,Alpha\n2,1\n4,3\n", {"aliases": {"a": "Alpha"}, "skip_lines": "to_header"}),
    ("the column itself", "a,b\n1,2\n3,4\n", {"aliases": {"a": "Alpha"}}),
]  # fmt: skip
OVER_LINES = [one for one in MADE if one[2].get("delimiter") != "blanks"]


@pytest.mark.parametrize("size", [1, 5, 11, 1_000_000])
@pytest.mark.parametrize(("text", "declared"), [one[1:] for one in MADE], ids=[one[0] for one in MADE])
def test_rows_are_what_stands_between_the_marks(
    land: Land, read: Read, pieces: Callable[[int], None], text: str, declared: dict[str, Any], size: int
) -> None:
    pieces(size)
    land("f.csv", text)
    found = values(read(**declared), "a", "b", "_row_in_file", "_corrupt_record")
    assert found == [("1", "2", 1, None), ("3", "4", 2, None)]


@pytest.mark.parametrize(("text", "declared"), [one[1:] for one in OVER_LINES], ids=[one[0] for one in OVER_LINES])
def test_marks_are_the_same_where_values_may_hold_line_breaks(
    land: Land, read: Read, text: str, declared: dict[str, Any]
) -> None:
    land("f.csv", text.replace('"3"', "3").replace("3", '"3\n#4"', 1))
    found = values(read(multiline=True, **declared), "a", "b", "_corrupt_record")
    assert found == [("1", "2", None), ("3\n#4", "4", None)]


def test_what_is_no_row_of_these_marks_is_corrupt_as_sent(land: Land, read: Read) -> None:
    land("f.csv", 'a||b||\n1||2\n3||4||5||\n6||\n"7||8||\n9|1||"x||y"||\n')
    rows = read(delimiter="||", trailing_delimiter=True)
    assert values(rows, "a", "b", "_corrupt_record") == [
        ("1", "2", None),
        ("3", "4", "3||4||5||"),
        (None, None, "6||"),
        (None, None, '"7||8||'),
        ("9|1", "x||y", None),
    ]


def test_a_row_of_one_column_may_be_a_delimiter_alone(land: Land, read: Read) -> None:
    land("f.csv", "a;\n1;\n;\n2;\n")
    rows = read(delimiter=";", trailing_delimiter=True, columns=["a"])
    assert values(rows, "a") == [("1",), (None,), ("2",)]


@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_footer_longer_than_the_file_leaves_no_row(
    land: Land, read: Read, pieces: Callable[[int], None], size: int
) -> None:
    pieces(size)
    land("f.csv", "a,b\n1,2\nTotal,2\n")
    assert read(footer_lines=3) == []
    assert len(read(footer_lines=1)) == 1
    assert len(read(footer_lines=0)) == 2


def test_a_column_that_comes_under_two_names_at_once_is_refused_with_both(judge: Judge) -> None:
    for header in ("a,Alpha,b", "Alpha,Beta,b"):
        outcome = judge(f"{header}\n1,2,3\n", aliases={"a": ["Alpha", "Beta"]}).outcome
        assert isinstance(outcome, Rejection)
        assert outcome.reason == FileReason.DUPLICATE_HEADER
        assert " and ".join(header.split(",")[:2]) in outcome.detail


def test_a_header_with_none_of_a_columns_names_is_refused(judge: Judge) -> None:
    content = "Gamma,b\n1,2\n"
    assert refused(content.encode(), judge(content, aliases={"a": "Alpha"})) == FileReason.MISSING_COLUMN


WRONG = [
    ({"aliases": {"x": "y"}}, "aliases: not among columns: x"),
    ({"aliases": {"a": "B"}}, "B is a name of b already"),
    ({"aliases": {"a": "x", "b": " X"}}, "is a name of a already"),
    ({"aliases": {"a": " "}}, "a name is empty"),
    ({"delimiter": "a\nb"}, "cannot hold a line break"),
    ({"delimiter": '"|'}, "it holds the quote"),
    ({"delimiter": ""}, "at least 1 character"),
    ({"comment": " "}, "blanks alone"),
    ({"comment": "|", "delimiter": "||"}, "begins the delimiter"),
    ({"delimiter": "blanks", "multiline": True}, "no values over several lines"),
    ({"sheet": 0}, "greater than or equal to 1"),
    ({"footer_lines": -1}, "greater than or equal to 0"),
]


@pytest.mark.parametrize(("declared", "said"), WRONG, ids=[one[1] for one in WRONG])
def test_marks_that_cannot_be_told_apart_are_not_declared(declared: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        kind_with(**declared)


def columns(split: Split) -> list[list[Any]]:
    return [*(one.to_pylist() for one in split.values), split.corrupt.to_pylist(), split.kept.to_pylist()]


_few = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
_delimiters = st.sampled_from(["||", "<>", "blanks", ";", "\t\t", " | "])
_marks = ["||", "|", "<>", ";", " ", "\t", "\t\t", " | ", '"', '""', "#", "\r", "\n", "\n\n", "\r\n"]
_bits = st.sampled_from([*_marks, "x", "é", "\x1f"])
_texts = st.lists(_bits, max_size=30).map("".join)


@_few
@given(
    text=_texts,
    delimiter=_delimiters,
    fields=st.sampled_from([1, 2, 3]),
    trailing=st.booleans(),
    comment=st.sampled_from(["", "#"]),
)
def test_the_fast_way_and_the_exact_one_split_lines_alike(
    text: str, delimiter: str, fields: int, trailing: bool, comment: str
) -> None:
    blanks = " \t" if delimiter.strip("\t") else " "
    layout = Layout(delimiter, '"', fields, blanks, comment, trailing)
    lines = [line for line in text.encode().removesuffix(b"\n").split(b"\n") if not (comment and line.startswith(b"#"))]
    assert columns(rows_of_lines(text.encode(), layout)) == columns(csv_rows._exact(lines, layout))


@_few
@given(text=_texts, delimiter=st.sampled_from([";", "||"]), size=st.integers(1, 20), trailing=st.booleans())
def test_rows_over_lines_are_the_same_in_blocks_of_any_size(
    text: str, delimiter: str, size: int, trailing: bool
) -> None:
    layout = Layout(delimiter, '"', 2, " \t", "#", trailing)
    lines = text.encode().splitlines(keepends=True) if "\r" not in text else [text.encode()]
    blocks = [b"".join(lines[place : place + size]) for place in range(0, len(lines), size)]
    assert joined(rows_over_lines(blocks, layout)) == joined(rows_over_lines([text.encode()], layout))


def joined(parts: Any) -> list[tuple[Any, ...]]:
    return [row for part in parts for row in zip(*columns(part), strict=True)]
