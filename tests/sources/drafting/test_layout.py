"""Where the table of a file begins, and what is no part of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lakehouse.sources.drafting.kinds import kinds_of
from lakehouse.sources.drafting.layout import Layout, layout_of
from lakehouse.sources.drafting.not_text import not_text
from lakehouse.sources.drafting.one_name import under_one_name
from lakehouse.sources.drafting.sniff import Sample, sniff

TABLE = "order,sku,qty\n1,A,2\n2,B,1\n"


@pytest.mark.parametrize(
    ("above", "lines"),
    [("", 0), ("Report of May\n", 1), ('"All, in, GBP"\n"Definitions:"\n', 2), ("Shop,Leeds\n\nof May\n", 3)],
)
def test_the_header_is_found_below_lines_of_words(above: str, lines: int) -> None:
    layout = layout_of(above + TABLE)
    assert isinstance(layout, Layout)
    assert (layout.names, layout.lines_above, len(layout.rows)) == (("order", "sku", "qty"), lines, 2)


def test_a_line_for_spreadsheets_says_the_delimiter() -> None:
    layout = layout_of("sep=;\n" + TABLE.replace(",", ";"))
    assert isinstance(layout, Layout)
    assert (layout.delimiter, layout.names, layout.lines_above) == (";", ("order", "sku", "qty"), 0)


def test_a_first_row_like_all_others_is_no_header() -> None:
    layout = layout_of("1,2024-03-01,9.50\n2,2024-03-02,8.00\n")
    assert isinstance(layout, Layout)
    assert (layout.header, layout.names, len(layout.rows)) == (False, ("column_1", "column_2", "column_3"), 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,A,b\n1,2,3\n", "names a more than once"),
        ("_position\n1\n", "as the lake's own"),
        ("Dear shop,\nhello\n", "no table"),
    ],
)
def test_a_table_that_cannot_be_declared_is_told_why(text: str, why: str) -> None:
    assert why in str(layout_of(text))


@pytest.mark.parametrize(
    ("start", "what"),
    [(b"%PDF-1.7", "a PDF document"), (b"7z\xbc\xaf\x27\x1c..", "a 7-Zip archive"), (b"<?xml ve", "an XML document"),
     (b"PK\x03\x04....", "cannot be read"), (b"order,sk", "")],
)  # fmt: skip
def test_a_file_is_named_for_what_its_first_bytes_say(tmp_path: Path, start: bytes, what: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(start)
    assert what in not_text(path, start)
    assert bool(what) == bool(not_text(path, start))


def test_a_workbook_is_told_from_an_archive(tmp_path: Path) -> None:
    for name, member, what in (("a.csv", "xl/workbook.xml", "an Excel workbook"), ("b.csv", "a.csv", "a zip archive")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(member, "x")
        assert what in getattr(sniff(tmp_path / name), "why", "")


def _sample(columns: str) -> Sample:
    names = tuple(columns.split(","))
    return Sample(Path("x.csv"), "csv", "utf-8", ",", names, (names,), multiline=False, too_long=0, longest_trusted=0)


@pytest.mark.parametrize(
    ("first", "second", "aliases"),
    [
        ("order-id,sku,Country", "Order-ID,sku,Country/Region Code", {"Country": ["Country/Region Code"]}),
        ("order,sku,qty", "order,quantity,sku", {"qty": ["quantity"]}),
        ("order,sku,qty", "order,sku,qty,note", {}),
        ("order,note,qty", "order,qty,colour", {}),
    ],
)
def test_one_column_under_two_names_is_known_by_its_place_or_its_meaning(
    first: str, second: str, aliases: dict[str, list[str]]
) -> None:
    samples, found = under_one_name([_sample(first), _sample(second)])
    assert found == aliases
    assert set(samples[0].columns) >= set(samples[1].columns) - {"note", "colour"}


def test_files_within_an_archive_are_looked_at(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "may.zip", "w") as archive:
        archive.writestr("orders_1.csv", "order_id,sku,qty\n1,A,2\n")
        archive.writestr("__MACOSX/._orders_1.csv", "x")
        archive.writestr("notes.pdf", "%PDF-1.7 ....")
    kinds, unread = kinds_of(tmp_path)
    assert [(kind.name, kind.patterns, kind.columns) for kind in kinds] == [
        ("orders", ("orders_*.csv",), ("order_id", "sku", "qty"))
    ]
    assert [(str(one.path.relative_to(tmp_path)), one.why) for one in unread] == [
        ("may.zip/notes.pdf", "a PDF document: ask for the same as CSV")
    ]
