"""Returns find the line that was sold, or say that they do not know it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lakehouse.gold.star.fact_returns import months_of_changed_orders
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, PRODUCTS, RETURNS
from tests.gold.conftest import FIRST, Silver, day, values

ORDERED, MOVED, RETURNED = day("2024-02-01"), day("2024-03-01"), day("2024-04-01")
# The order O: product P once, product Q on two lines.
LINES: list[dict[str, Any]] = [
    {"line_number": number, "product_id": product, "ordered_at": ORDERED} for number, product in enumerate("PQQ", 1)
]


@pytest.mark.parametrize(
    ("stated", "order_id", "line_number"),
    [
        ({"line_number": 3}, "O", 3),
        ({"line_number": 3, "product_id": "P"}, "O", 3),
        ({"product_id": "P"}, "O", 1),
        ({"line_number": 9, "product_id": "P"}, "O", 1),
        ({"product_id": "Q"}, None, None),
        ({"line_number": 9}, None, None),
        ({"product_id": "?"}, None, None),
        ({"order_id": "none", "line_number": 1}, None, None),
        ({"order_id": None, "product_id": "P"}, None, None),
        ({"source_system": "t", "line_number": 1}, None, None),
    ],
    ids=[
        "its line", "its line weighs over the product", "the only line of the product", "no such line, but the product",
        "two lines of the product", "no such line", "no such product", "no such order", "no order", "another source",
    ],
)  # fmt: skip
def test_a_return_is_matched_by_its_line_else_by_the_only_line_of_its_product(
    silver: Silver, stated: dict[str, Any], order_id: str | None, line_number: int | None
) -> None:
    silver.has(ORDER_LINES, *LINES).has(RETURNS, stated)
    [found] = values(silver.returns(), "order_id", "line_number", "is_matched", "stated_order_id")
    assert found == (order_id, line_number, order_id is not None, stated.get("order_id", "O"))


def test_every_return_stays_one_return(silver: Silver) -> None:
    silver.has(ORDER_LINES, *LINES)
    silver.has(RETURNS, *({"return_id": f"{p}{n}", "product_id": p, "line_number": n} for p in "PQ" for n in (1, None)))
    assert values(silver.returns(), "return_id") == [("P1",), ("PNone",), ("Q1",), ("QNone",)]


def test_what_a_return_does_not_say_is_taken_from_the_sold_line(silver: Silver) -> None:
    silver.has(ORDER_LINES, {"customer_id": "D", "product_id": "Q"})
    silver.has(RETURNS, {"return_id": "says", "line_number": 1, "customer_id": "E", "product_id": "R"})
    silver.has(RETURNS, {"return_id": "silent", "line_number": 1})
    silver.has(RETURNS, {"return_id": "unmatched", "order_id": None})
    assert values(silver.returns(), "return_id", "customer_id", "product_id") == [
        ("says", "E", "R"),
        ("silent", "D", "Q"),
        ("unmatched", None, None),
    ]


@pytest.mark.parametrize(("order_id", "lived_in"), [("O", "Bath"), (None, "Bonn")], ids=["matched", "unmatched"])
def test_a_return_is_bound_at_the_time_of_the_order_where_that_is_known(
    silver: Silver, order_id: str | None, lived_in: str
) -> None:
    silver.has(
        CUSTOMERS, {"city": "Bath", "valid_from": FIRST, "valid_to": MOVED}, {"city": "Bonn", "valid_from": MOVED}
    )
    silver.has(PRODUCTS, {"product_name": "Bath", "valid_to": MOVED}, {"product_name": "Bonn", "valid_from": MOVED})
    silver.has(ORDER_LINES, *LINES)
    silver.has(RETURNS, {"order_id": order_id, "customer_id": "C", "product_id": "P", "returned_at": RETURNED})
    assert values(silver.returns(), "lived_in", "product_name") == [(lived_in, lived_in)]


def test_a_changed_line_concerns_the_months_of_the_returns_that_name_its_order(lake: Lake, silver: Silver) -> None:
    orders = {"O": MOVED, "another": RETURNED, None: day("2024-05-01")}
    silver.has(
        RETURNS,
        *({"return_id": str(order), "order_id": order, "returned_at": when} for order, when in orders.items()),
    )
    lake.append(RETURNS, silver.rows(RETURNS))
    lake.ensure(ORDER_LINES)
    publish(lake, batches=[], configuration={}, now=datetime(2024, 6, 1, tzinfo=UTC))
    lake = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    assert months_of_changed_orders(lake) == set()
    lake.append(ORDER_LINES, silver.has(ORDER_LINES, LINES[0] | {"order_status": "completed"}).rows(ORDER_LINES))
    assert months_of_changed_orders(lake) == {date(2024, 3, 1)}
    lake.release()
