"""Sixty customers who order at a pace of their own, of whom two thirds stop: their orders, features and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

TRAIN, TEST, AFTER = (date(2023, 5, 1), date(2023, 6, 1)), date(2023, 9, 1), date(2023, 10, 1)
TOO_LATE = date(2023, 7, 1)
"""A cut-off whose horizon reaches into the test: nobody may train on it."""
HORIZON = timedelta(days=90)
CONTACTED_AT = datetime(2023, 6, 15, 9, tzinfo=UTC)
_STOPS = (date(2023, 5, 10), date(2023, 8, 10), date(2024, 2, 1))


@dataclass(frozen=True)
class Order:
    person: int
    day: date
    revenue: Decimal

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


def key(person: int) -> int:
    return 1_000_000 + person


@cache
def orders() -> tuple[Order, ...]:
    found = []
    for person in range(60):
        day, gap = date(2023, 2, 1) + timedelta(days=person % 28), timedelta(days=20 + person % 7 * 9)
        while day < _STOPS[person % 3]:
            found.append(Order(person, day, Decimal(20 + person + len(found) % 11)))
            day += gap
    return tuple(found)


def order_totals() -> list[dict[str, Any]]:
    return [
        {"source_system": "shop", "order_id": f"M{at}", "order_date": order.day, "currency": "GBP",
         "order_month": order.day.replace(day=1), "ordered_at": order.at, "customer_id": f"M{order.person}",
         "customer_durable_key": key(order.person), "net_revenue": order.revenue, "net_of_returns": order.revenue}
        for at, order in enumerate(orders())
    ]  # fmt: skip


def known(person: int, cut_off: date) -> list[Order]:
    return [order for order in orders() if order.person == person and order.day < cut_off]


def features() -> list[dict[str, Any]]:
    """Those of the cut-offs; what no rule here fills is 0 or NULL."""
    found = []
    for cut_off in (*TRAIN, TOO_LATE, TEST, AFTER):
        for person in range(60):
            if before := known(person, cut_off):
                revenue = sum((order.revenue for order in before), Decimal(0))
                found.append(
                    {"source_system": "shop", "customer_durable_key": key(person), "cut_off": cut_off,
                     "days_since_last_order": (cut_off - before[-1].day).days, "orders_before": len(before),
                     "age_days": (cut_off - before[0].day).days, "revenue_before": revenue, "currency": "GBP"}
                )  # fmt: skip
    return found


def left() -> dict[int, bool]:
    """Person -> whether no order came in the horizon from the day of the test on."""
    back = {order.person for order in orders() if TEST <= order.day < TEST + HORIZON}
    return {person: person not in back for person in range(60)}


def touches() -> list[dict[str, Any]]:
    """One campaign: every fourth person is held out, and one of them contacted all the same."""
    rows = [(person, person % 4 == 0) for person in range(60)] + [(0, False)]
    return [
        {"source_system": "shop", "touch_id": f"t{at}", "campaign_id": "SPRING", "customer_id": f"M{person}",
         "touched_at": CONTACTED_AT, "is_holdout": held_out}
        for at, (person, held_out) in enumerate(rows)
    ]  # fmt: skip


def caused() -> tuple[float, float]:
    """What contacted people bought in the thirty days, and what of it the campaign caused, by difference in means."""
    until = CONTACTED_AT + timedelta(days=30)
    spent = [0.0] * 60
    for order in orders():
        if CONTACTED_AT <= order.at < until:
            spent[order.person] += float(order.revenue)
    held_out, contacted = spent[::4], [amount for person, amount in enumerate(spent) if person % 4]
    gain = sum(contacted) / len(contacted) - sum(held_out) / len(held_out)
    return sum(contacted), gain * len(contacted)
