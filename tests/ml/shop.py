"""A small shop in gold, made without a pipeline: seventeen months of a few hundred customers and six products."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from lakehouse.tables import silver
from lakehouse.tables.gold import DIM_CAMPAIGN, DIM_CUSTOMER, DIM_DATE, DIM_PRODUCT, FACT_RETURNS
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from tests.lakes import write

FIRST, AS_OF = date(2022, 10, 1), date(2024, 3, 1)
ALWAYS = {"valid_from": datetime(1, 1, 1, tzinfo=UTC), "valid_to": datetime(9999, 12, 31, tzinfo=UTC)}
CATEGORIES = ("Hats", "Hats", "Hats", "Bags", "Bags", "Bags")
Row = dict[str, Any]


def order_rows(customers: int, seed: int) -> list[Row]:
    """Orders of customers who buy at rates of their own, some of whom stay away after an order."""
    chance = np.random.default_rng(seed)
    span, rows = (AS_OF - FIRST).days, []
    for customer in range(1, customers + 1):
        rate, drop = chance.gamma(1.2, 1 / 40), chance.beta(0.6, 2.0)
        day = float(chance.uniform(0, span * 0.8))
        while day < span:
            rows.append(_order(len(rows), customer, FIRST + timedelta(days=int(day)), chance))
            if chance.uniform() < drop:
                break
            day += float(chance.exponential(1 / max(rate, 1e-4)))
    return rows


def _order(number: int, customer: int, day: date, chance: np.random.Generator) -> Row:
    product = int(chance.integers(len(CATEGORIES)))
    revenue = Decimal(int(chance.integers(10, 90)))
    margin = (revenue * Decimal("0.4")).quantize(Decimal("0.01"))
    return {
        "source_system": "s", "order_id": f"O{number}", "order_date": day, "order_month": day.replace(day=1),
        "ordered_at": datetime.combine(day, time(12), UTC), "currency": "GBP", "customer_durable_key": customer,
        "customer_id": f"C{customer}", "first_product_key": product, "lines": 1, "units": 1, "gross_revenue": revenue,
        "net_revenue": revenue, "costed_revenue": revenue, "cost": revenue - margin, "margin": margin,
        "net_of_returns": revenue, "margin_net_of_returns": margin, "returned_cost": Decimal(0),
    }  # fmt: skip


def day_rows(orders: list[Row]) -> list[Row]:
    """gold.product_days of these orders."""
    found: dict[tuple[int, date], Row] = {}
    for order in orders:
        key = order["first_product_key"], order["order_date"]
        day = found.setdefault(
            key,
            {
                "source_system": "s", "product_durable_key": key[0], "full_date": key[1], "currency": "GBP",
                "month_start": order["order_month"], "cost": Decimal(0), "margin": Decimal(0),
            },
        )  # fmt: skip
        for name in ("orders", "lines", "units"):
            day[name] = day.get(name, 0) + 1
        for name in ("gross_revenue", "net_revenue", "costed_revenue", "net_of_returns", "cost", "margin"):
            day[name] = day.get(name, Decimal(0)) + order[name]
    return list(found.values())


def write_shop(lake: Path, customers: int = 400, seed: int = 7) -> list[Row]:
    """Writes all tables of gold and silver that models read. Returns the orders."""
    orders = order_rows(customers, seed)
    write(lake, ORDER_TOTALS, orders)
    write(lake, PRODUCT_DAYS, day_rows(orders))
    write(lake, MART_CURRENCIES, [{"source_system": "s", "reporting_currency": "GBP", "is_converted": True}])
    people = [
        {"customer_key": key, "customer_durable_key": key, "customer_id": f"C{key}", "country_code": "GB"}
        for key in range(1, customers + 1)
    ]
    goods = [
        {"product_key": key, "product_durable_key": key, "product_id": f"P{key}", "category": name}
        for key, name in enumerate(CATEGORIES)
    ]
    current = {"source_system": "s", "is_current": True, "is_merchandise": True} | ALWAYS
    write(lake, DIM_CUSTOMER, [one | current for one in people])
    write(lake, DIM_PRODUCT, [one | current for one in goods])
    write(lake, DIM_CAMPAIGN, [])
    write(lake, FACT_RETURNS, [])
    write(lake, silver.CAMPAIGN_TOUCHES, [])
    write(lake, silver.CAMPAIGN_SPEND, [])
    days = (FIRST + timedelta(days=number) for number in range((AS_OF - FIRST).days + 200))
    write(lake, DIM_DATE, [_calendar_day(day) for day in days])
    return orders


def _calendar_day(day: date) -> Row:
    return {
        "date_key": int(f"{day:%Y%m%d}"), "full_date": day, "week_start": day - timedelta(days=day.weekday()),
        "month": day.month, "year": day.year, "iso_week": day.isocalendar().week,
        "is_holiday": (day.month, day.day) == (12, 25),
    }  # fmt: skip
