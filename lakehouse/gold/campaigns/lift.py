"""What a campaign added, from the customers that were held out of it at random. All from sums: no customer is seen.

The difference in means of two random groups is what the contact caused (Neyman 1923). With the spend before it
as a covariate x, y - theta (x - mean x) has the same expected difference and a smaller variance: CUPED (Deng, Xu,
Kohavi and Walker 2013, https://doi.org/10.1145/2433396.2433413).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import atanh, sqrt, tanh

from scipy import stats

CONFIDENCE = 0.95
POWER = 0.80
Number = Decimal | int | float


@dataclass(frozen=True)
class Arm:
    """One group of one campaign: size, means, variances and covariance of outcome y and covariate x per customer."""

    size: int
    mean: float
    variance: float
    covariate_mean: float = 0.0
    covariate_variance: float = 0.0
    covariance: float = 0.0

    def adjusted(self, slope: float) -> Arm:
        """The arm of y - slope * x."""
        variance = self.variance - 2 * slope * self.covariance + slope**2 * self.covariate_variance
        return Arm(self.size, self.mean - slope * self.covariate_mean, max(variance, 0.0))


@dataclass(frozen=True)
class Effect:
    """An estimate with its standard error and 95 % interval."""

    estimate: float
    standard_error: float
    low: float
    high: float

    def minus(self, amount: float) -> Effect:
        return Effect(self.estimate - amount, self.standard_error, self.low - amount, self.high - amount)

    def over(self, amount: float) -> Effect:
        return Effect(self.estimate / amount, self.standard_error / amount, self.low / amount, self.high / amount)

    @property
    def detectable(self) -> float:
        """The smallest true effect that 95 % intervals of this width tell from 0 in 80 of 100 such campaigns."""
        return float(stats.norm.ppf(0.5 + CONFIDENCE / 2) + stats.norm.ppf(POWER)) * self.standard_error

    def power_at(self, effect: float) -> float | None:
        """Chance that an interval of this width excludes 0 where `effect` is the true one. None without any scatter."""
        if self.standard_error == 0:
            return None
        shift, bound = effect / self.standard_error, stats.norm.ppf(0.5 + CONFIDENCE / 2)
        return float(stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift))


def arm(sums: Mapping[str, Number], size: int) -> Arm:
    """An arm of at least two customers from the sums `y`, `yy`, `x`, `xx`, `xy` over its customers.

    In fractions, for a variance is a small difference of two large sums.
    """
    y, yy, x, xx, xy = (Fraction(sums[name]) for name in ("y", "yy", "x", "xx", "xy"))

    def moment(product: Fraction, one: Fraction, other: Fraction) -> float:
        return float((product - one * other / size) / (size - 1))

    return Arm(size, float(y / size), moment(yy, y, y), float(x / size), moment(xx, x, x), moment(xy, x, y))


def lift(contacted: Arm, held_out: Arm) -> Effect:
    """(mean of the contacted - mean of those held out) x contacted, with Welch's interval."""
    return _difference(contacted, held_out, _degrees_of_freedom(contacted, held_out))


def adjusted_lift(contacted: Arm, held_out: Arm) -> Effect:
    """The same after adjusting for the covariate. Its interval is never wider than the plain one.

    The slope is the one that makes the variance of the difference smallest: for groups of equal scatter that of
    CUPED; the quantile is the plain interval's.
    """
    by_size = [(one.covariance / one.size, one.covariate_variance / one.size) for one in (contacted, held_out)]
    shared, own = (sum(parts) for parts in zip(*by_size, strict=True))
    slope = shared / own if own > 0 else 0.0
    adjusted = contacted.adjusted(slope), held_out.adjusted(slope)
    return _difference(*adjusted, _degrees_of_freedom(contacted, held_out))


def _difference(contacted: Arm, held_out: Arm, freedom: float) -> Effect:
    error = sqrt(contacted.variance / contacted.size + held_out.variance / held_out.size) * contacted.size
    estimate = (contacted.mean - held_out.mean) * contacted.size
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * error
    return Effect(estimate, error, estimate - half, estimate + half)


def _degrees_of_freedom(one: Arm, other: Arm) -> float:
    """Those of Welch and Satterthwaite."""
    a, b = one.variance / one.size, other.variance / other.size
    if a + b == 0:
        return float(one.size + other.size - 2)
    return (a + b) ** 2 / (a**2 / (one.size - 1) + b**2 / (other.size - 1))


def correlation(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float, float] | None:
    """Pearson's r with its 95 % interval by Fisher's z. None for fewer than four pairs or without any scatter."""
    if len(xs) < 4 or len(set(xs)) == 1 or len(set(ys)) == 1:
        return None
    r = float(stats.pearsonr(xs, ys).statistic)
    if abs(r) >= 1:
        return r, r, r
    half = float(stats.norm.ppf(0.5 + CONFIDENCE / 2)) / sqrt(len(xs) - 3)
    return r, tanh(atanh(r) - half), tanh(atanh(r) + half)
