"""The theta method (Assimakopoulos & Nikolopoulos 2000, Int. J. Forecasting 16, 521-530), of all series at once.

The standard model is exponential smoothing with a drift, half the slope of the line through the whole series (Hyndman &
Billah 2003, Int. J. Forecasting 19, 287-290). What each step is off by is linear in the level that smoothing starts
from: for a smoothing constant the best level follows, so that the constant alone is searched for, on finer and finer
grids. A series whose season of 52 weeks is beyond chance is forecast without it, as in the M3 competition.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from ml.demand.panel import Numbers
from ml.demand.states import YEAR

LOWEST, HIGHEST = 0.1, 0.99
"""Of smoothing constants: a slower level would say what the line says already."""
GRID, PASSES = 24, 4
"""Constants that are tried at once; between the two beside the best lie those of the next pass."""
BURN_IN = 3
"""Weeks whose errors do not count: the level is still on its way."""
SURE = 0.95
LEAST_SEASON = 0.01


@dataclass(frozen=True)
class Series:
    """Series (rows) that are sold from some week on, each for more than the weeks of the burn-in."""

    past: Numbers
    """Shape (series, weeks); 0 before the first sale."""
    first: NDArray[np.int64]
    """Week of the first sale."""

    @property
    def weeks(self) -> NDArray[np.int64]:
        return np.asarray(self.past.shape[1] - self.first)

    def drift(self) -> Numbers:
        """Half the slope of the line through each, by least squares."""
        week = np.arange(self.past.shape[1]) - self.first[:, None]
        place = np.where(week >= 0, week - (self.weeks[:, None] - 1) / 2, 0)
        return np.asarray((self.past * place).sum(axis=1) / (place**2).sum(axis=1) / 2)


@dataclass(frozen=True)
class Smoothed:
    """Series smoothed by some constants; each array of shape (constants, series)."""

    loss: Numbers
    """Sum of squares of what one step was off by."""
    level: Numbers
    """After the last week."""


def theta(past: Numbers, horizon: int) -> Numbers:
    """Forecasts, shape (series, horizon), of each series from its first sale on; may go below 0.

    A series of fewer than four weeks gets their mean, one without a sale 0.
    """
    first = np.where(past.any(axis=1), (past > 0).argmax(axis=1), past.shape[1])
    weeks = past.shape[1] - first
    found = np.repeat(past.sum(axis=1, keepdims=True) / np.maximum(weeks, 1)[:, None], horizon, axis=1)
    if (is_long := weeks > BURN_IN).any():
        found[is_long] = _forecast(past[is_long], first[is_long], horizon)
    return found


def _forecast(past: Numbers, first: NDArray[np.int64], horizon: int) -> Numbers:
    rest, times, plus = np.array(past), np.ones((len(past), horizon)), np.zeros((len(past), horizon))
    for row, start in enumerate(first):
        season = season_of(past[row, start:])
        if season is None:
            continue
        values, is_factor = season
        ahead = values[len(values) - YEAR + np.arange(horizon) % YEAR]
        if is_factor:
            rest[row, start:], times[row] = past[row, start:] / values, ahead
        else:
            rest[row, start:], plus[row] = past[row, start:] - values, ahead
    return _without_season(Series(rest, first), horizon) * times + plus


def season_of(series: Numbers) -> tuple[Numbers, bool] | None:
    """The yearly season by week, and whether it is a factor; None where there are not two years or no season in them.

    There is one where the autocorrelation at a year, of either sign, is larger than chance makes one in ten, given
    those at fewer weeks. It is a factor where all weeks have sales, and a summand else.
    """
    weeks = len(series)
    if weeks < 2 * YEAR or np.ptp(series) == 0:
        return None
    centred = series - series.mean()
    of_lag = np.array([centred[lag:] @ centred[: weeks - lag] for lag in range(1, YEAR + 1)]) / (centred @ centred)
    by_chance = np.sqrt((1 + 2 * (of_lag[:-1] ** 2).sum()) / weeks)
    if abs(of_lag[-1]) / by_chance <= NormalDist().inv_cdf(SURE):
        return None
    from statsmodels.tsa.seasonal import seasonal_decompose

    if series.min() > 0:
        factors = seasonal_decompose(series, model="multiplicative", period=YEAR).seasonal
        if factors.min() >= LEAST_SEASON:
            return np.asarray(factors), True
    return np.asarray(seasonal_decompose(series, model="additive", period=YEAR).seasonal), False


def _without_season(series: Series, horizon: int) -> Numbers:
    drift = series.drift()
    constant = _best_constant(series, drift)
    next_week = _smoothed(series, drift, constant[None]).level[0] + drift / constant
    return np.asarray(next_week[:, None] + drift[:, None] * np.arange(horizon))


def _best_constant(series: Series, drift: Numbers) -> Numbers:
    low, high = np.full(len(series.past), LOWEST), np.full(len(series.past), HIGHEST)
    for _ in range(PASSES):
        grid = low + (high - low) * np.linspace(0, 1, GRID)[:, None]
        place = _smoothed(series, drift, grid).loss.argmin(axis=0)
        low, best, high = (
            np.take_along_axis(grid, np.clip(place + beside, 0, GRID - 1)[None], axis=0)[0] for beside in (-1, 0, 1)
        )
    return np.asarray(best)


def _smoothed(series: Series, drift: Numbers, constant: Numbers) -> Smoothed:
    """By each constant (row) of each series, from the level that is best for it.

    All start from 0. Had a level started higher by one, `left` would be left of it: by how much it should have is the
    regression of the errors on that.
    """
    level, left, squares, products, weights = np.zeros((5, *constant.shape))
    left += 1
    for week in range(series.past.shape[1]):
        sold = series.past[:, week]
        error = sold - level - drift / constant
        counts = week >= series.first + BURN_IN
        squares += counts * error**2
        products += counts * error * left
        weights += counts * left**2
        level += constant * (sold - level)
        left *= np.where(week >= series.first, 1 - constant, 1)
    higher = products / weights
    return Smoothed(squares - higher * products, level + left * higher)
