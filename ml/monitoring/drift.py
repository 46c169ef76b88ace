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
    """How a feature was spread when a model was trained: of a number by bins, of a text by value."""

    shares: Sequence[float]
    """Share of customers by bin or value, and last the share of those without one."""
    edges: Sequence[float] = ()
    """Of a number, ascending: a value is in the bin after the last edge that is not above it."""
    values: Sequence[str] = ()
    """Of a text: the values that there were; others count as one more."""


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
        name: stability_index(_expected(bins), [found[f"{name}:{place}"] / total for place in range(_count(bins))])
        for name, bins in known.items()
    }


def _count(bins: Bins) -> int:
    return len(bins.shares) + bool(bins.values)


def _expected(bins: Bins) -> Sequence[float]:
    """The shares by bin; nobody had another value than those that there were."""
    return [*bins.shares, 0.0] if bins.values else bins.shares


def _bins_of(name: str, bins: Bins) -> list[Column]:
    """Conditions of the bins in order, then that there is no value, then that it is another one."""
    value = F.col(name)
    if bins.values:
        is_other = value.isNotNull() & ~value.isin(list(bins.values))
        return [*(value == one for one in bins.values), value.isNull(), is_other]
    number = value.cast("double")
    within = []
    for place in range(len(bins.edges) + 1):
        from_here = number >= bins.edges[place - 1] if place else number.isNotNull()
        below = number < bins.edges[place] if place < len(bins.edges) else F.lit(True)
        within.append(from_here & below)
    return [*within, number.isNull()]
