"""Customers who behave as BG/NBD, MBG/NBD or NBD and Gamma-Gamma say, drawn event by event."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.clv.maximum_likelihood import Floats
from ml.clv.purchases import Histories, PurchaseModel
from ml.clv.value import ValueModel


@dataclass(frozen=True)
class Customers:
    """One element for each customer."""

    history: Histories
    alive: Floats
    """Still a customer at T: 1 or 0."""
    later: Floats
    """Purchases in (T, T + ahead]."""
    mean_value: Floats
    """Of repeat purchases up to T; NaN without any."""
    later_value: Floats
    """Sum of the values of the purchases in (T, T + ahead]."""


def customers(
    model: PurchaseModel, number: int, *, observed: float, ahead: float, seed: int, value: ValueModel | None = None
) -> Customers:
    """Customers whose T is spread evenly over (observed / 3, observed)."""
    chance = np.random.default_rng(seed)
    value = value or ValueModel(6.0, 4.0, 15.0)
    ends = chance.uniform(observed / 3, observed, number)
    rows = []
    for end in ends:
        rate = chance.gamma(model.r, 1 / model.alpha)
        leaves = chance.beta(model.a, model.b) if model.a else 0.0
        spends = chance.gamma(value.q, 1 / value.v)
        times, at, there = [], 0.0, not (model.leaves_at_once and chance.random() < leaves)
        while there:
            at += chance.exponential(1 / max(rate, 1e-12))
            if at > end + ahead:
                break
            times.append(at)
            if chance.random() < leaves:
                there = False
        known = np.array(times)
        worth = chance.gamma(value.p, 1 / spends, len(known))
        before = known <= end
        # Somebody who leaves with a purchase after T was a customer at T.
        alive = there or bool((~before).any())
        seen = worth[before].mean() if before.any() else np.nan
        last = known[before].max() if before.any() else 0.0
        rows.append((before.sum(), last, end, alive, (~before).sum(), seen, worth[~before].sum()))
    x, last, end, alive, later, seen, worth = np.array(rows, dtype=float).T
    return Customers(Histories(x, last, end, np.ones(number)), alive, later, seen, worth)
