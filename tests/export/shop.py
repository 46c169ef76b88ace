"""A small published shop whose values are as awkward as a merchant's can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lakehouse.tables import gold
from tests.lakes import publish, published_star, write

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
NOON = datetime(2024, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
AWKWARD = 'O\'Brien, "Ann"\n\\N\t漢 é 😀 %s {} ;--'
MONEY = Decimal("12345678901234.5678")
_SOURCE = {"source_system": "shop"}
_VERSION = {"valid_from": FIRST, "valid_to": LAST, "is_current": True}
CUSTOMER = {
    **_SOURCE, **_VERSION, "customer_key": -(2**63), "customer_durable_key": 11, "customer_id": "C1",
    "email": "ann@example.com", "first_name": "Ann", "last_name": None, "birth_date": date(1970, 2, 28),
    "company_name": "=HYPERLINK(\"http://x\")", "city": AWKWARD, "country_name": "-1+1",
}  # fmt: skip
PRODUCT = {
    **_SOURCE, **_VERSION, "product_key": 2**63 - 1, "product_durable_key": 21, "product_id": "P1",
    "product_name": AWKWARD, "category": "", "list_price": Decimal("-0.0001"), "is_merchandise": True,
}  # fmt: skip
DAY = {
    "date_key": 20240501, "full_date": date(2024, 5, 1), "month_name": "May",
    "holidays": {"GB": "May \"Day\"", "FR": "Fête du Travail"},
}  # fmt: skip
_KEYS = {"customer_key": -(2**63), "product_key": 2**63 - 1, "date_key": 20240501}
SALE = {
    **_SOURCE, **_KEYS, "order_id": "A1", "line_number": 1, "geography_key": 31, "campaign_key": 41, "ordered_at": NOON,
    "order_date": date(2024, 5, 1), "order_month": date(2024, 5, 1), "order_status": "completed", "quantity": 2,
    "unit_price": MONEY, "gross_revenue": MONEY, "net_revenue": MONEY, "currency": "GBP", "promised_at": None,
    "reporting_rate": Decimal("0.12345678"),
}  # fmt: skip
SALES = [
    SALE,
    SALE
    | {"line_number": 2, "unit_price": Decimal("9.9900"), "net_revenue": Decimal("9.9900"), "cost": Decimal("4.0000")},
]
RETURNS = [
    {
        **_SOURCE, **_KEYS, "return_id": number, "order_id": order, "line_number": 1 if order else None,
        "returned_at": NOON, "return_date": date(2024, 5, 2), "return_month": date(2024, 5, 1), "quantity": 1,
        "refund_amount": refund, "currency": "GBP",
    }
    for number, order, refund in (("R1", "A1", Decimal("1.2345")), ("R2", None, None))
]  # fmt: skip
PREDICTIONS = [
    {
        **_SOURCE,
        "customer_durable_key": key,
        "customer_id": f"C{key}",
        "clv_months": months,
        "churn_probability": chance,
    }
    for key, months, chance in ((11, [0.1, None, 1e300], float("nan")), (12, [], 1 / 3), (13, None, None))
]
ROWS: dict[str, Sequence[dict[str, Any]]] = {
    "dim_customer": [CUSTOMER],
    "dim_product": [PRODUCT],
    "dim_date": [DAY],
    "dim_geography": [{"geography_key": 31}],
    "dim_campaign": [{**_SOURCE, "campaign_key": 41}],
    "fact_sales": SALES,
    "fact_returns": RETURNS,
    "customer_predictions": PREDICTIONS,
}


def make_shop(lake: Path) -> Path:
    """The shop as publication 1 of a new lake."""
    published_star(lake, **ROWS)
    return lake


def publish_prices(lake: Path, number: int, price: Decimal) -> None:
    """A further publication, in which facts and the list price of the product are others: both, or none, are seen."""
    sales = [row | {"unit_price": price} for row in SALES]
    changed: Iterable[tuple[Any, Any]] = (
        (gold.FACT_SALES, sales),
        (gold.DIM_PRODUCT, [PRODUCT | {"list_price": price}]),
    )
    versions = {table.name: 0 for table in gold.TABLES}
    publish(lake, number, versions | {table.name: write(lake, table, rows) for table, rows in changed})


def comparable(rows: Iterable[Sequence[Any]]) -> list[str]:
    """Rows in one order, each value with all its digits and its type; instants in UTC."""
    return sorted(repr([_plain(value) for value in row]) for row in rows)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return sorted(value.items()) if isinstance(value, dict) else value
