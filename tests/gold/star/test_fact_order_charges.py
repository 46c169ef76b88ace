"""What an order costs beside its goods has a fact of its own, a row for each charge."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.gold.star.fact_order_charges import fact_order_charges
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.silver import ORDER_CHARGES
from tests.gold.stars import frame, sale

DAY = {
    "charged_at": datetime(2024, 2, 1, tzinfo=UTC),
    "charge_date": date(2024, 2, 1),
    "charge_month": date(2024, 2, 1),
}


def stated(charge: str, order: str, **amounts: Any) -> dict[str, Any]:
    money = {name: Decimal(value) if name.endswith("amount") else value for name, value in amounts.items()}
    return DAY | {"charge_id": charge, "order_id": order} | money


def test_charges_come_one_by_one_with_the_customer_and_status_of_their_order(spark: SparkSession) -> None:
    charges = [
        stated("1", "A", charge_kind="gift_card", amount="-5", is_within_prices=False),
        stated("2", "A", shipping_amount="4.90", tax_amount="3.19", tip_amount="0", is_within_prices=True),
        stated("3", "B", charge_kind="rounding", amount="0", is_within_prices=False),
        stated("4", "B"),
    ]
    sales = [
        sale("A", 2, "2024-02-01", 1, customer_key=8, order_status="pending"),
        sale("A", 1, "2024-02-01", 1, customer_key=7),
    ]
    rows = fact_order_charges(
        frame(spark, ORDER_CHARGES, charges),
        frame(spark, FACT_SALES, sales),
        None,
        reporting_currency="GBP",
        last_day=date(2030, 12, 31),
    )
    names = ("charge_id", "charge_kind", "amount", "is_within_prices", "customer_key", "order_status", "date_key")
    assert sorted(tuple(map(str, row)) for row in rows.select(*names).collect()) == [
        ("1", "gift_card", "-5.0000", "False", "7", "completed", "20240201"),
        ("2", "shipping", "4.9000", "False", "7", "completed", "20240201"),
        ("2", "tax", "3.1900", "True", "7", "completed", "20240201"),
        ("3", "rounding", "0.0000", "False", "None", "None", "20240201"),
    ]
