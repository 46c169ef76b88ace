"""How good probabilities of yes or no are: ranking, calibration, lift.

Each measure takes `actual` (1.0 yes, 0.0 no) and `predicted`, arrays of equal length, and gives a float; NaN where the
cases leave it undefined, as for ranking where all are alike. Cases with a NaN in either array are left out.
"""

from __future__ import annotations

import numpy as np

from ml.evaluation.cases import Numbers, complete, mean

YES_FROM = 0.5
_LEAST = 1e-15


def roc_auc(actual: Numbers, predicted: Numbers) -> float:
    """Area under the ROC curve: how often a yes is ranked above a no; equal predictions count half."""
    actual, predicted = complete(actual, predicted)
    yes = actual.sum()
    no = len(actual) - yes
    if not yes or not no:
        return float("nan")
    found, called = counts_from_top(actual, predicted)
    passed_over = np.diff(called - found, prepend=0.0)
    return float((passed_over * (found - np.diff(found, prepend=0.0) / 2)).sum() / (yes * no))


def pr_auc(actual: Numbers, predicted: Numbers) -> float:
    """Average precision: precision at each threshold, weighted by the recall that it adds; NaN without a yes."""
    actual, predicted = complete(actual, predicted)
    if not actual.sum():
        return float("nan")
    found, called = counts_from_top(actual, predicted)
    return float((np.diff(found, prepend=0.0) / actual.sum() * found / called).sum())


def accuracy(actual: Numbers, predicted: Numbers) -> float:
    """Share of the cases that are on the side of 0.5 that their prediction is on."""
    actual, predicted = complete(actual, predicted)
    return mean((predicted >= YES_FROM) == (actual == 1))


def brier(actual: Numbers, predicted: Numbers) -> float:
    """Mean squared difference of prediction and outcome (Brier 1950): smaller is better."""
    actual, predicted = complete(actual, predicted)
    return mean((predicted - actual) ** 2)


def log_loss(actual: Numbers, predicted: Numbers) -> float:
    """Mean negative log-likelihood; a certain prediction that is wrong counts as one of 1e-15."""
    actual, predicted = complete(actual, predicted)
    of_what_happened = np.where(actual == 1, predicted, 1 - predicted)
    return mean(-np.log(np.clip(of_what_happened, _LEAST, 1)))


def top_decile_lift(actual: Numbers, predicted: Numbers) -> float:
    """Share of yes in the tenth with the highest predictions, over the share in all. NaN where there is no yes.

    Of cases that are predicted alike at the border the mean counts.
    """
    actual, predicted = complete(actual, predicted)
    if not actual.sum():
        return float("nan")
    top = len(actual) / 10
    found, called = counts_from_top(actual, predicted)
    in_top = np.interp(top, np.concatenate([[0.0], called]), np.concatenate([[0.0], found]))
    return float(in_top / top / actual.mean())


def counts_from_top(actual: Numbers, predicted: Numbers) -> tuple[Numbers, Numbers]:
    """For each distinct prediction, the highest first: how many yes, and how many cases, are predicted so or higher."""
    order = np.argsort(-predicted, kind="stable")  # takes no time where they are in order already
    last_alike = np.flatnonzero(np.diff(predicted[order], append=np.nan) != 0)
    return np.cumsum(actual[order])[last_alike], (last_alike + 1).astype(np.float64)
