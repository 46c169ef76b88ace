"""Drift: whether customers are still like those that a model was trained on.

Population stability index of a feature: the sum over bins of (a - e) ln(a / e), where e are the shares of the customers
that the model was trained on and a those of today (Siddiqi 2006, Credit Risk Scorecards). Below 0.1 little has moved,
from 0.25 on much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

LEAST_SHARE = 1e-4
"""An empty bin counts as this, for the logarithm of nothing would outweigh all else."""


@dataclass(frozen=True)
class Bins:
    """How a feature was spread over the customers that a model was trained on."""

    edges: Sequence[float]
    """Upper ends of all bins but the last, ascending; a value at an edge is in the bin below it."""
    shares: Sequence[float]
    """Share of customers by bin, one more than edges, and last the share without a value."""


def stability_index(expected: Sequence[float], actual: Sequence[float]) -> float:
    """0 where both spread alike, else above."""
    pairs = [(max(e, LEAST_SHARE), max(a, LEAST_SHARE)) for e, a in zip(expected, actual, strict=True)]
    return sum((a - e) * math.log(a / e) for e, a in pairs)


def drift(customers: DataFrame, references: Mapping[str, Bins]) -> dict[str, float]:
    """Feature -> its index among these customers, in one pass over them; empty where there are none."""
    known = {name: bins for name, bins in references.items() if name in customers.columns}
    counts = [
        F.count_if(within).alias(f"{name}:{place}")
        for name, bins in known.items()
        for place, within in enumerate(_bins_of(name, bins))
    ]
    found = customers.agg(F.count("*").alias("customers"), *counts).collect()[0]
    total = found["customers"]
    if not total:
        return {}
    return {
        name: stability_index(bins.shares, [found[f"{name}:{place}"] / total for place in range(len(bins.shares))])
        for name, bins in known.items()
    }


def _bins_of(name: str, bins: Bins) -> list[Column]:
    """Conditions of the bins in order, and last that there is no value."""
    value = F.col(name).cast("double")
    edges = [F.lit(None), *map(F.lit, bins.edges), F.lit(None)]
    within = []
    for place in range(len(bins.edges) + 1):
        low, high = edges[place], edges[place + 1]
        above = F.lit(True) if place == 0 else value > low
        below = F.lit(True) if place == len(bins.edges) else value <= high
        within.append(value.isNotNull() & above & below)
    return [*within, value.isNull()]
