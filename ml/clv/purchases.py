"""How often customers will buy: BG/NBD and MBG/NBD, fitted by maximum likelihood, with what follows in closed form.

While a customer is one, purchases are a Poisson process of the customer's own rate; after each of them the customer
stays away for good with the customer's own probability. Rates are Gamma(r, alpha), probabilities Beta(a, b), and the
two are independent. In BG/NBD (Fader, Hardie, Lee 2005, "Counting your customers the easy way") nobody leaves before
the first repeat purchase; in MBG/NBD (Batislam, Denizel, Filiztekin 2007; Hoppe, Wagner 2007) one may leave after the
very first one too. One set of formulas serves both: `leaves_at_once` is 1 where MBG/NBD adds 1.

Times are in any unit, one for all; `alpha` is in it. A purchase is a day with any order: a second one on it is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
from scipy import special

from ml.clv.maximum_likelihood import Fit, Floats, maximise

PurchaseModelName = Literal["bg_nbd", "mbg_nbd", "nbd"]
PURCHASE_MODELS: tuple[PurchaseModelName, ...] = get_args(PurchaseModelName)
PARAMETERS = ("r", "alpha", "a", "b")
"""NBD has the first two."""
_STARTS = ((1.0, 1.0, 1.0, 1.0), (0.3, 0.2, 0.8, 2.5), (1.0, 0.5, 0.3, 5.0))
"""r, alpha in units of the mean observed time, a, b."""
_NEAR = 1e-6
_ALMOST_0 = 1e-8


@dataclass(frozen=True)
class Histories:
    """What is known of customers at the end of observation: one element for each group of equal customers."""

    frequency: Floats
    """Purchases after the first one."""
    recency: Floats
    """Time from the first purchase to the last; 0 where there is only one."""
    observed: Floats
    """T: time from the first purchase to the end of observation."""
    count: Floats
    """Customers in the group."""

    @property
    def customers(self) -> int:
        return round(float(self.count.sum()))


@dataclass(frozen=True)
class PurchaseModel:
    """BG/NBD, MBG/NBD or NBD with its parameters; in NBD a is 0, and b plays no part."""

    name: PurchaseModelName
    r: float
    alpha: float
    a: float = 0.0
    b: float = 1.0

    @classmethod
    def of(cls, name: PurchaseModelName, values: Mapping[str, float] | Fit) -> PurchaseModel:
        return cls(name, *(float(values[one]) for one in parameters_of(name)))

    @property
    def leaves_at_once(self) -> int:
        """1 where a customer may leave after the first purchase of all."""
        return int(self.name == "mbg_nbd")

    def p_alive(self, frequency: Floats, recency: Floats, observed: Floats) -> Floats:
        """Probability to be a customer still at T. In BG/NBD it is 1 without a repeat purchase: no score of churn."""
        x = np.asarray(frequency, dtype=float)
        if self.name == "nbd":
            return np.ones_like(x)
        stays = self.b + x + self.leaves_at_once - 1
        could_leave = x + self.leaves_at_once > 0
        odds = np.log(self.a / np.where(could_leave, stays, 1.0))
        odds = odds + (self.r + x) * np.log((self.alpha + observed) / (self.alpha + np.asarray(recency)))
        return np.where(could_leave, special.expit(-odds), 1.0)

    def expected_if_alive(self, frequency: Floats, observed: Floats, ahead: float | Floats) -> Floats:
        """Expected purchases in (T, T + ahead] of one who is a customer at T; recency does not matter then.

        The papers' 2F1(r + x, b + x; a + b + x - 1; z), which overflows where x is large, after Euler's transformation:
        (1 - z)^(a - 1) 2F1(a + b - 1 - r, a - 1; a + b + x - 1; z), z = ahead / (alpha + T + ahead).
        """
        if abs(self.a - 1) < _NEAR:  # the formula is 0 / 0 at a = 1, where nothing happens: the mean of both sides
            below, above = (
                PurchaseModel(self.name, self.r, self.alpha, 1 + e, self.b) for e in (-2 * _NEAR, 2 * _NEAR)
            )
            both = (one.expected_if_alive(frequency, observed, ahead) for one in (below, above))
            return np.asarray(sum(both) / 2)
        x = np.asarray(frequency, dtype=float)
        z = ahead / (self.alpha + observed + ahead)
        shape = self.a + self.b + self.leaves_at_once - 1
        third = shape + x
        third = np.where(np.abs(third) < _ALMOST_0, _ALMOST_0, third)  # only where a + b = 1 and x = 0
        left = np.power(1 - z, self.a - 1) * special.hyp2f1(shape - self.r, self.a - 1, third, z)
        return np.asarray(third / (self.a - 1) * (1 - left))

    def expected_purchases(self, frequency: Floats, recency: Floats, observed: Floats, ahead: float | Floats) -> Floats:
        """Expected purchases in (T, T + ahead], given frequency, recency and T: arrays of one length, in one unit."""
        alive = self.p_alive(frequency, recency, observed)
        return alive * self.expected_if_alive(frequency, observed, ahead)

    def p_no_purchase(self, frequency: Floats, recency: Floats, observed: Floats, ahead: float | Floats) -> Floats:
        """Probability of no purchase in (T, T + ahead]: gone already, or there and waiting longer than that."""
        x = np.asarray(frequency, dtype=float)
        waits = np.exp(-(self.r + x) * np.log1p(ahead / (self.alpha + observed)))
        return np.asarray(1 - self.p_alive(x, recency, observed) * (1 - waits))

    def log_likelihood(self, histories: Histories) -> float:
        values = np.array([getattr(self, one) for one in parameters_of(self.name)])
        return _LIKELIHOODS[self.name](values, histories)[0]


def parameters_of(name: PurchaseModelName) -> tuple[str, ...]:
    return PARAMETERS[:2] if name == "nbd" else PARAMETERS


def fit(name: PurchaseModelName, histories: Histories, start: PurchaseModel | None = None) -> Fit:
    """Parameters r, alpha, a, b with 95 % intervals. Raises NotConverged (see ml.clv.maximum_likelihood).

    Starts from several points, or from `start` alone where the maximum is known to be near it.
    """
    scale = float(np.average(histories.observed, weights=histories.count)) or 1.0
    scaled = Histories(histories.frequency, histories.recency / scale, histories.observed / scale, histories.count)
    names = parameters_of(name)
    starts = _STARTS if start is None else [(start.r, start.alpha / scale, start.a, start.b)]
    found = maximise(
        lambda values: _LIKELIHOODS[name](values, scaled),
        names,
        [one[: len(names)] for one in starts],
        customers=histories.customers,
        what=name,
    )
    r, alpha, *leaving = found.values
    repeats = float(histories.frequency @ histories.count)
    # A density of times in another unit: each repeat purchase brings one factor of the unit.
    return Fit(
        names,
        (r, alpha * scale, *leaving),
        found.log_likelihood - repeats * float(np.log(scale)),
        found.covariance,
        found.customers,
    )


def bootstrap(name: PurchaseModelName, histories: Histories, *, draws: int, seed: int) -> Floats:
    """Parameters of `draws` resamples of the customers, one row each: a check of the intervals of `fit`."""
    chance = np.random.default_rng(seed)
    customers = histories.customers
    shares = histories.count / histories.count.sum()
    near = PurchaseModel.of(name, fit(name, histories))
    rows = []
    for _ in range(draws):
        count = chance.multinomial(customers, shares).astype(float)
        kept = count > 0
        resampled = Histories(histories.frequency[kept], histories.recency[kept], histories.observed[kept], count[kept])
        rows.append(fit(name, resampled, near).values)
    return np.array(rows)


def _of_those_who_stay(values: Floats, histories: Histories) -> tuple[float, Floats]:
    """Log-likelihood of NBD and its derivatives by r, alpha."""
    r, alpha = values
    x, count, time = histories.frequency, histories.count, alpha + histories.observed
    each = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) - (r + x) * np.log(time)
    by_r = special.digamma(r + x) - special.digamma(r) + np.log(alpha) - np.log(time)
    return float(count @ each), np.array([float(count @ by_r), float(count @ (r / alpha - (r + x) / time))])


def _of_those_who_leave(values: Floats, histories: Histories, later: int) -> tuple[float, Floats]:
    """Log-likelihood and its derivatives by r, alpha, a, b; `later` is 1 for MBG/NBD."""
    r, alpha, a, b = values
    x, count = histories.frequency, histories.count
    alive = -(r + x) * np.log(alpha + histories.observed)
    could_leave = x + later > 0
    stays = np.where(could_leave, b + x + later - 1, 1.0)
    gone = np.where(could_leave, np.log(a / stays) - (r + x) * np.log(alpha + histories.recency), -np.inf)
    either = np.logaddexp(alive, gone)
    left = np.exp(gone - either)
    each = special.gammaln(r + x) - special.gammaln(r) + r * np.log(alpha) + either
    each += special.betaln(a, b + x + later) - special.betaln(a, b)
    together = special.digamma(a + b) - special.digamma(a + b + x + later)
    time = (1 - left) * np.log(alpha + histories.observed) + left * np.log(alpha + histories.recency)
    per_time = (1 - left) / (alpha + histories.observed) + left / (alpha + histories.recency)
    slopes = (
        special.digamma(r + x) - special.digamma(r) + np.log(alpha) - time,
        r / alpha - (r + x) * per_time,
        together + left / a,
        together + special.digamma(b + x + later) - special.digamma(b) - left / stays,
    )
    return float(count @ each), np.array([float(count @ one) for one in slopes])


_LIKELIHOODS: Mapping[PurchaseModelName, Callable[[Floats, Histories], tuple[float, Floats]]] = {
    "bg_nbd": partial(_of_those_who_leave, later=0),
    "mbg_nbd": partial(_of_those_who_leave, later=1),
    "nbd": _of_those_who_stay,
}
