"""How far forecasts are off."""

from __future__ import annotations

import numpy as np

from ml.demand.panel import Numbers
from ml.demand.states import YEAR


def wape(actual: Numbers, forecast: Numbers) -> float:
    """Sum of absolute errors over the sum of sales; NaN where nothing was sold."""
    return _ratio(np.abs(actual - forecast).sum(), actual.sum())


def bias(actual: Numbers, forecast: Numbers) -> float:
    """Sum of forecasts over the sum of sales, less 1: above 0 where too much was forecast."""
    return _ratio((forecast - actual).sum(), actual.sum())


def mape(actual: Numbers, forecast: Numbers) -> float | None:
    """Mean absolute error as a share of each week's sales; None where any week had none."""
    if (actual <= 0).any():
        return None
    return float((np.abs(actual - forecast) / actual).mean())


def mase(actual: Numbers, forecast: Numbers, past: Numbers) -> float:
    """Mean absolute error over that of the seasonal naive within the past, series by series (Hyndman & Koehler 2006).

    Of one week to the next where the past is shorter than a year and a quarter. Series without any change are left out.
    """
    season = YEAR if past.shape[1] >= YEAR + YEAR // 4 else 1
    scale = np.abs(past[:, season:] - past[:, :-season]).mean(axis=1)
    has_scale = scale > 0
    errors = np.abs(actual - forecast).mean(axis=1)
    return float((errors[has_scale] / scale[has_scale]).mean()) if has_scale.any() else float("nan")


def coverage(actual: Numbers, low: Numbers, high: Numbers) -> float:
    """Share of weeks whose sales lay between the bounds."""
    return float(((actual >= low) & (actual <= high)).mean())


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
