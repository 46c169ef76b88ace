"""Files of other shapes than a line of an order in each row, up to what becomes of each row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import Calendar
from lakehouse.silver.derive import RowCriteria, evaluate_feed, judged_rows
from lakehouse.sources.model import Source
from quality.rules import RULES
from tests.sources.conftest import bronze

Became = Callable[..., list[tuple[Any, ...]]]
LINE = {
    "order_id": "number", "line_number": "_position", "product_id": "sku", "ordered_at": "'2024-01-05'",
    "quantity": "1", "unit_price": "price",
}  # fmt: skip


def declared(columns: list[str], feed: dict[str, Any], **files: Any) -> Source:
    lines = {"file": "export", "position_within": "number", "columns": LINE} | feed
    return Source.model_validate(
        {"name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f", "feeds": {"order_lines": lines}}
        | {"files": {"export": {"pattern": "*", "columns": columns} | files.pop("export", {}), **files}}
    )


@pytest.fixture
def became(spark: SparkSession) -> Became:
    """What becomes of the rows of files: some canonical columns, the outcome and its reasons, in the order of the rows.

    A row is its values in the order of the columns, and after them in a dictionary what else is to be said of it.
    """

    def judged(source: Source, names: str, *rows: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        columns = source.files["export"].columns
        sent = [
            dict(zip(columns, row, strict=False)) | {"_row_in_file": place} | (row[len(columns)] if row[len(columns):]
            else {})
            for place, row in enumerate(rows, 1)
        ]  # fmt: skip
        frames = {kind: bronze(spark, source, kind, sent) for kind in source.files}
        criteria = RowCriteria(RULES, date(2024, 2, 1), Calendar())
        found = evaluate_feed(frames, source, "order_lines", criteria, dict.fromkeys(source.files, False))
        outcome = ("_outcome", "array_join(_reasons, '+')")
        shown = judged_rows(found.rows, source, "order_lines").orderBy("_file_delivery", "_row_in_file")
        return [tuple(row) for row in shown.selectExpr(*names.split(), *outcome).collect()]

    return judged


ROWS = (
    ("1", "A", "5"), ("1", "B", "5"), ("1", "A", "5"), ("1", "C", "5"), ("2", "A", "5"), ("1", "A", "6"),
    ("1", "A", "5"),
)  # fmt: skip


def test_equal_rows_of_an_order_are_different_lines_unless_they_are_called_copies(became: Became) -> None:
    columns = ["number", "sku", "price"]
    lines = became(declared(columns, {}), "line_number", *ROWS)
    assert [row[0] for row in lines] == [1, 2, 3, 4, 1, 5, 6]
    assert {row[1] for row in lines} == {"accepted"}
    copies = became(declared(columns, {"repeats": "copies"}), "order_id product_id line_number", *ROWS)
    assert [row[:4] for row in copies if row[3] == "accepted"] == [
        ("1", "A", 1, "accepted"),
        ("1", "B", 2, "accepted"),
        ("1", "C", 3, "accepted"),
        ("2", "A", 1, "accepted"),
        ("1", "A", 4, "accepted"),
    ]
    assert [row[3] for row in copies].count("superseded") == 2


def test_a_copy_of_a_row_in_quarantine_is_superseded_and_unreadable_rows_are_no_copies(became: Became) -> None:
    source = declared(["number", "sku", "price"], {"repeats": "copies"})
    broken = (None, None, None, {"_corrupt_record": "x,y"})
    rows = became(source, "product_id", ("1", "A", "free"), ("1", "A", "free"), ("1", "B", "5"), broken, broken)
    assert [row[1:] for row in rows] == [
        ("quarantined", "unparsable:unit_price"),
        ("superseded", "unparsable:unit_price"),
        ("accepted", ""),
        ("quarantined", "too_few_fields"),
        ("quarantined", "too_few_fields"),
    ]


def test_a_line_may_have_no_product_where_the_source_maps_none_or_accepts_it(became: Became) -> None:
    columns, rows = ["number", "sku", "price"], (("1", "A", "5"), ("1", None, "7"))
    unmapped = {name: sql for name, sql in LINE.items() if name != "product_id"}
    told = {
        "mapped": declared(columns, {}),
        "accepted": declared(columns, {"accept": ["missing:product_id"]}),
        "not mapped": declared(columns, {"columns": unmapped}),
    }
    assert {name: became(source, "product_id", *rows)[1] for name, source in told.items()} == {
        "mapped": (None, "quarantined", "missing:product_id"),
        "accepted": (None, "accepted", ""),
        "not mapped": (None, "accepted", ""),
    }


def test_rows_without_any_number_are_known_by_their_place_in_the_file_that_their_name_tells(became: Became) -> None:
    source = declared(
        ["sku", "price"],
        {
            "position_within": "_name_day",
            "version": "_file_modified_at",
            "columns": LINE | {"order_id": "concat(_name_day, '-', _position)", "line_number": "1"},
        },
        export={"from_name": r"till_(?P<day>\d+)"},
    )
    first, second = ({"_file_delivery": name, "_name_values": {"day": name}} for name in ("0105", "0106"))
    again = first | {"_file_delivery": "0107", "_file_modified_at": datetime(2024, 1, 9)}
    rows = became(source, "order_id product_id", ("A", "5", first), ("A", "5", first), ("B", "5", second),
                  ("A", "5", again), ("A", "5", again), ("C", "5", again))  # fmt: skip
    assert rows == [
        ("0105-1", "A", "superseded", ""),
        ("0105-2", "A", "superseded", ""),
        ("0106-1", "B", "accepted", ""),
        ("0105-1", "A", "accepted", ""),
        ("0105-2", "A", "accepted", ""),
        ("0105-3", "C", "accepted", ""),
    ]


def test_a_parent_row_is_sold_for_its_price_under_the_number_of_its_child(became: Became) -> None:
    child = {"file": "children", "role": "lookup", "on": {"item": "parent"}, "filter": "parent IS NOT NULL"}
    source = declared(
        ["number", "item", "parent", "sku", "price"],
        {
            "filter": "parent IS NULL",
            "join": [child],
            "columns": LINE | {"line_number": "item", "product_id": "coalesce(children.sku, sku)"},
            "position_within": [],
        },
        children={"same_as": "export"},
    )
    rows = (
        ("1", "14000000000001", None, "SHIRT", "25"),
        ("1", "14000000000002", "14000000000001", "SHIRT-RED-M", "0"),
        ("1", "14000000000003", None, "CUP", "8"),
        ("2", "14000000000004", None, "SHIRT", "25"),
        ("2", "14000000000005", "14000000000004", "SHIRT-BLUE-L", "0"),
    )
    assert became(source, "order_id line_number product_id unit_price", *rows) == [
        ("1", 14000000000001, "SHIRT-RED-M", 25, "accepted", ""),
        ("1", 14000000000003, "CUP", 8, "accepted", ""),
        ("2", 14000000000004, "SHIRT-BLUE-L", 25, "accepted", ""),
    ]


def test_a_row_that_cannot_be_read_or_names_no_group_neither_gives_nor_takes(became: Became) -> None:
    down = {"fill_down": [{"within": [], "columns": ["number"]}, {"within": ["sku"], "columns": ["price"]}]}
    source = declared(["number", "sku", "price"], {}, export=down)
    broken = (None, None, None, {"_corrupt_record": "x,y"})
    rows = became(source, "_unit order_id unit_price", ("1", "A", "5"), broken, (None, None, None), (None, "A", None),
                  ("2", "B", None), ("2", "B", "7"))  # fmt: skip
    assert rows == [
        ("1", "1", 5, "accepted", ""),
        ("delivery:2", None, None, "quarantined", "too_few_fields"),
        ("1", "1", None, "quarantined", "missing:product_id+missing:unit_price"),
        ("1", "1", 5, "accepted", ""),
        ("2", "2", None, "quarantined", "missing:unit_price"),
        ("2", "2", 7, "accepted", ""),
    ]


def test_values_fill_down_within_one_file_alone(became: Became) -> None:
    source = declared(
        ["number", "sku", "price"], {}, export={"fill_down": {"within": ["number"], "columns": ["price"]}}
    )
    other = {"_file_delivery": "other", "_file_modified_at": datetime(2024, 1, 9)}
    rows = became(source, "product_id", ("1", "A", "5"), ("1", "B", None), ("1", "C", None, other))
    assert [row[:2] for row in rows if row[2]] == [("C", "quarantined")]


def test_an_order_that_is_cut_between_files_is_whole_where_its_parts_are_numbered(became: Became) -> None:
    feed = {
        "position_within": ["number", "_name_part"],
        "version": "_file_modified_at",
        "columns": LINE | {"line_number": "int(_name_part) * 100000 + _position"},
    }
    source = declared(["number", "sku", "price"], feed, export={"from_name": r"part(?P<part>\d+)"})
    one, two, again = (
        {"_file_delivery": name, "_name_values": {"part": part}, "_file_modified_at": datetime(2024, 1, day)}
        for name, part, day in (("d1", "1", 1), ("d2", "2", 1), ("d3", "2", 2))
    )
    rows = became(source, "product_id line_number", ("1", "A", "5", one), ("1", "A", "5", one), ("1", "B", "5", two),
                  ("1", "C", "5", again))  # fmt: skip
    assert [row[:3] for row in rows] == [
        ("A", 100001, "accepted"),
        ("A", 100002, "accepted"),
        ("B", 200001, "superseded"),
        ("C", 200001, "accepted"),
    ]
