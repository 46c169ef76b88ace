"""Maximum likelihood for models whose parameters are all above 0: fitted on the log scale, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Likelihood = Callable[[Floats], tuple[float, Floats]]
"""Parameters -> log-likelihood and its derivatives by the parameters."""

NORMAL_95 = 1.959963984540054
_LEAST, _MOST = -9.0, 9.0
"""Of the logarithm of a parameter, in units of the data: an optimum beyond them is none."""
_FLAT = 1e-5
"""Largest derivative of the log-likelihood per customer, by the log of a parameter, that counts as a maximum."""
_STEP = 1e-4


class NotConverged(Exception):
    """The likelihood has no maximum that was found; the message says what was seen."""

    exit_code = 1


@dataclass(frozen=True)
class Fit:
    """A maximum of a likelihood."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    log_likelihood: float
    covariance: Floats
    """Of the logarithms of the parameters: inverse of the negative Hessian."""
    customers: int

    def __getitem__(self, name: str) -> float:
        return self.values[self.names.index(name)]

    def interval(self, name: str) -> tuple[float, float]:
        """95 %: normal for the logarithm of the parameter (delta method), so it is never below 0."""
        place = self.names.index(name)
        error = NORMAL_95 * np.sqrt(self.covariance[place, place])
        return self.values[place] * float(np.exp(-error)), self.values[place] * float(np.exp(error))

    def as_json(self) -> dict[str, dict[str, float]]:
        """Parameter -> value, low, high."""
        found = {}
        for name, value in zip(self.names, self.values, strict=True):
            low, high = self.interval(name)
            found[name] = {"value": value, "low": low, "high": high}
        return found


def maximise(
    likelihood: Likelihood, names: Sequence[str], starts: Sequence[Sequence[float]], *, customers: int, what: str
) -> Fit:
    """The highest of the maxima that are reached from the starts (values of the parameters).

    Raises NotConverged, in words, where no start ends in a point that is flat and curved downwards in all directions.
    """

    def loss(logs: Floats) -> tuple[float, Floats]:
        values = np.exp(logs)
        total, slopes = likelihood(values)
        return -total / customers, -slopes * values / customers

    ends = [_descent(loss, np.log(np.asarray(start, dtype=float))) for start in starts]
    best = min(ends, key=lambda end: end[1])[0]
    hessian = _hessian(loss, best)
    if complaint := _complaint(best, loss(best)[1], hessian, names):
        raise NotConverged(f"{what} of {customers:,} customers: {complaint}")
    return Fit(
        tuple(names),
        tuple(float(one) for one in np.exp(best)),
        -loss(best)[0] * customers,
        np.linalg.inv(hessian) / customers,
        customers,
    )


def _descent(loss: Callable[[Floats], tuple[float, Floats]], start: Floats) -> tuple[Floats, float]:
    bounds = [(_LEAST, _MOST)] * len(start)
    options = {"maxiter": 500, "ftol": 1e-14, "gtol": 1e-8, "maxcor": 20}
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x, dtype=float), float(found.fun) if np.isfinite(found.fun) else np.inf


def _hessian(loss: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    """Second derivatives by central differences of the first."""
    rows = [(loss(at + step)[1] - loss(at - step)[1]) / (2 * _STEP) for step in np.eye(len(at)) * _STEP]
    hessian = np.array(rows)
    return (hessian + hessian.T) / 2


def _complaint(at: Floats, slopes: Floats, hessian: Floats, names: Sequence[str]) -> str:
    """Why this is no maximum; empty where it is one."""
    for place, name in enumerate(names):
        if not _LEAST < at[place] < _MOST:
            return f"{name} runs to {'0' if at[place] <= _LEAST else 'infinity'}: the data do not determine it"
    if not np.all(np.isfinite(hessian)) or float(np.max(np.abs(slopes))) > _FLAT:
        return f"no start led to a maximum (slope {float(np.max(np.abs(slopes))):.2g} a customer)"
    if float(np.min(np.linalg.eigvalsh(hessian))) <= 0:
        return "the likelihood is flat where it should have its maximum: the data do not determine all parameters"
    return ""
