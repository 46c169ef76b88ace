"""Curves of one candidate on the cases of a test window.

Cases that are predicted alike are told apart by nothing: where a border of a bin or a tenth falls among them, each side
gets their mean. Cases with a NaN are left out; where a curve is undefined it has no points.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.cases import Numbers, complete
from ml.evaluation.probabilities import counts_from_top
from ml.training import CurvePoint

MOST_POINTS = 100
BINS = 10


def roc(actual: Numbers, predicted: Numbers) -> list[CurvePoint]:
    """x: share of the no that is called yes, y: share of the yes that is; from (0, 0) to (1, 1)."""
    actual, predicted = complete(actual, predicted)
    yes = actual.sum()
    no = len(actual) - yes
    if not yes or not no:
        return []
    found, called = counts_from_top(actual, predicted)
    x, y = (called - found) / no, found / yes
    kept = _thinned(len(x), MOST_POINTS - 1)
    return _points("roc", np.concatenate([[0.0], x[kept]]), np.concatenate([[0.0], y[kept]]))


def precision_recall(actual: Numbers, predicted: Numbers) -> list[CurvePoint]:
    """x: recall, y: precision, the highest threshold first."""
    actual, predicted = complete(actual, predicted)
    if not actual.sum():
        return []
    found, called = counts_from_top(actual, predicted)
    kept = _thinned(len(found), MOST_POINTS)
    return _points("precision_recall", (found / actual.sum())[kept], (found / called)[kept])


def calibration(actual: Numbers, predicted: Numbers) -> list[CurvePoint]:
    """Ten bins of equally many cases, the lowest first: x mean prediction, y share of yes, n cases."""
    actual, predicted = complete(actual, predicted)
    bins = _tenths(_alike(actual, predicted)[np.argsort(predicted, kind="stable")])
    means = _tenths(np.sort(predicted))
    return [
        CurvePoint("calibration", place, float(x.mean()), float(y.mean()), len(y))
        for place, (x, y) in enumerate(zip(means, bins, strict=True))
    ]


def lift(actual: Numbers, predicted: Numbers) -> list[CurvePoint]:
    """Tenths of the cases, the highest predictions first: x 1 to 10, y share of yes over that of all, n cases."""
    actual, predicted = complete(actual, predicted)
    if not actual.sum():
        return []
    tenths = _tenths(_alike(actual, predicted)[np.argsort(-predicted, kind="stable")])
    return [
        CurvePoint("lift", place, float(place + 1), float(tenth.mean() / actual.mean()), len(tenth))
        for place, tenth in enumerate(tenths)
    ]


def _tenths(values: Numbers) -> list[Numbers]:
    return [part for part in np.array_split(values, BINS) if len(part)]


def _alike(actual: Numbers, predicted: Numbers) -> Numbers:
    """For each case the mean outcome of all that are predicted as it is."""
    distinct, place = np.unique(predicted, return_inverse=True)
    return np.asarray(np.bincount(place, actual, len(distinct)) / np.bincount(place, minlength=len(distinct)))[place]


def _thinned(points: int, most: int) -> NDArray[np.int64]:
    """Places of at most so many points, evenly apart, the last among them."""
    return np.unique(np.linspace(0, points - 1, min(points, most)).round().astype(int))


def _points(curve: str, x: Numbers, y: Numbers) -> list[CurvePoint]:
    return [
        CurvePoint(curve, place, float(one), float(other)) for place, (one, other) in enumerate(zip(x, y, strict=True))
    ]
