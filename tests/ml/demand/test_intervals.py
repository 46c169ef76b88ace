from collections.abc import Iterator

import numpy as np
import pytest

from ml.demand.intervals import Fold, bounds, measured, quantile
from ml.demand.measures import coverage
from ml.demand.panel import LEVELS, Level

DOUBT = 0.02 * np.arange(1, 14)


def folds(level: Level, count: int, *, unit: float = 1.0, seed: int = 0) -> Iterator[Fold]:
    """Counts around forecasts that are off by more at longer horizons."""
    draw = np.random.default_rng(seed)
    series = {"total": 1, "category": 10, "product": 400}[level]
    for _ in range(count):
        expected = draw.gamma(1.0, {"total": 2000, "category": 100, "product": 1.2}[level], (series, 1)) + 0.02
        forecast = np.repeat(expected, 13, axis=1)
        actual = draw.poisson(forecast * np.exp(draw.normal(0, DOUBT, forecast.shape)))
        yield actual * unit, forecast * unit, DOUBT


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("unit", [1.0, 25.0])
def test_intervals_hold_what_they_say_on_folds_they_have_not_seen(level, unit):
    widths = measured(level, list(folds(level, 30, unit=unit)), unit)
    for percent, least, most in ((80, 0.75, 0.92), (95, 0.92, 0.985)):
        held = [
            coverage(actual, *bounds(widths, level, forecast, doubt)[percent])
            for actual, forecast, doubt in folds(level, 30, unit=unit, seed=1)
        ]
        assert least < np.mean(held) < most


def test_small_and_large_categories_are_held_alike():
    widths = measured("category", list(folds("category", 60)), 1.0)
    held = [(forecast[:, 0] < 40, actual, bounds(widths, "category", forecast, doubt)[95])
            for actual, forecast, doubt in folds("category", 60, seed=1)]  # fmt: skip
    for wanted in (True, False):
        inside = [coverage(actual[small == wanted], low[small == wanted], high[small == wanted])
                  for small, actual, (low, high) in held if (small == wanted).any()]  # fmt: skip
        assert 0.9 < np.mean(inside) < 0.99


@pytest.mark.parametrize("level", LEVELS)
def test_intervals_are_ordered_around_the_forecast_and_never_below_zero(level):
    widths = measured(level, list(folds(level, 2)), 1.0)
    forecast = np.array([[0.0, 0.01, 0.5, 3.0, 40.0, 900.0]])
    found = bounds(widths, level, forecast, DOUBT[:6])
    values = [found[95][0], found[80][0], forecast, found[80][1], found[95][1]]
    assert (np.diff(np.stack(values), axis=0) >= 0).all()
    assert (found[95][0] >= 0).all()


def test_intervals_are_as_wide_as_the_doubt_of_the_week():
    widths = measured("category", list(folds("category", 30)), 1.0)
    low, high = bounds(widths, "category", np.full((1, 13), 500.0), DOUBT)[95]
    assert high[0, 12] / low[0, 12] > 1.5 * high[0, 0] / low[0, 0]


def test_rarely_sold_products_may_sell_nothing():
    widths = measured("product", list(folds("product", 5)), 1.0)
    low, high = bounds(widths, "product", np.array([[0.3, 60.0]]), DOUBT[:2])[95]
    assert low[0, 0] == 0
    assert high[0, 0] >= 1
    assert low[0, 1] > 20


def test_the_conformal_quantile_counts_the_case_to_come():
    assert quantile(np.arange(1.0, 20), 0.95) == 19
    assert quantile(np.arange(1.0, 20), 0.90) == 18
    assert quantile(np.arange(1.0, 11), 0.99) == 10
    assert quantile(np.array([]), 0.95) == 0
