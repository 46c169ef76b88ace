"""A structural model of weekly sales: a damped local trend, effects of the calendar and of campaigns, on the log scale.

The level moves by a slope that fades: level(t) = level(t-1) + slope(t-1), slope(t) = phi slope(t-1) + noise (Harvey
1989, Forecasting, Structural Time Series Models, ch. 2; damping after Gardner & McKenzie 1985). Effects have normal
priors around 0, each campaign's own effect one around what campaigns have in common, so that a single year is enough to
learn from. All of it is one normal distribution of the weeks, past and to come: the forecast is the mean of the latter
given the former, averaged over a grid of variances by their likelihood; nothing is searched for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

PHI = (0.9, 0.95, 0.98)
NOISE = (0.02, 0.04, 0.08, 0.16, 0.32)
SLOPE_STEP = (0.002, 0.005, 0.01)
LEVEL_PRIOR, SLOPE_PRIOR = 2.0, 0.05
FLOOR = 0.05
"""Weeks with less than this share of the median count as so much: a closed shop has no logarithm."""


@dataclass(frozen=True)
class Effects:
    """What weeks are known by, past and to come: one row per week, a column per effect."""

    values: Numbers
    deviation: Numbers
    """Prior standard deviation of each column's effect on the logarithm of sales."""
    least_weeks: Numbers
    """Weeks of history from which on each column has an effect."""

    def until(self, weeks: int) -> Effects:
        """The first weeks alone."""
        return Effects(self.values[:weeks], self.deviation, self.least_weeks)


@dataclass(frozen=True)
class Variances:
    phi: float
    noise: float
    slope_step: float


def grid() -> Iterator[Variances]:
    return (Variances(*values) for values in product(PHI, NOISE, SLOPE_STEP))


@dataclass(frozen=True)
class Outlook:
    """Of the weeks to come."""

    mean: Numbers
    """Expected sales."""
    deviation: Numbers
    """Standard deviation of the logarithm of sales, as far as the model knows what it does not know."""


def forecast(sales: Numbers, effects: Effects) -> Outlook:
    """The weeks after the last of `sales`, as many as `effects` has rows for."""
    known, weeks = len(sales), len(effects.values)
    positive = np.median(sales[sales > 0]) if (sales > 0).any() else 0.0
    if positive == 0:
        return Outlook(np.zeros(weeks - known), np.ones(weeks - known))
    floored = np.maximum(sales, FLOOR * positive)
    logs = np.log(floored)
    centre = float(logs[-26:].mean())
    # A week of few sales says less: counts vary by their root.
    spread = np.clip(positive / floored, 0.25, 4.0)
    deviation = effects.deviation * (known >= effects.least_weeks)
    shared = (effects.values * deviation**2) @ effects.values.T
    found = [_given(logs - centre, shared + _trend_covariance(weeks, one), one.noise**2, spread) for one in grid()]
    likelihood, means, variances = (np.array([one[n] for one in found]) for n in range(3))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    mean = weight @ means
    variance = weight @ (variances + (means[:, known:] - mean[known:]) ** 2)
    # exp(mean of logs) is the median: what the past's sum shows to be missing is added.
    smearing = sales[-52:].sum() / np.exp(centre + mean[:known])[-52:].sum()
    return Outlook(np.exp(centre + mean[known:]) * smearing, np.sqrt(variance))


def _given(logs: Numbers, every: Numbers, noise: float, spread: Numbers) -> tuple[float, Numbers, Numbers]:
    """Log-likelihood of the past, mean of all weeks given it, and variance of the weeks to come, noise included."""
    known = len(logs)
    factor = np.linalg.cholesky(every[:known, :known] + np.diag(noise * spread))
    white = np.linalg.solve(factor, np.column_stack([logs, every[:known]]))
    mean = white[:, 1:].T @ white[:, 0]
    likelihood = -0.5 * white[:, 0] @ white[:, 0] - np.log(np.diag(factor)).sum()
    variance = np.diag(every)[known:] - (white[:, 1 + known :] ** 2).sum(axis=0) + noise
    return float(likelihood), mean, variance


def _trend_covariance(weeks: int, variances: Variances) -> Numbers:
    """Covariance of the level of each week with that of each other."""
    gap = np.subtract.outer(np.arange(weeks), np.arange(weeks))
    # What a change of the slope in one week has added to the level of a later one.
    faded = np.where(gap > 0, (1 - variances.phi ** np.maximum(gap, 0)) / (1 - variances.phi), 0.0)
    first = (1 - variances.phi ** np.arange(weeks)) / (1 - variances.phi)
    return np.asarray(
        LEVEL_PRIOR**2 + SLOPE_PRIOR**2 * np.outer(first, first) + variances.slope_step**2 * faded @ faded.T,
        dtype=np.float64,
    )
