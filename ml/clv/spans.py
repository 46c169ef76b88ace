"""How the time observed is cut: what is known, what is held out, and earlier spans that a challenger learns from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lakehouse.settings.models import Clv

_PARTS = (1.0, 0.75, 0.5)
LEAST_DAYS = 28
"""Of a span to learn from, and of what is known before it."""


@dataclass(frozen=True, order=True)
class Span:
    """Customers are known at `start`; what they do until `until` (not included) is to be predicted."""

    start: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.start).days


def held_out(first: date, as_of: date, rules: Clv) -> Span:
    """The last days before `as_of`: a share of the time since `first`, the day of the first order, and no more than
    so many days."""
    days = min(round((as_of - first).days * rules.holdout_share), rules.most_holdout_days)
    return Span(as_of - timedelta(days=days), as_of)


def earlier(first: date, test: Span) -> list[Span]:
    """Spans that end where the test begins, of its length and shorter, with as much time before each of them.

    Several, so that what is learnt does not hang on one cut-off. None where the time known is too short.
    """
    most = min(test.days, (test.start - first).days // 2)
    lengths = [round(most * part) for part in _PARTS]
    return [Span(test.start - timedelta(days=one), test.start) for one in lengths if one >= LEAST_DAYS]
