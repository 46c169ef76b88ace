"""What files say of themselves is held against what the lake makes of it, per order, in money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lakehouse.lake import Lake
from lakehouse.tables.silver import ORDER_CHARGES, ORDER_LINES, PAYMENTS
from quality.checks.stated import lines_beside_prices, orders_beside_payments, orders_beside_totals
from quality.heads import Heads
from quality.thresholds import Stated
from quality.verdicts import NOTHING_BROKEN, Measured
from tests.lakes import write

LIMITS = Stated(max_share=0, rounding=0.005, rounding_of_a_unit=0.005)
OF_SHOP = {"source_system": "shop", "currency": "EUR"}


def line(order: str, net: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """A completed line; amounts are texts."""
    said = more.pop("order_status", "completed")
    money = {name: Decimal(value) if isinstance(value, str) else value for name, value in more.items()}
    usual = {"line_number": number, "order_status": said, "quantity": 1}
    return OF_SHOP | usual | {"order_id": order, "net_revenue": Decimal(net)} | money


def charge(order: str, **more: Any) -> dict[str, Any]:
    money = {name: Decimal(value) if name.endswith("_amount") else value for name, value in more.items()}
    return OF_SHOP | {"charge_id": order, "order_id": order, "is_within_prices": False} | money


def paid(order: str, amount: str, status: str | None = None) -> dict[str, Any]:
    return OF_SHOP | {
        "payment_id": order + amount,
        "order_id": order,
        "amount": Decimal(amount),
        "payment_status": status,
    }


@pytest.fixture
def heads(lake: Lake) -> Heads:
    lines = [
        line("exact", "10", gross_amount="10", unit_price="3.33", quantity=3, stated_order_total="10"),
        line("wrong", "11", gross_amount="10", unit_price="3.32", quantity=3, stated_order_total="10"),
        line("charged", "10", stated_order_total="16.005"),
        line("charged", "1", 2),
        line("within", "10", stated_order_total="10"),
        line("silent", "10"),
        line("cancelled", "10", order_status="cancelled"),
    ]
    charges = [
        charge("charged", shipping_amount="4", tip_amount="1"),
        charge("within", tax_amount="1.6", is_within_prices=True),
        charge("silent", charge_kind="gift_card", amount=Decimal(-4)),
    ]
    payments = [
        paid("exact", "10"), paid("exact", "5", "failed"), paid("silent", "2"), paid("silent", "4"), paid("wrong", "9"),
        paid("cancelled", "1"),
    ]  # fmt: skip
    for table, rows in ((ORDER_LINES, lines), (ORDER_CHARGES, charges), (PAYMENTS, payments)):
        write(lake.root, table, rows)
    return Heads(lake)


def test_what_differs_is_counted_in_money_with_the_orders(heads: Heads) -> None:
    assert lines_beside_prices(heads, LIMITS) == Measured(
        0.5,
        "shop: 1 of 2 lines differ: 0.04 EUR more here, 0.00 less",
        ("shop wrong line 1: 9.9600 stated, 10.0000 here, EUR",),
    )
    assert orders_beside_totals(heads, LIMITS) == Measured(
        0.25,
        "shop: 1 of 4 orders differ: 1.00 EUR more here, 0.00 less",
        ("shop wrong: 10.0000 stated, 11.0000 here, EUR",),
    )
    assert orders_beside_payments(heads, LIMITS) == Measured(
        1 / 3,
        "shop: 1 of 3 orders differ: 2.00 EUR more here, 0.00 less",
        ("shop wrong: 9.0000 stated, 11.0000 here, EUR",),
    )
    heads.release()


def test_the_source_of_which_most_differs_counts_and_one_that_is_sound_is_not_told(lake: Lake) -> None:
    def stated(source: str, *totals: str) -> list[dict[str, Any]]:
        lines = [line(str(place), "10", stated_order_total=total) for place, total in enumerate(totals)]
        return [one | {"source_system": source} for one in lines]

    write(lake.root, ORDER_CHARGES, [])
    write(lake.root, ORDER_LINES, [*stated("a", "10", "11"), *stated("b", "9"), *stated("c", "10.005")])
    found = orders_beside_totals(Heads(lake), LIMITS)
    assert (found.figure, found.observed.split("; ")) == (1, [
        "a: 1 of 2 orders differ: 0.00 EUR more here, 1.00 less",
        "b: 1 of 1 orders differ: 1.00 EUR more here, 0.00 less",
    ])  # fmt: skip
    write(lake.root, ORDER_LINES, stated("c", "10.005"))
    assert orders_beside_totals(Heads(lake), LIMITS) == NOTHING_BROKEN
