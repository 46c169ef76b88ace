"""A small shop for features: rows of what they are made of, and the features as they come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.gold.amounts import counted_returns
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from ml.features.customer_features import customer_features
from tests.gold.stars import Row, frame, refund, total

FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


def order(name: str, day: str, customer: str | None, revenue: int = 10, **more: Any) -> Row:
    """A completed order of one line with one unit, at half its revenue's cost."""
    amounts = {"gross_revenue": Decimal(revenue), "margin": Decimal(revenue) / 2, "discount": Decimal(0)}
    return total(name, day, customer, revenue, **({"lines": 1, "units": 1} | amounts | more))


def version(customer: str, *, key: int | None = None, **more: Any) -> Row:
    """The only version of a customer, where nothing else is said; its key is that of the customer."""
    number = ord(customer[-1])
    known = {"customer_key": key or number, "customer_durable_key": number, "customer_id": customer}
    return {"source_system": "s", "valid_from": FIRST, "valid_to": LAST, "is_current": True} | known | more


def back(name: str, day: str, customer: str, amount: int = 3, **more: Any) -> Row:
    """A counted return of one unit by a customer's first version."""
    return refund(name, day, amount, **({"customer_key": ord(customer[-1])} | more))


def contact(name: str, at: str, customer: str, **more: Any) -> Row:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return {"source_system": "s", "touch_id": name, "customer_id": customer, "touched_at": moment} | more


def features(
    spark: SparkSession,
    *cut_offs: date,
    orders: Iterable[Row] = (),
    returns: Iterable[Row] = (),
    customers: Iterable[Row] = (),
    touches: Iterable[Row] = (),
    look_back_days: int = 365,
    everyone_at: Sequence[date] = (),
) -> list[dict[str, Any]]:
    """Rows of gold.customer_features, in the order of their keys."""
    rows = customer_features(
        frame(spark, ORDER_TOTALS, orders),
        counted_returns(frame(spark, FACT_RETURNS, returns), []),
        frame(spark, DIM_CUSTOMER, customers),
        frame(spark, CAMPAIGN_TOUCHES, touches),
        cut_offs=cut_offs,
        look_back_days=look_back_days,
        everyone_at=everyone_at,
    )
    found = (row.asDict() for row in rows.collect())
    return sorted(found, key=lambda row: (row["source_system"], row["cut_off"], row["customer_durable_key"]))


def days_before(day: date, number: int) -> str:
    return (day - timedelta(days=number)).isoformat()
