"""Orders with what they brought and what came back, in one currency: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from pyspark.sql import DataFrame

from lakehouse.gold.sales.order_totals import order_totals, touched_months
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.tables.gold import FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import MART_CURRENCIES
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS, RETURNS
from tests.gold.conftest import Silver, day, values
from tests.gold.stars import frame, refund, sale

FIRST = day("2024-02-01")


def line(number: int, revenue: int, order: str = "A", **more: object) -> dict[str, object]:
    """A completed line of 10 more than its revenue, which the discount takes off."""
    amounts = {"unit_price": Decimal(revenue + 10), "discount": Decimal(10), "net_revenue": Decimal(revenue)}
    known = {"order_id": order, "line_number": number, "ordered_at": FIRST, "order_status": "completed"}
    return known | amounts | {"gross_revenue": Decimal(revenue + 10)} | more


def totals(silver: Silver, converted: Sequence[str] = ()) -> DataFrame:
    return order_totals(silver.sales(), silver.returns(), silver.customers(), converted=converted)


def test_an_order_brings_its_completed_lines_less_what_came_back_of_them(silver: Silver) -> None:
    silver.has(PRODUCTS, {"unit_cost": Decimal(3)}).has(CUSTOMERS, {})
    silver.has(ORDER_LINES, line(1, 90, quantity=4), line(2, 20), line(3, 500, order_status="cancelled"))
    silver.has(
        RETURNS,
        {"return_id": "1", "line_number": 1, "order_id": "A", "quantity": 1, "refund_amount": Decimal(20)},
        {"return_id": "2", "line_number": 3, "order_id": "A", "quantity": 1, "refund_amount": Decimal(500)},
        {"return_id": "3", "line_number": 2, "order_id": "A", "quantity": 1, "refund_amount": None},
    )
    for row in silver.given[RETURNS.name]:
        row["returned_at"] = day("2024-03-01")
    found = totals(silver)
    assert values(found, "customer_id", "lines", "units", "gross_revenue", "discount", "net_revenue") == [
        ("C", 2, 5, 130, 20, 110)
    ]
    assert values(found, "cost", "margin", "return_lines", "returned_units", "unpriced_returns", "refund_amount") == [
        (15, 95, 2, 2, 1, 20)
    ]
    # One of four units at 3 and the one at 3 can be sold again.
    assert values(found, "net_of_returns", "returned_cost", "margin_net_of_returns") == [(90, 6, 81)]


def test_a_source_with_a_rate_for_everything_is_in_the_reporting_currency_line_by_line(silver: Silver) -> None:
    silver.has(FX_RATES, {"currency": "EUR", "rate_date": FIRST.date(), "exchange_rate": Decimal("0.33333333")})
    silver.has(ORDER_LINES, line(1, 90, currency="EUR"), line(2, 20))
    assert values(totals(silver, ["s"]), "currency", "gross_revenue", "discount", "net_revenue") == [
        ("GBP", Decimal("63.3333"), Decimal("13.3333"), 50)
    ]


def test_without_rates_each_currency_of_an_order_stands_alone(silver: Silver) -> None:
    silver.has(ORDER_LINES, line(1, 90, currency="EUR"), line(2, 20))
    assert values(totals(silver), "currency", "net_revenue") == [("EUR", 90), ("GBP", 20)]


def test_guests_have_orders_and_no_customer(silver: Silver) -> None:
    silver.has(ORDER_LINES, line(1, 90, customer_id=None), line(1, 20, order="B"))
    assert values(totals(silver), "order_id", "customer_id") == [("A", None), ("B", "C")]


def test_customer_and_first_product_of_an_order_are_those_of_its_first_line(silver: Silver) -> None:
    silver.has(ORDER_LINES, line(2, 20, customer_id="B", product_id="A"), line(1, 90, customer_id="D", product_id="Q"))
    products = silver.products().selectExpr("product_key AS first_product_key", "product_id")
    found = totals(silver).join(products, "first_product_key")
    assert values(found, "customer_id", "product_id") == [("D", "Q")]


def test_a_return_touches_the_month_of_its_order(lake: Lake) -> None:
    lines = [sale("A", 1, "2024-01-10", 5), sale("B", 1, "2024-02-10", 5)]
    lake.overwrite(FACT_SALES, frame(lake.spark, FACT_SALES, lines))
    for table in (FACT_RETURNS, MART_CURRENCIES):
        lake.ensure(table)
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    lake = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    assert touched_months(lake) == set()
    back = [
        refund("matched", "2024-02-20", 1, order_id="A", line_number=1, order_date=date(2024, 1, 10)),
        refund("of no known order", "2024-02-20", 1),
    ]
    lake.append(FACT_RETURNS, frame(lake.spark, FACT_RETURNS, back))
    assert touched_months(lake) == {date(2024, 1, 1)}
    lake.release()
