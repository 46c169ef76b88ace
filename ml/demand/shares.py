"""Shares of a whole that drift: discounted sums, as of counts whose rate changes.

A rate is the sum of what was sold over the sum of its whole, both fading by a half-life (Harvey & Fernandes 1989, Time
Series Models for Count or Qualitative Observations). How fast a series' share changes is its own affair: rates of
several half-lives are averaged by how well each would have foretold the series' past, week by week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.demand.panel import Numbers, Places

HALF_LIVES = (4.0, 13.0, 52.0, 208.0)
PRIOR_WEEKS = 2.0
"""A series counts as if it had been sold for so many weeks more at the rate of a middling one."""
DISPERSION = 2.0
"""Variance over mean of counts, by which their likelihood is tempered: orders have several lines."""


@dataclass(frozen=True)
class Whole:
    """What parts are shares of."""

    past: Numbers
    """Shape (wholes, past weeks)."""
    ahead: Numbers
    """Shape (wholes, weeks to come): forecasts."""


def share_forecast(parts: Numbers, category: Places, whole: Whole, unit: float) -> Numbers:
    """Forecasts of parts, shape (series, weeks to come), which add up to those of their wholes.

    `parts`: series by past weeks; `category`: which whole each is of; `unit`: what one sale brings, so that sums can be
    counted. Series that were never sold get nothing.
    """
    rate = rates(parts, category, whole.past, unit)
    together = np.bincount(category, rate, minlength=len(whole.ahead))
    share = rate / np.where(together > 0, together, 1.0)[category]
    return np.asarray(share[:, None] * whole.ahead[category], dtype=np.float64)


def rates(parts: Numbers, category: Places, wholes: Numbers, unit: float) -> Numbers:
    """Share of its whole that each part is expected to have next week; 0 for what was never sold."""
    sold = np.maximum.accumulate(parts > 0, axis=1)
    middling = _middling(parts, category, wholes, sold)
    found = [_discounted(parts, wholes[category], sold, middling, half_life, unit) for half_life in HALF_LIVES]
    rate, fit = (np.stack([one[n] for one in found]) for n in range(2))
    weight = np.exp((fit - fit.max(axis=0)) / DISPERSION)
    return np.asarray((weight * rate).sum(axis=0) / weight.sum(axis=0) * sold[:, -1], dtype=np.float64)


def _middling(parts: Numbers, category: Places, wholes: Numbers, sold: Numbers) -> Numbers:
    """For each part, the mean share of the parts of its whole, of those that are sold by now."""
    number = np.maximum(np.bincount(category, sold[:, -1], minlength=len(wholes)), 1)
    return np.asarray((1 / number)[category], dtype=np.float64)


def _discounted(
    parts: Numbers, wholes: Numbers, sold: Numbers, middling: Numbers, half_life: float, unit: float
) -> tuple[Numbers, Numbers]:
    """Rate after the last week, and Poisson log-likelihood of each week after the first sale given those before."""
    fading = 0.5 ** (1 / half_life)
    week = wholes.mean(axis=1)
    above, below = PRIOR_WEEKS * middling * week, PRIOR_WEEKS * week
    fit = np.zeros(len(parts))
    for now in range(parts.shape[1]):
        if now:
            expected = np.maximum(wholes[:, now] * above / np.maximum(below, 1e-12) / unit, 1e-9)
            gain = parts[:, now] / unit * np.log(expected) - expected
            fit += np.where(sold[:, now - 1], gain, 0.0)
        # Before its first sale a product is not there yet: weeks without it say nothing of its share.
        above = np.where(sold[:, now], fading * above + parts[:, now], above)
        below = np.where(sold[:, now], fading * below + wholes[:, now], below)
    return above / np.maximum(below, 1e-12), fit


LINE_HALF_LIFE = 26.0
PRIOR_LINES = 5.0
"""A series counts as if so many of its lines more had brought what they bring in its whole."""


def per_line(sums: Numbers, lines: Numbers, of_whole: Numbers) -> Numbers:
    """What one line of each series (row) brings, lately; drawn to `of_whole`, the same of its whole, by few lines."""
    weeks = sums.shape[1]
    fading = 0.5 ** ((weeks - 1 - np.arange(weeks)) / LINE_HALF_LIFE)
    brought, sold = (sums * fading).sum(axis=1), (lines * fading).sum(axis=1)
    return np.asarray((brought + PRIOR_LINES * of_whole) / (sold + PRIOR_LINES), dtype=np.float64)
