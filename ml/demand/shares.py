"""Shares of a whole that drift: discounted sums, as of counts whose rate changes (Harvey & Fernandes 1989)."""

from __future__ import annotations

import numpy as np

from ml.demand.panel import Numbers, Places

PRIOR_WEEKS = 2.0
"""A series counts as if it had been sold for so many weeks more at the rate of a middling one."""


def share_forecast(parts: Numbers, category: Places, wholes: Numbers, half_life: float) -> Numbers:
    """Forecasts of parts, as rates of their whole since they were first sold, with weeks fading by half-lives.

    `parts`: series by past weeks; `category`: which whole each belongs to; `wholes`: forecasts of the wholes by week to
    come. A short history is drawn to the mean rate of the parts of its whole. Shares of a whole sum to 1.
    """
    weeks = parts.shape[1]
    fading = 0.5 ** ((weeks - 1 - np.arange(weeks)) / half_life)
    of_whole = np.zeros((len(wholes), weeks))
    np.add.at(of_whole, category, parts)
    is_sold = np.maximum.accumulate(parts > 0, axis=1)
    sold = (parts * fading).sum(axis=1)
    exposed = (of_whole[category] * is_sold * fading).sum(axis=1)
    # A mean week of the whole, faded as the rest is, and the share of one of the parts that are sold.
    week = (of_whole * fading).sum(axis=1) / fading.sum()
    number = np.maximum(np.bincount(category, is_sold[:, -1], minlength=len(wholes)), 1)
    rate = (sold + PRIOR_WEEKS * week[category] / number[category]) / np.maximum(
        exposed + PRIOR_WEEKS * week[category], 1e-12
    )
    rate = np.where(is_sold[:, -1], rate, 0.0)
    together = np.bincount(category, rate, minlength=len(wholes))
    share = rate / np.where(together > 0, together, 1.0)[category]
    return np.asarray(share[:, None] * wholes[category], dtype=np.float64)
