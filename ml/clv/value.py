"""What a purchase of a customer is worth: the Gamma-Gamma model (Fader, Hardie 2013; Colombo, Jiang 1999).

Values of a customer's purchases are Gamma(p, nu), nu is the customer's own, Gamma(q, v) over customers, and neither has
to do with how often the customer buys. So a mean that was seen in few purchases is drawn towards the mean of all.
As in the paper the first purchase of a customer is left out of the fit and of the customer's mean: who has no repeat
purchase is expected to spend what customers spend on average, p v / (q - 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from ml.clv.maximum_likelihood import Fit, Floats, NotConverged, maximise

PARAMETERS = ("p", "q", "v")
_STARTS = ((2.0, 3.0, 1.0), (6.0, 4.0, 0.5), (1.0, 1.5, 0.5), (15.0, 10.0, 0.6))
"""p, q, v in units of the median of the mean values."""


@dataclass(frozen=True)
class ValueModel:
    """Gamma-Gamma with its parameters; `v` is in units of money."""

    p: float
    q: float
    v: float

    @classmethod
    def of(cls, values: Mapping[str, float] | Fit) -> ValueModel:
        return cls(*(float(values[one]) for one in PARAMETERS))

    @property
    def mean(self) -> float:
        """Expected value of a purchase of a customer of whom nothing is known."""
        return self.p * self.v / (self.q - 1)

    def expected_value(self, frequency: Floats, mean_value: Floats) -> Floats:
        """Expected value of a purchase, given the mean of the repeat purchases seen; that may be NaN without any.

        Means below 0 (more came back than was bought) count as 0: the model knows none.
        """
        shape, rate = self.posterior(frequency, mean_value)
        return self.p * rate / (shape - 1)

    def posterior(self, frequency: Floats, mean_value: Floats) -> tuple[Floats, Floats]:
        """Shape and rate of the Gamma distribution of a customer's nu, given what was seen."""
        x = np.asarray(frequency, dtype=float)
        seen = np.maximum(np.nan_to_num(mean_value), 0.0)
        return self.q + self.p * x, self.v + x * seen


def fit(frequency: Floats, mean_value: Floats) -> Fit:
    """Parameters p, q, v with 95 % intervals, from customers with repeat purchases and a mean above 0; no others.

    Raises NotConverged, also where the mean over customers would be infinite (q up to 1).
    """
    scale = float(np.median(mean_value))
    x, z = np.asarray(frequency, dtype=float), mean_value / scale
    found = maximise(
        lambda values: _likelihood(values, x, z), PARAMETERS, _STARTS, customers=len(x), what="gamma_gamma"
    )
    p, q, v = found.values
    if q <= 1:
        raise NotConverged(
            f"gamma_gamma of {len(x):,} customers: q is {q:.3g}, a mean over customers needs more than 1"
        )
    return Fit(
        PARAMETERS,
        (p, q, v * scale),
        found.log_likelihood - len(x) * float(np.log(scale)),
        found.covariance,
        found.customers,
    )


def _likelihood(values: Floats, x: Floats, z: Floats) -> tuple[float, Floats]:
    """Log-likelihood of the mean values z of x purchases each, and its derivatives by p, q, v."""
    p, q, v = values
    px, total, rate = p * x, p * x + q, np.log(v + x * z)
    each = special.gammaln(total) - special.gammaln(px) - special.gammaln(q) + q * np.log(v)
    each += (px - 1) * np.log(z) + px * np.log(x) - total * rate
    slopes = (
        x * (special.digamma(total) - special.digamma(px) + np.log(z) + np.log(x) - rate),
        special.digamma(total) - special.digamma(q) + np.log(v) - rate,
        q / v - total / (v + x * z),
    )
    return float(each.sum()), np.array([float(one.sum()) for one in slopes])
