"""Measures of attribution: the credits of an order add up to one, and those of campaigns to what they are made of."""

from __future__ import annotations

from lakehouse.delta.quoting import literal
from lakehouse.gold.campaigns.campaign_rows import NO_CAMPAIGN
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI, MODELS
from quality.checks.measures import broken_cases, same_sums
from quality.heads import Heads
from quality.verdicts import Measured

TOLERANCE = 1e-9
ORDER = ("source_system", "order_id", "order_date", "currency")


def credits_beyond_one(heads: Heads) -> Measured:
    """Orders whose shares of a model add up to another number than 1."""
    order = ", ".join(ORDER)
    beyond = " OR ".join(f"abs(sum({name}) - 1) > {TOLERANCE}" for name in MODELS)
    broken = f"SELECT {order} FROM {CAMPAIGN_ATTRIBUTION.name} GROUP BY {order} HAVING {beyond}"
    return broken_cases(heads, CAMPAIGN_ATTRIBUTION, broken, ORDER, "orders whose credits do not add up to 1")


def revenue_of_campaigns(heads: Heads) -> Measured:
    """Revenue by last contact of gold.campaign_roi that is not that of the credits.

    A last contact has all of its order or nothing, so no rounding is in between.
    """
    revenue = "CASE WHEN last_touch = 1 THEN net_revenue ELSE 0 END AS last_touch_revenue"
    credits = f"(SELECT source_system, currency, {revenue} FROM {CAMPAIGN_ATTRIBUTION.name})"
    campaigns = f"(SELECT * FROM {CAMPAIGN_ROI.name} WHERE campaign_id <> {literal(NO_CAMPAIGN)})"
    return same_sums(heads, credits, campaigns, ("last_touch_revenue",), with_rows=False)
