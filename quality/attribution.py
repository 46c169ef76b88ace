"""Measure of attribution: the credits of an order add up to one."""

from __future__ import annotations

from lakehouse.tables.campaign_marts import CAMPAIGN_ATTRIBUTION, MODELS
from quality.measures import broken_cases
from quality.staged import Staged
from quality.verdicts import Measured

TOLERANCE = 1e-9
ORDER = ("source_system", "order_id", "order_date", "currency")


def credits_beyond_one(staged: Staged) -> Measured:
    """Orders whose shares of a model add up to another number than 1."""
    order = ", ".join(ORDER)
    beyond = " OR ".join(f"abs(sum({name}) - 1) > {TOLERANCE}" for name in MODELS)
    broken = f"SELECT {order} FROM {CAMPAIGN_ATTRIBUTION.name} GROUP BY {order} HAVING {beyond}"
    return broken_cases(staged, CAMPAIGN_ATTRIBUTION, broken, ORDER, "orders whose credits do not add up to 1")
