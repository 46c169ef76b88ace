"""Bootstrap: how far a figure, or a difference of two, would go with other cases of the same kind.

Percentile intervals of 95 % (Efron 1979), drawn from cases with replacement by a seeded generator: the same cases and
seed give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.cases import Measure, Numbers
from ml.training import Difference, Score

Places = NDArray[np.int64]
DRAWS = 500
_PERCENTILES = (2.5, 97.5)


def scored(
    name: str,
    measure: Measure,
    actual: Numbers,
    predicted: Numbers,
    *,
    seed: int,
    draws: int = DRAWS,
    level: str = "",
    fold: int | None = None,
) -> Score:
    """The measure of the cases with its interval; without one where it is undefined."""
    low, high = interval(measure, actual, predicted, seed=seed, draws=draws)
    return Score(name, measure(actual, predicted), low, high, level=level, fold=fold)


def interval(
    measure: Measure, actual: Numbers, predicted: Numbers, *, seed: int, draws: int = DRAWS
) -> tuple[float | None, float | None]:
    """Low and high of the measure over resampled cases; None where it is undefined in all of them.

    Draws in which it is undefined, as where all cases drawn are alike, are left out.
    """
    return _percentiles(measure(actual[drawn], predicted[drawn]) for drawn in _draws(len(actual), seed, draws))


def difference(
    measure: Measure,
    actual: Numbers,
    best: Numbers,
    other: Numbers,
    *,
    than: str,
    higher_is_better: bool,
    seed: int,
    draws: int = DRAWS,
) -> Difference:
    """By how much `best` is better than `other` in the measure, over the same resampled cases (paired bootstrap).

    Only cases for which both say something count. Value and interval are NaN where the measure is undefined: such a
    difference is never real.
    """
    both = ~(np.isnan(actual) | np.isnan(best) | np.isnan(other))
    actual, best, other = actual[both], best[both], other[both]
    sign = 1.0 if higher_is_better else -1.0

    def gain(drawn: Places | slice) -> float:
        return sign * (measure(actual[drawn], best[drawn]) - measure(actual[drawn], other[drawn]))

    low, high = _percentiles(gain(drawn) for drawn in _draws(len(actual), seed, draws))
    undefined = float("nan")
    return Difference(than, gain(slice(None)), undefined if low is None else low, undefined if high is None else high)


def _draws(cases: int, seed: int, draws: int) -> Iterator[Places]:
    generator = np.random.default_rng(seed)
    for _ in range(draws if cases else 0):
        yield generator.integers(0, cases, cases)


def _percentiles(figures: Iterator[float]) -> tuple[float | None, float | None]:
    defined = [figure for figure in figures if not np.isnan(figure)]
    if not defined:
        return None, None
    low, high = np.percentile(defined, _PERCENTILES)
    return float(low), float(high)
