"""What a reader has chosen to look at, and the condition that it makes of a query. Values are always parameters."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


class Compare(StrEnum):
    """What a period is held against."""

    FORMER_YEAR = "former year"
    FORMER_PERIOD = "former period"
    NOTHING = "nothing"


class Grain(StrEnum):
    """How long one point of a line is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


COLUMNS = {
    "category": "category",
    "segment": "customer_segment",
    "country": "country_name",
    "channel": "sales_channel",
}
"""Dimension of a filter -> column of gold.daily_sales."""
ALL = tuple(COLUMNS)
RFM = "rfm"
"""The filter of RFM segments: of customers, not of order lines, so no column of gold.daily_sales."""
_DAYS_BY_DAY, _DAYS_BY_WEEK = 45, 400


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both counted."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def grain(self) -> Grain:
        """The finest that does not crowd a line."""
        if self.days <= _DAYS_BY_DAY:
            return Grain.DAY
        return Grain.WEEK if self.days <= _DAYS_BY_WEEK else Grain.MONTH

    def former(self, compare: Compare) -> Period | None:
        """The days to compare with; the former year has the same days of the month, and 28 February for the 29th."""
        if compare is Compare.NOTHING:
            return None
        if compare is Compare.FORMER_YEAR:
            return Period(_year_before(self.since), _year_before(self.until))
        until = self.since - timedelta(days=1)
        return Period(until - timedelta(days=self.days - 1), until)

    def within(self, other: Period) -> bool:
        return other.since <= self.since and self.until <= other.until


def _year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


@dataclass(frozen=True)
class Filters:
    """One source in one currency, for nothing adds two up; a period; and values of dimensions (none: all of them)."""

    source: str
    currency: str
    period: Period
    known: Period
    """The days that the source's figures cover."""
    compare: Compare = Compare.NOTHING
    category: tuple[str, ...] = ()
    segment: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    rfm: tuple[str, ...] = ()

    @property
    def former(self) -> Period | None:
        """The period to compare with; None where the source's figures do not cover all of it."""
        then = self.period.former(self.compare)
        return then if then and then.within(self.known) else None

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Dimension -> values, for those that leave something out."""
        return {name: values for name in COLUMNS if (values := getattr(self, name))}

    @property
    def in_force(self) -> dict[str, tuple[str, ...]]:
        """As `chosen`, with RFM segments."""
        return self.chosen | ({RFM: self.rfm} if self.rfm else {})

    def during(self, period: Period) -> Filters:
        return replace(self, period=period)

    def only(self, *dimensions: str) -> Filters:
        """Without the dimensions that a table does not know."""
        without: dict[str, Any] = {name: () for name in (*COLUMNS, RFM) if name not in dimensions}
        return replace(self, **without)


@dataclass(frozen=True)
class Condition:
    """Text for a WHERE, of fixed parts only, and the values of its parameters."""

    text: str
    values: Mapping[str, object]


def of_market(filters: Filters, prefix: str = "") -> Condition:
    """Source, currency and dimensions, without days."""
    parts = [f"{prefix}source_system = $source", f"{prefix}currency = $currency"]
    parts += [f"list_contains($in_{name}, {prefix}{COLUMNS[name]})" for name in filters.chosen]
    values = {f"in_{name}": values for name, values in filters.chosen.items()}
    return Condition(" AND ".join(parts), {"source": filters.source, "currency": filters.currency, **values})


def of_period(filters: Filters, day: str = "full_date") -> Condition:
    """As `of_market`, and the days of the period."""
    market = of_market(filters)
    days = {"since": filters.period.since, "until": filters.period.until}
    return Condition(f"{market.text} AND {day} BETWEEN $since AND $until", {**market.values, **days})


def of_both(filters: Filters, day: str = "full_date") -> tuple[Condition, str, str]:
    """The days of the period and of the former one; and the two conditions that tell them apart."""
    market, then = of_market(filters), filters.former
    now_text = f"{day} BETWEEN $since AND $until"
    values: dict[str, object] = {**market.values, "since": filters.period.since, "until": filters.period.until}
    if then is None:
        return Condition(f"{market.text} AND {now_text}", values), now_text, "false"
    then_text = f"{day} BETWEEN $then_since AND $then_until"
    values |= {"then_since": then.since, "then_until": then.until}
    return Condition(f"{market.text} AND ({now_text} OR {then_text})", values), now_text, then_text


def bucket(grain: Grain, day: str = "full_date") -> str:
    """SQL for the first day of the point that a day belongs to: weeks begin at $since, months on their first."""
    return {
        Grain.DAY: day,
        Grain.WEEK: f"$since + CAST(({day} - $since) // 7 AS INTEGER) * 7",
        Grain.MONTH: f"CAST(date_trunc('month', {day}) AS DATE)",
    }[grain]


def buckets(period: Period, grain: Grain) -> list[date]:
    """The points of a period, in order, whether anything was sold in them or not."""
    if grain is Grain.MONTH:
        return list(_months(period))
    step = 1 if grain is Grain.DAY else 7
    return [period.since + timedelta(days=at) for at in range(0, period.days, step)]


def _months(period: Period) -> Iterable[date]:
    at = period.since.replace(day=1)
    while at <= period.until:
        yield at
        at = (at + timedelta(days=31)).replace(day=1)
