"""Small shops for tests of demand, as panels."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from ml.demand.calendar import Campaign, Known, black_friday
from ml.demand.panel import Numbers, Panel

MONDAY = date(2022, 10, 3)
NOTHING_KNOWN = Known(frozenset(), ())


def panel(lines: Numbers, category: list[int] | None = None, *, first: date = MONDAY, price: float = 10.0) -> Panel:
    """Products (rows) by weeks; each line is two units at `price`."""
    places = category or [0] * len(lines)
    return Panel(
        currency="GBP",
        first=first,
        categories=tuple(f"c{n}" for n in range(max(places) + 1)),
        category=np.array(places),
        keys=tuple(range(1, len(lines) + 1)),
        ids=tuple(f"P{n}" for n in range(1, len(lines) + 1)),
        sales={"lines": lines, "revenue": lines * price * 2, "units": lines * 2},
    )


def expected_total(weeks: int, *, first: date = MONDAY, campaigns: tuple[Campaign, ...] = ()) -> Numbers:
    """A shop of 400 lines a week that grows by a half a year, with a double Black Friday week, half as much again
    before Christmas, and a fifth more while a campaign runs."""
    values = []
    for week in range(weeks):
        monday = first + timedelta(weeks=week)
        days = [monday + timedelta(days=n) for n in range(7)]
        factor = np.mean([_season(day) for day in days])
        boost = sum(one.first <= day <= one.last for one in campaigns for day in days) / 7
        values.append(400 * np.exp(0.5 * week / 52) * factor * (1 + 0.2 * boost))
    return np.array(values)


def _season(day: date) -> float:
    if -4 <= (day - black_friday(day.year)).days <= 3:
        return 2.0
    return 1.5 if date(day.year, 12, 4) <= day <= date(day.year, 12, 22) else 1.0


def shop(weeks: int = 69, products: int = 24, categories: int = 3, *, seed: int = 1) -> Panel:
    """Poisson lines of products with steady shares."""
    draw = np.random.default_rng(seed)
    share = draw.dirichlet(np.full(products, 3.0))
    lines = draw.poisson(share[:, None] * expected_total(weeks)).astype(float)
    return panel(lines, [n % categories for n in range(products)])
