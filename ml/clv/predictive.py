"""How far what a customer brings may lie from what is expected: the distribution of purchases and of their value.

Given that somebody is a customer at T, the rate and the probability to leave are independent afterwards (Gamma and
Beta). So at least n purchases come in (T, T + t] where a Poisson process has as many and none of the first n - 1 was
the last one: P(N >= n | alive) = P(Poisson >= n) x B(a, b' + n - 1) / B(a, b'), and the count is negative binomial. Its
value is the sum of N Gamma values with the customer's own nu; where N > 0 it is taken as Gamma with the same mean
and variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from ml.clv.maximum_likelihood import Floats
from ml.clv.purchases import PurchaseModel
from ml.clv.value import ValueModel

LEVEL = 0.80
"""Share of customers whose value is to lie within their interval, at least."""
_MOST_PURCHASES = 2_000
_REST = 1e-5
_LEAST_SHAPE = 2.5
"""Of a customer's nu: up to 2 the variance of values is infinite."""


@dataclass(frozen=True)
class PurchaseMoments:
    """Of the number of purchases ahead: arrays, one element a customer."""

    none: Floats
    """Probability of no purchase."""
    mean: Floats
    square: Floats
    """Mean of the square."""


def purchase_moments(
    model: PurchaseModel, frequency: Floats, recency: Floats, observed: Floats, ahead: Floats
) -> PurchaseMoments:
    """Of purchases in (T, T + ahead]; the sums run until what is left of them does not matter."""
    shape = model.r + frequency
    share = ahead / (model.alpha + observed + ahead)
    there = model.b + frequency + model.leaves_at_once
    chance = np.exp(shape * np.log1p(-share))  # P(Poisson = n), from n = 0 on
    above, stays = 1 - chance, np.ones_like(chance)
    mean, square = np.zeros_like(chance), np.zeros_like(chance)
    first = above
    for n in range(1, _MOST_PURCHASES):
        at_least = above * stays
        mean, square = mean + at_least, square + (2 * n - 1) * at_least
        if np.all(n * at_least <= _REST * mean):
            break
        chance = chance * share * (shape + n - 1) / n
        above = np.maximum(above - chance, 0.0)
        stays = stays * (there + n - 1) / (model.a + there + n - 1)
    alive = model.p_alive(frequency, recency, observed)
    return PurchaseMoments(1 - alive * first, alive * mean, alive * square)


def value_interval(
    purchases: PurchaseMoments, value: ValueModel, frequency: Floats, mean_value: Floats
) -> tuple[Floats, Floats]:
    """Between which the value of all purchases ahead lies with a probability of 80 %: a tenth below, a tenth above.

    Where nothing is bought with more than nine tenths both are 0. Uncertainty of the parameters is not in it.
    """
    shape, rate = value.posterior(frequency, mean_value)
    of_one = value.p * rate / (shape - 1)
    shape = np.maximum(shape, _LEAST_SHAPE)
    inverse_square = (of_one / value.p) ** 2 * (shape - 1) / (shape - 2)  # mean of 1 / nu^2, given the mean of 1 / nu
    some = np.maximum(1 - purchases.none, 1e-12)
    mean = of_one * purchases.mean / some
    square = (value.p * purchases.mean + value.p**2 * purchases.square) * inverse_square / some
    variance = np.maximum(square - mean**2, 1e-12 * mean**2 + 1e-300)
    tail = (1 - LEVEL) / 2
    low, high = (
        np.where(
            one > purchases.none,
            special.gammaincinv(mean**2 / variance, np.clip((one - purchases.none) / some, 0.0, 1 - 1e-12))
            * variance
            / np.maximum(mean, 1e-300),
            0.0,
        )
        for one in (tail, 1 - tail)
    )
    return low, high
