"""How far what a customer brings may lie from what is expected: the distribution of purchases and of their value.

Given that somebody is a customer at T, the rate and the probability to leave are independent afterwards (Gamma and
Beta). So at least n purchases come in (T, T + t] where a Poisson process has as many and none of the first n - 1 was
the last one: P(N >= n | alive) = P(Poisson >= n) x B(a, b' + n - 1) / B(a, b'), and the count is negative binomial. Its
value is the sum of N Gamma values with the customer's own nu. Where N > 0 it is taken as Gamma with the same mean and
variance; its lower end as a mixture of two, of one purchase (often the last) and of more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ml.clv.maximum_likelihood import Floats
from ml.clv.purchases import PurchaseModel
from ml.clv.value import ValueModel

LEVEL = 0.80
"""Share of customers whose value is to lie within their interval, at least."""
_TAIL = (1 - LEVEL) / 2
_HALVINGS = 20
_MOST_PURCHASES = 2_000
_REST = 1e-5
_LEAST_SHAPE = 2.5
"""Of a customer's nu: up to 2 the variance of values is infinite."""


Places = NDArray[np.int64]


@dataclass(frozen=True)
class PurchaseMoments:
    """Of the number of purchases ahead: arrays, one element a customer."""

    none: Floats
    """Probability of no purchase."""
    one: Floats
    """Probability of a single purchase."""
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
    first = second = above
    for n in range(1, _MOST_PURCHASES):
        at_least = above * stays
        mean, square = mean + at_least, square + (2 * n - 1) * at_least
        if np.all(n * at_least <= _REST * mean):
            break
        chance = chance * share * (shape + n - 1) / n
        above = np.maximum(above - chance, 0.0)
        stays = stays * (there + n - 1) / (model.a + there + n - 1)
        second = above * stays if n == 1 else second
    alive = model.p_alive(frequency, recency, observed)
    return PurchaseMoments(1 - alive * first, alive * (first - second), alive * mean, alive * square)


@dataclass(frozen=True)
class _Gamma:
    """A Gamma distribution, and how much of all probability it has."""

    weight: Floats
    shape: Floats
    scale: Floats

    @classmethod
    def of(cls, weight: Floats, mean: Floats, square: Floats) -> _Gamma:
        """With the mean and the mean square of what has so much weight; these are not yet divided by it."""
        share = np.maximum(weight, 1e-12)
        mean, square = np.maximum(mean / share, 1e-100), square / share
        variance = np.maximum(square - mean**2, 1e-9 * mean**2)
        return cls(weight, mean**2 / variance, variance / mean)

    def below(self, value: Floats, some: Places) -> Floats:
        return np.asarray(self.weight[some] * special.gammainc(self.shape[some], value / self.scale[some]))

    def quantile(self, probability: Floats) -> Floats:
        return np.asarray(special.gammaincinv(self.shape, np.clip(probability, 0.0, 1 - 1e-12)) * self.scale)


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

    def gamma(weight: Floats, mean: Floats, square: Floats) -> _Gamma:
        """Of the value, where the number of purchases has these."""
        return _Gamma.of(weight, of_one * mean, (value.p * mean + value.p**2 * square) * inverse_square)

    some = 1 - purchases.none
    any_number = gamma(some, purchases.mean, purchases.square)
    high = any_number.quantile(1 - _TAIL / np.maximum(some, 1e-12))  # 0 where some is below the tenth
    single = gamma(purchases.one, purchases.one, purchases.one)
    more = gamma(some - purchases.one, purchases.mean - purchases.one, purchases.square - purchases.one)
    return _lower(purchases.none, single, more, high), high


def _lower(none: Floats, single: _Gamma, more: _Gamma, high: Floats) -> Floats:
    """Below which a tenth lies: 0 where nothing is bought as often as that; else by halving, in closed form there is
    none."""
    low = np.zeros_like(high)
    sure = np.flatnonzero(none < _TAIL)
    least, most = np.zeros(len(sure)), high[sure]
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        is_below = none[sure] + single.below(middle, sure) + more.below(middle, sure) < _TAIL
        least, most = np.where(is_below, middle, least), np.where(is_below, most, middle)
    low[sure] = least
    return low
