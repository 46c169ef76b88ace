"""Lines that name no method are counted by the payments of their order, in parts where it was paid in parts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.gold.sales.paid import NOT_PAID, counts, moved_returns, moved_sales, parts_of_orders
from lakehouse.gold.sales.payment_mix import payment_mix
from lakehouse.tables.gold import FACT_ORDER_CHARGES, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.sales import DAILY_SALES
from lakehouse.tables.silver import PAYMENTS
from tests.gold.stars import frame, refund, sale


def paid(payment: str, order: str, method: str | None, amount: str, **more: Any) -> dict[str, Any]:
    return {"payment_id": payment, "order_id": order, "payment_method": method, "amount": Decimal(amount)} | more


SALES = (
    sale("A", 1, "2024-02-01", 20),
    sale("A", 2, "2024-02-01", 10),
    sale("B", 1, "2024-02-02", 20),
    sale("C", 1, "2024-02-03", 7, payment_method="card"),
    sale("D", 1, "2024-02-03", 5),
    sale("E", 1, "2024-02-03", 50, order_status="cancelled"),
)
PAID = (
    paid("1", "A", "card", "20.00"),
    paid("2", "A", "paypal", "14.90", payment_status="Captured"),
    paid("3", "B", "card", "15.00"),
    paid("4", "B", "cash", "99.00", payment_status="FAILED"),
    paid("5", "C", "cash", "7.00"),
    paid("6", "E", "cash", "50.00"),
)
CHARGES = (
    {"order_id": "A", "amount": Decimal("4.90"), "is_within_prices": False},
    {"order_id": "B", "amount": Decimal("3.19"), "is_within_prices": True},
)
RETURNS = (
    refund("r", "2024-02-09", 4, order_id="A", line_number=1, order_date=SALES[0]["order_date"]),
    refund("s", "2024-02-09", 3),
)


def cell(method: str, revenue: int, orders: int, lines: int, **more: Any) -> Mapping[str, Any]:
    of_month = {"month_start": SALES[0]["order_month"], "full_date": SALES[0]["order_date"]}
    counted = {"leading_orders": orders, "lines": lines, "units": lines, "payment_method": method}
    return of_month | counted | {"gross_revenue": Decimal(revenue), "net_revenue": Decimal(revenue)} | more


def test_revenue_follows_what_was_paid_and_what_was_not_stays_without_a_method(spark: SparkSession) -> None:
    sales, returns = frame(spark, FACT_SALES, SALES), frame(spark, FACT_RETURNS, RETURNS)
    parts = parts_of_orders(sales, frame(spark, PAYMENTS, PAID), frame(spark, FACT_ORDER_CHARGES, CHARGES))
    moved = moved_sales(sales, parts, ()).unionByName(moved_returns(returns, sales, parts, ()))
    daily = frame(
        spark,
        DAILY_SALES,
        [
            cell("unknown", 55, 3, 4, refund_amount=Decimal(7), return_lines=2),
            cell("card", 7, 1, 1),
        ],
    )
    names = ("payment_method", "orders", "lines", "net_revenue", "refund_amount", "gross_revenue")
    found = payment_mix(daily, moved).select(*names).collect()
    assert sorted(tuple(str(value) for value in row) for row in found) == [
        # 30 x 20 / 34.90 = 17.19197…, 20 x 15 / 20, and 7
        ("card", "3", "4", "39.1920", "4.0000", "39.1920"),
        # 30 x 14.90 / 34.90 = 12.80802…
        ("paypal", "0", "0", "12.8080", "0.0000", "12.8080"),
        # 5 of B that nobody paid, and D; and what came back of nobody knows what
        ("unknown", "1", "1", "10.0000", "3.0000", "10.0000"),
    ]


def test_a_payment_in_which_no_money_moved_does_not_count(spark: SparkSession) -> None:
    states = [*NOT_PAID, "Failed", "captured", None]
    rows = [paid(str(place), "A", "card", "1", payment_status=state) for place, state in enumerate(states)]
    found = frame(spark, PAYMENTS, rows).where(counts()).collect()
    assert {row["payment_status"] for row in found} == {"captured", None}


def test_what_was_paid_exactly_or_beyond_leaves_no_part_without_a_method(spark: SparkSession) -> None:
    sales = [
        sale("exact", 1, "2024-02-01", 10),
        sale("beyond", 1, "2024-02-01", 10),
        sale("short", 1, "2024-02-01", 10),
    ]
    payments = [paid("1", "exact", "card", "10"), paid("2", "beyond", "card", "12"), paid("3", "short", "card", "9")]
    charges = frame(spark, FACT_ORDER_CHARGES, CHARGES)
    found = parts_of_orders(frame(spark, FACT_SALES, sales), frame(spark, PAYMENTS, payments), charges)
    parts = sorted((row["order_id"], row["payment_method"], row["_is_main"]) for row in found.collect())
    assert parts == [
        ("beyond", "card", True), ("exact", "card", True), ("short", "card", True), ("short", "unknown", False),
    ]  # fmt: skip


def test_a_charge_beside_the_prices_that_nobody_paid_is_a_part_without_a_method(spark: SparkSession) -> None:
    sales = [sale(order, 1, "2024-02-01", 10) for order in ("paid", "unpaid", "within")]
    payments = [paid("1", "paid", "card", "13"), paid("2", "unpaid", "card", "10"), paid("3", "within", "card", "10")]
    charges = [{"order_id": one["order_id"], "amount": 3, "is_within_prices": one is sales[2]} for one in sales]
    found = parts_of_orders(
        frame(spark, FACT_SALES, sales), frame(spark, PAYMENTS, payments), frame(spark, FACT_ORDER_CHARGES, charges)
    )
    parts = sorted((row["order_id"], row["payment_method"]) for row in found.collect())
    assert parts == [("paid", "card"), ("unpaid", "card"), ("unpaid", "unknown"), ("within", "card")]
