"""Cases to measure: what happened and what was predicted, in arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Measure = Callable[[Numbers, Numbers], float]
"""What happened, what was predicted -> a figure; NaN where it is undefined."""


def complete(actual: Numbers, predicted: Numbers) -> tuple[Numbers, Numbers]:
    """Both without the cases in which either is NaN. Raises ValueError where they are not equally many."""
    actual, predicted = np.asarray(actual, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    if actual.shape != predicted.shape:
        raise ValueError(f"{actual.shape} outcomes, {predicted.shape} predictions")
    known = ~(np.isnan(actual) | np.isnan(predicted))
    return (actual, predicted) if known.all() else (actual[known], predicted[known])


def mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float:
    """NaN of nothing, without a warning."""
    return float(values.mean()) if len(values) else float("nan")
