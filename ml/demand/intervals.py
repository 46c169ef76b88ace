"""Conformal intervals from the residuals of the backtest, pooled over series of like scale.

Total and categories: absolute errors of logarithms over what the structural model doubts of the week (and, for parts of
the total, the chance of counts), so that errors of all horizons and sizes are of one scale (locally weighted conformal
prediction, Lei et al. 2018, JASA 113, 5.2); the bounds are f / r and f x r. Products: errors over the root of the
forecast, apart for products of like forecasts, above and below apart, for counts near 0 are no symmetric matter.
Quantiles are those of split conformal prediction, (n + 1)(1 - alpha) / n. A few weeks of one total say little: the pool
holds a quarter of a year as the model expects it beside them, so that lucky weeks do not make narrow intervals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.demand.panel import Level, Numbers
from ml.demand.shares import DISPERSION

ALPHAS = {80: 0.20, 95: 0.05}
BINS = 12
EXPECTED_WEEKS = 13
Bounds = dict[int, tuple[Numbers, Numbers]]
"""80 and 95 -> lower and upper bounds."""


@dataclass(frozen=True)
class Widths:
    """What intervals of one level and measure are made from; as plain numbers, to be kept as JSON."""

    unit: float
    """Sales of one line: what is added before logarithms are taken and what roots are taken of."""
    ratios: Mapping[str, float]
    """`80`, `95` -> quantile of the absolute log error over its scale. Empty for products."""
    edges: Sequence[float] = ()
    """Of the bins of forecasts, in units. Empty for total and categories."""
    bins: Sequence[Mapping[str, tuple[float, float]]] = ()
    """For each bin, `80`, `95` -> lower and upper quantile of the scaled error."""


Fold = tuple[Numbers, Numbers, Numbers]
"""Actual and forecast, each of shape (series, weeks), and the doubt of each week."""


def measured(level: Level, folds: Sequence[Fold], unit: float) -> Widths:
    """Widths from what was off at some origins. `doubt`: standard deviation of the total's logarithm, by week."""
    actual, forecast = (np.concatenate([fold[n] for fold in folds], axis=1) for n in range(2))
    if level == "product":
        return _of_products(actual, forecast, unit)
    error = np.abs(np.log((actual + unit) / (forecast + unit)))
    scaled = error / _scale(level, forecast, np.concatenate([fold[2] for fold in folds]), unit)
    pool = np.concatenate([scaled.ravel(), _expected_errors()])
    return Widths(unit, {str(p): quantile(pool, 1 - alpha) for p, alpha in ALPHAS.items()})


def _expected_errors() -> Numbers:
    """Absolute values of a standard normal, at even steps of probability."""
    from scipy import stats

    places = (np.arange(EXPECTED_WEEKS) + 0.5) / EXPECTED_WEEKS
    return np.asarray(stats.norm.ppf(0.5 + places / 2), dtype=np.float64)


def _scale(level: Level, forecast: Numbers, doubt: Numbers, unit: float) -> Numbers:
    """What is to be expected of an error of logarithms, shape (series, weeks)."""
    chance = 0.0 if level == "total" else DISPERSION * unit / (forecast + unit)
    return np.asarray(np.sqrt(doubt**2 + chance + np.zeros_like(forecast)), dtype=np.float64)


def _of_products(actual: Numbers, forecast: Numbers, unit: float) -> Widths:
    size = (forecast / unit).ravel()
    sold = (actual / unit).ravel()
    edges = sorted(set(np.quantile(size[size > 0], np.linspace(0, 1, BINS + 1)[1:-1]).tolist())) if size.any() else []
    place = np.digitize(size, edges)
    bins = [_bin(sold[place == n], size[place == n]) for n in range(len(edges) + 1)]
    return Widths(unit, {}, tuple(edges), tuple(bins))


def _bin(sold: Numbers, size: Numbers) -> dict[str, tuple[float, float]]:
    scaled = (sold - size) / np.sqrt(np.maximum(size, 0.05))
    found = {}
    for percent, alpha in ALPHAS.items():
        # Where nothing sold is usual, the interval starts at 0 and all the doubt is above.
        is_open_below = len(sold) == 0 or (sold == 0).mean() > alpha / 2
        low = -np.inf if is_open_below else -quantile(-scaled, 1 - alpha / 2)
        high = quantile(scaled, 1 - alpha if is_open_below else 1 - alpha / 2)
        found[str(percent)] = (float(max(low, -1e9)), float(high))
    return found


def quantile(values: Numbers, share: float) -> float:
    """The conformal quantile: the k-th smallest, k = ceil((n + 1) x share), the largest where k > n; 0 of nothing."""
    ordered = np.sort(values.ravel())
    if len(ordered) == 0:
        return 0.0
    return float(ordered[min(int(np.ceil((len(ordered) + 1) * share)), len(ordered)) - 1])


def bounds(widths: Widths, level: Level, forecast: Numbers, doubt: Numbers) -> Bounds:
    """80 and 95 % intervals around forecasts, shape (series, horizon): ordered, around the forecast, never below 0."""
    found: Bounds = {}
    for percent in ALPHAS:
        if level == "product":
            low, high = _of_bins(widths, forecast, percent)
        else:
            width = widths.ratios[str(percent)] * _scale(level, forecast, doubt, widths.unit)
            shifted = forecast + widths.unit
            low, high = shifted * np.exp(-width) - widths.unit, shifted * np.exp(width) - widths.unit
        found[percent] = np.clip(low, 0, forecast), np.maximum(high, forecast)
    narrow, wide = found[80], found[95]
    found[95] = np.minimum(wide[0], narrow[0]), np.maximum(wide[1], narrow[1])
    return found


def _of_bins(widths: Widths, forecast: Numbers, percent: int) -> tuple[Numbers, Numbers]:
    size = forecast / widths.unit
    place = np.digitize(size, widths.edges)
    pairs = np.array([one[str(percent)] for one in widths.bins]).reshape(-1, 2)
    spread = np.sqrt(np.maximum(size, 0.05))[..., None] * pairs[place]
    return (size + spread[..., 0]) * widths.unit, (size + spread[..., 1]) * widths.unit
