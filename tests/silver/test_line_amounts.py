"""Amounts of lines as shops state them, and discounts of whole orders shared out over their lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.settings import Calendar
from lakehouse.silver.derive import RowCriteria, evaluate_feed, judged_rows
from lakehouse.sources.model import Source
from quality.rules import RULES
from tests.sources.conftest import bronze

COLUMNS = ("order_id", "line", "qty", "price", "gross", "net", "off", "of_order", "money")
MAPPED = {
    "order_id": "order_id", "line_number": "line", "product_id": "'P'", "ordered_at": "'2024-01-01'", "quantity": "qty",
    "unit_price": "price", "gross_amount": "gross", "net_amount": "net", "discount": "off",
    "order_discount": "of_order", "currency": "money",
}  # fmt: skip
# Order, line, quantity, price, gross, net, discount, order discount, currency; and gross, discount, net and price of
# the line in silver, or why not.
CASES: list[tuple[str, str]] = [
    # What is stated counts; the rest is worked out.
    ("a 1 3 - 10.00 - - - EUR", "10 0 10 3.3333"),
    ("a 2 3 3.33 10.00 - - - EUR", "10 0 10 3.33"),
    ("a 3 2 - - 18.00 2.00 - EUR", "20 2 18 10"),
    ("a 4 2 10.00 - - - - EUR", "20 0 20 10"),
    ("a 5 40 1.459 - - - - EUR", "58.36 0 58.36 1.459"),
    ("a 6 1 - - - - - EUR", "missing:unit_price"),
    ("a 7 1 - x - - - EUR", "unparsable:gross_amount"),
    ("a 12 1 10.00 - - x - EUR", "unparsable:discount"),
    ("a 13 900000 90000000000.00 - - - - EUR", "too_large:gross_revenue"),
    ("a 8 1 5.00 -5.00 - - - EUR", "negative_price"),
    ("a 9 0 - 5.00 - - - EUR", "zero_quantity"),
    ("a 10 1 - 5.00 - 6.00 - EUR", "discount_above_price"),
    ("a 11 900000 - 1.00 - - - EUR", "1 0 1 0"),
    # By worth, in cents; the largest remainders first, then the first line.
    ("b 1 1 20.00 - - - 3.00 EUR", "20 2 18 20"),
    ("b 2 1 10.00 - - - - EUR", "10 1 9 10"),
    ("c 1 1 10.00 - - - 10.00 EUR", "10 3.34 6.66 10"),
    ("c 2 1 10.00 - - - 10.00 EUR", "10 3.33 6.67 10"),
    ("c 3 1 10.00 - - - 10.00 EUR", "10 3.33 6.67 10"),
    # A line that costs nothing any more has no share; all of the worth may go.
    ("d 1 1 10.00 - - 10.00 5.00 EUR", "10 10 0 10"),
    ("d 2 1 5.00 - - - 5.00 EUR", "5 5 0 5"),
    # Tenths of a cent where an amount of the order is as fine, whole yen where yen are whole.
    ("e 1 1 1.005 - - - 1.00 EUR", "1.005 0.5006 0.5044 1.005"),
    ("e 2 1 1.0025 - - - 1.00 EUR", "1.0025 0.4994 0.5031 1.0025"),
    ("f 1 1 100 - - - 101 JPY", "100 51 49 100"),
    ("f 2 1 100 - - - 101 JPY", "100 50 50 100"),
    # What cannot be is refused whole; lines that are refused themselves bear nothing.
    ("g 1 1 10.00 - - - 1.00 EUR", "wrong_order_discount"),
    ("g 2 1 10.00 - - - 2.00 EUR", "wrong_order_discount"),
    ("h 1 1 10.00 - - - 10.01 EUR", "wrong_order_discount"),
    ("i 1 1 10.00 - - - 1.00 EUR", "wrong_order_discount"),
    ("i 2 1 10.00 - - - 1.00 USD", "wrong_order_discount"),
    ("j 1 1 10.00 - - - 2.00 EUR", "10 2 8 10"),
    ("j 2 1 x - - - 2.00 EUR", "unparsable:unit_price"),
    ("k 1 1 10.00 - - - -1.00 EUR", "negative_discount"),
]


def shop(**mapped: str | None) -> Source:
    lines = {"file": "lines", "columns": {name: sql for name, sql in (MAPPED | mapped).items() if sql}}
    return Source.model_validate(
        {
            "name": "shop", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f",
            "files": {"lines": {"pattern": "*", "columns": COLUMNS}}, "feeds": {"order_lines": lines},
        }
    )  # fmt: skip


def lines(spark: SparkSession, source: Source, texts: list[str]) -> list[str]:
    """What silver says of each line, in their order."""
    sent = [
        {name: None if one == "-" else one for name, one in zip(COLUMNS, text.split(), strict=True)} for text in texts
    ]
    criteria = RowCriteria(RULES, date(2024, 2, 1), Calendar())
    found = evaluate_feed(
        {"lines": bronze(spark, source, "lines", sent)}, source, "order_lines", criteria, {"lines": False}
    )
    judged = judged_rows(found.rows, source, "order_lines").orderBy("_row_in_file").collect()
    return [_said(row) for row in judged]


def _said(row: Any) -> str:
    if row["_reasons"]:
        return " ".join(row["_reasons"])
    names = ("gross_revenue", "discount", "net_revenue", "unit_price")
    return " ".join(f"{row[name]:f}".rstrip("0").rstrip(".") for name in names)


def test_lines_are_worth_what_is_stated_and_orders_share_their_discount(spark: SparkSession) -> None:
    said = lines(spark, shop(), [text for text, _ in CASES])
    assert list(zip([text for text, _ in CASES], said, strict=True)) == CASES


def test_the_difference_of_stated_amounts_is_a_discount_where_none_is_mapped(spark: SparkSession) -> None:
    texts = ["a 1 1 - 10.00 8.00 9.00 - EUR", "a 2 1 - 10.00 - 9.00 - EUR", "a 3 1 - - 8.00 9.00 - EUR"]
    assert lines(spark, shop(discount=None, order_discount=None), texts) == ["10 2 8 10", "10 0 10 10", "8 0 8 8"]


@pytest.mark.parametrize("mapped", [{"unit_price": None}, {"unit_price": None, "gross_amount": None}])
def test_an_amount_may_stand_for_the_price(mapped: dict[str, str | None]) -> None:
    assert shop(**mapped).feeds["order_lines"].columns


def test_something_must_say_what_a_line_is_worth() -> None:
    with pytest.raises(
        ValueError, match="unit_price must be mapped; in place of unit_price also gross_amount or net_amount"
    ):
        shop(unit_price=None, gross_amount=None, net_amount=None)
