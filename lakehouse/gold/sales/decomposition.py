"""Season and trend of one daily series by LOESS (STL, MSTL), and what does not fit them.

STL: Cleveland, Cleveland, McRae and Terpenning 1990. MSTL: Bandara, Hyndman and Bergmeir 2021, arXiv:2107.13462.
Strengths: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, section 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import ruptures
from numpy.typing import NDArray
from scipy import stats
from statsmodels.tsa.seasonal import MSTL, STL

from lakehouse.settings.marts import Decomposition

WEEK, YEAR = 7, 365
YEAR_WINDOW = 15
"""Years over which the pattern of the year may change; MSTL's own choice for a second season."""
DECOMPOSED, TOO_SHORT, TOO_SPARSE, CONSTANT = "decomposed", "too short", "too sparse", "constant"
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """A series taken apart: trend + weekly + yearly + remainder is the series, day by day."""

    trend: Values
    weekly: Values
    yearly: Values | None
    """None where the series does not hold two years."""
    remainder: Values
    anomalies: NDArray[np.bool_]
    change_points: tuple[int, ...]
    """Days at which a new level begins."""

    @property
    def method(self) -> str:
        return "STL 7" if self.yearly is None else "MSTL 7, 365"

    @property
    def trend_strength(self) -> float | None:
        return strength(self.trend, self.remainder)

    @property
    def weekly_strength(self) -> float | None:
        return strength(self.weekly, self.remainder)

    @property
    def yearly_strength(self) -> float | None:
        return None if self.yearly is None else strength(self.yearly, self.remainder)


def outcome_of(values: Values, plan: Decomposition) -> str:
    """Whether a series can be taken apart, or why not."""
    if len(values) < max(plan.least_days, 2 * WEEK):
        return TOO_SHORT
    if np.ptp(values) == 0:
        return CONSTANT
    return DECOMPOSED if np.mean(values != 0) >= plan.least_active_share else TOO_SPARSE


def decompose(values: Values, plan: Decomposition) -> Parts:
    """Takes apart a series for which `outcome_of` says that it can be: one value for each day, without gaps.

    The year is a season only where the series holds two of them. Days far off weigh little (robust weights), so that a
    sale is an anomaly and no bend of the trend.
    """
    # What is smooth is worked out for one day a week and read off in between, as R's stl does: by far most of the time.
    if len(values) > 2 * YEAR:
        steps = {"robust": True, "trend_jump": WEEK, "low_pass_jump": WEEK}
        windows = (plan.season_weeks, YEAR_WINDOW)
        found = MSTL(values, periods=(WEEK, YEAR), windows=windows, stl_kwargs=steps).fit()
        weekly, yearly = found.seasonal[:, 0], found.seasonal[:, 1]
    else:
        windows_of_week = {"seasonal": plan.season_weeks, "trend": plan.trend_days}
        found = STL(values, period=WEEK, **windows_of_week, robust=True, trend_jump=WEEK).fit()
        weekly, yearly = found.seasonal, None
    return Parts(
        found.trend,
        weekly,
        yearly,
        found.resid,
        anomalies(found.resid, plan.anomaly_deviations),
        change_points(values - weekly - (0.0 if yearly is None else yearly), plan.shift_days),
    )


def strength(part: Values, remainder: Values) -> float | None:
    """max(0, 1 - Var(remainder) / Var(part + remainder)); None where neither varies."""
    whole = float(np.var(part + remainder))
    return None if whole == 0 else max(0.0, 1 - float(np.var(remainder)) / whole)


def anomalies(remainder: Values, deviations: float) -> NDArray[np.bool_]:
    """Days whose remainder is further from the median than so many robust standard deviations (MAD x 1.4826)."""
    scale = float(stats.median_abs_deviation(remainder, scale="normal"))
    far: NDArray[np.bool_] = np.abs(remainder - np.median(remainder)) > deviations * scale
    return far


def change_points(adjusted: Values, shift_days: int) -> tuple[int, ...]:
    """Days at which the level of a seasonally adjusted series shifts for good.

    Segments of constant mean, as many as pay the price of 3 log(n) variances each (PELT: Killick, Fearnhead and Eckley
    2012). Over weekly means, in which single days and what is left of the week's pattern average out.
    """
    weeks = len(adjusted) // WEEK
    least = max(1, round(shift_days / WEEK))
    if weeks < 2 * least:
        return ()
    # From the end backwards, so that a week that has only begun is the oldest.
    start = len(adjusted) - weeks * WEEK
    means = adjusted[start:].reshape(weeks, WEEK).mean(axis=1)
    # Differences of neighbours tell the scatter, whatever the level does; each holds it twice.
    variance = float(stats.median_abs_deviation(np.diff(means), scale="normal")) ** 2 / 2
    if variance == 0:
        return ()
    found = ruptures.Pelt(model="l2", min_size=least, jump=1).fit_predict(means, pen=3 * np.log(weeks) * variance)
    return tuple(start + WEEK * place for place in found[:-1])


def growth_over(trend: Values) -> float | None:
    """Mean trend of the last four weeks over that of the first four, less 1. None for less than eight weeks or where
    the trend does not start above zero."""
    if len(trend) < 8 * WEEK:
        return None
    first, last = float(trend[: 4 * WEEK].mean()), float(trend[-4 * WEEK :].mean())
    return last / first - 1 if first > 0 else None


def year_on_year(values: Values) -> float | None:
    """Sum over the last days (at most a year) that have a day one year before, over the sum of those days, less 1.

    None for less than four such weeks, or where those days do not sum to more than zero.
    """
    days = min(len(values) - YEAR, YEAR)
    if days < 4 * WEEK:
        return None
    now, before = float(values[-days:].sum()), float(values[-days - YEAR : len(values) - YEAR].sum())
    return now / before - 1 if before > 0 else None
