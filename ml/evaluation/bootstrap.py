"""Bootstrap: how far a figure, or a difference of two, would go with other cases of the same kind.

Percentile intervals of 95 % (Efron 1979), drawn from cases with replacement by a seeded generator: the same cases and
seed give the same interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.cases import Measure, Numbers
from ml.training import Difference, Score

Places = NDArray[np.int64]
DRAWS = 500
_PERCENTILES = (2.5, 97.5)


def scored(
    measures: Mapping[str, Measure],
    actual: Numbers,
    predicted: Numbers,
    *,
    seed: int,
    draws: int = DRAWS,
    level: str = "",
) -> list[Score]:
    """The measures of the cases with their intervals; without one where a measure is undefined."""
    found = intervals(list(measures.values()), actual, predicted, seed=seed, draws=draws)
    return [
        Score(name, measure(actual, predicted), low, high, level=level)
        for (name, measure), (low, high) in zip(measures.items(), found, strict=True)
    ]


def intervals(
    measures: Sequence[Measure], actual: Numbers, predicted: Numbers, *, seed: int, draws: int = DRAWS
) -> list[tuple[float | None, float | None]]:
    """Low and high of each measure over the same resampled cases; None where it is undefined in all of them.

    Draws in which it is undefined, as where all cases drawn are alike, are left out. Cases are drawn in the order of
    what was predicted of them: measures that rank them need not sort each draw anew.
    """
    order = np.argsort(-predicted, kind="stable")
    place = np.argsort(order)
    figures: list[list[float]] = [[] for _ in measures]
    for drawn in _draws(len(actual), seed, draws):
        kept = order[np.repeat(np.arange(len(order)), np.bincount(place[drawn], minlength=len(order)))]
        cases = actual[kept], predicted[kept]
        for measure, of_draws in zip(measures, figures, strict=True):
            of_draws.append(measure(*cases))
    return [_percentiles(of_draws) for of_draws in figures]


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


def _percentiles(figures: Iterable[float]) -> tuple[float | None, float | None]:
    defined = [figure for figure in figures if not np.isnan(figure)]
    if not defined:
        return None, None
    low, high = np.percentile(defined, _PERCENTILES)
    return float(low), float(high)
