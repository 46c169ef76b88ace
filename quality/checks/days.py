"""What days tell: missing ones, and whether the newest is old. Over counts that one query takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lakehouse.tables.silver import ORDER_LINES
from quality.checks.measures import EXAMPLES
from quality.heads import Heads
from quality.verdicts import NOTHING_BROKEN, Measured

WEEK = timedelta(days=7)
Days = Mapping[date, int]
"""Day -> order lines."""


def lines_by_day(heads: Heads) -> dict[str, dict[date, int]]:
    """Order lines by source and day, of the whole table."""
    if "days" not in heads.found:
        by_day = (
            f"SELECT source_system, order_date, count(*) FROM {ORDER_LINES.name} GROUP BY source_system, order_date"
        )
        found: dict[str, dict[date, int]] = {}
        for source, day, lines in heads.ask(by_day):
            found.setdefault(source, {})[day] = lines
        heads.found["days"] = found
    by_source: dict[str, dict[date, int]] = heads.found["days"]
    return by_source


def missing_days(days: Days, weeks: int) -> list[date]:
    """Days of the last `weeks` without an order, though their weekday had orders in each of the `weeks` before."""
    if not days:
        return []
    last = max(days)
    recent = (last - timedelta(days=back) for back in range(weeks * 7, 0, -1))
    return [day for day in recent if day not in days and all(day - WEEK * back in days for back in range(1, weeks + 1))]


def days_without_orders(heads: Heads, weeks: int) -> Measured:
    """How many recent days are missing, over all sources."""
    missing = [
        f"{source} {day:%a %Y-%m-%d}"
        for source, days in sorted(lines_by_day(heads).items())
        for day in missing_days(days, weeks)
    ]
    return Measured(len(missing), f"no order on {', '.join(missing[:EXAMPLES])}") if missing else NOTHING_BROKEN


def days_behind(heads: Heads) -> Measured:
    """How many days before `as_of` the newest order was placed, of the source that lags most."""
    lags = {source: (heads.lake.as_of - max(days)).days for source, days in lines_by_day(heads).items()}
    if not lags:
        return NOTHING_BROKEN
    said = ", ".join(f"{source} {lag:,} days" for source, lag in sorted(lags.items()))
    return Measured(max(lags.values()), f"newest order before as-of: {said}")
