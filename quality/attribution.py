"""Measure of attribution: the credits of an order add up to one."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import functions as F

from lakehouse.tables.campaign_marts import CAMPAIGN_ATTRIBUTION, MODELS
from quality.measures import key_texts
from quality.staged import Staged
from quality.verdicts import NOTHING_BROKEN, Measured

TOLERANCE = 1e-9
ORDER = ("source_system", "order_id", "order_date", "currency")


def credits_beyond_one(staged: Staged) -> Measured:
    """Orders whose shares of a model add up to another number than 1."""
    sums = (F.sum(name).alias(name) for name in MODELS)
    orders = staged.whole(CAMPAIGN_ATTRIBUTION).groupBy(*ORDER).agg(*sums)
    broken = orders.where(reduce(lambda a, b: a | b, (F.abs(F.col(name) - 1) > TOLERANCE for name in MODELS)))
    examples = key_texts(CAMPAIGN_ATTRIBUTION, broken, ORDER)
    if not examples:
        return NOTHING_BROKEN
    count = broken.count()
    return Measured(count, f"{count:,} orders whose credits do not add up to 1", examples)
