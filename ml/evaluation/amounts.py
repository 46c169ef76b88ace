"""How good predictions of amounts and counts are.

Each measure takes `actual` and `predicted`, arrays of equal length in one unit, and gives a float; NaN where the cases
leave it undefined. Cases with a NaN in either array are left out.
"""

from __future__ import annotations

import numpy as np

from ml.evaluation.cases import Numbers, complete, mean


def mae(actual: Numbers, predicted: Numbers) -> float:
    """Mean absolute error, in the unit of the amounts."""
    actual, predicted = complete(actual, predicted)
    return mean(np.abs(predicted - actual))


def rmse(actual: Numbers, predicted: Numbers) -> float:
    """Root of the mean squared error, in the unit of the amounts."""
    actual, predicted = complete(actual, predicted)
    return float(np.sqrt(mean((predicted - actual) ** 2)))


def bias(actual: Numbers, predicted: Numbers) -> float:
    """Mean error, in the unit of the amounts: above 0 where too much is predicted."""
    actual, predicted = complete(actual, predicted)
    return mean(predicted - actual)


def total_error(actual: Numbers, predicted: Numbers) -> float:
    """Error of the total as a share of the actual total: 0.1 is ten percent too much. NaN where that total is 0."""
    actual, predicted = complete(actual, predicted)
    total = actual.sum()
    return float(predicted.sum() / total - 1) if total else float("nan")


def correlation(actual: Numbers, predicted: Numbers) -> float:
    """Pearson's coefficient; NaN where either is the same in all cases."""
    actual, predicted = complete(actual, predicted)
    if len(actual) < 2 or np.ptp(actual) == 0 or np.ptp(predicted) == 0:
        return float("nan")
    return float(np.corrcoef(actual, predicted)[0, 1])
