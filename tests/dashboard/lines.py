"""Order lines of a small shop at random, and what they add up to."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

FIRST, LAST, AS_OF = date(2023, 1, 1), date(2024, 3, 31), date(2024, 4, 1)
CATEGORIES = ("Cups", "Plates", "unknown")
COUNTRIES = {"United Kingdom": "GB", "France": "FR", "unknown": None}
CHANNELS = ("web", "app", "unknown")
SEGMENTS, METHODS = ("VIP", "Regular", "unknown"), ("card", "gift_card")
CENT, BEST = Decimal("0.01"), ("Champions", "Loyal", "Lost")


@dataclass(frozen=True)
class Line:
    """One completed order line; what came back of it came back on `returned_on`."""

    source: str
    currency: str
    order: str
    number: int
    day: date
    category: str
    country: str
    channel: str
    segment: str
    customer: str | None
    method: str
    units: int
    revenue: Decimal
    cost: Decimal | None
    returned: int
    refund: Decimal
    returned_on: date

    @property
    def product(self) -> str:
        return f"P-{self.category}"


def lines_of(source: str, orders: int, *, seed: int, costs: bool, customers: bool, dimensions: bool) -> list[Line]:
    """Orders of one to three lines. An order is of one customer, country, channel and day."""
    rng = random.Random(seed)
    found = []
    for at in range(orders):
        day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
        person = rng.randrange(12)
        whole = {
            "day": day,
            "country": rng.choice(list(COUNTRIES)) if dimensions else "unknown",
            "channel": rng.choice(CHANNELS) if dimensions else "unknown",
            "segment": SEGMENTS[person % 2] if customers and dimensions and person else "unknown",
            "customer": f"C{person}" if customers and person else None,
            "method": rng.choice(METHODS) if dimensions else "unknown",
        }
        for number in range(1, rng.randint(1, 3) + 1):
            units, revenue = rng.randint(1, 5), Decimal(rng.randint(100, 9999)) * CENT
            returned = units if rng.random() < 0.1 else 0
            found.append(
                Line(
                    source, "GBP", f"{source}-{at}", number,
                    category=rng.choice(CATEGORIES) if dimensions else "unknown",
                    units=units, revenue=revenue, cost=(revenue * Decimal("0.6")).quantize(CENT) if costs else None,
                    returned=returned, refund=revenue if returned else Decimal(0),
                    returned_on=min(day + timedelta(days=9), LAST), **whole,
                )
            )  # fmt: skip
    return found


def grouped(rows: Iterable[Any], key: Callable[[Any], tuple[Any, ...]]) -> dict[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def totals(sold: list[Line], back: list[Line]) -> dict[str, Any]:
    costed = [line for line in sold if line.cost is not None]
    cost = sum((line.cost for line in costed if line.cost is not None), Decimal(0)) if costed else None
    net, refund = sum((one.revenue for one in sold), Decimal(0)), sum((one.refund for one in back), Decimal(0))
    costed_revenue = sum((one.revenue for one in costed), Decimal(0))
    return {
        "lines": len(sold), "units": sum(one.units for one in sold), "gross_revenue": net, "net_revenue": net,
        "costed_revenue": costed_revenue, "cost": cost, "margin": None if cost is None else costed_revenue - cost,
        "return_lines": len(back), "returned_units": sum(one.returned for one in back), "refund_amount": refund,
        "net_of_returns": net - refund,
    }  # fmt: skip
