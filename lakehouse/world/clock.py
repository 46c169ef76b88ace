"""The two clocks of the shop: one by which new customers arrive, one by which rates of purchase run.

Both run faster where the season is high and as the shop grows. A time is a number of days since the first day of the
profile's span; operational time is the rate of the clock, summed up over days. All of it starts at the span's first
day, so a longer span only adds to the end.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from pyspark.sql import Column

from lakehouse.world.chance import Numbers, interpolated
from lakehouse.world.profile import Peak, Profile, Season

YEAR = 365.25
MONTH = YEAR / 12
_STEP = 0.5
"""Operational days between two points of the inverse of a clock."""


@dataclass(frozen=True)
class Clock:
    """Operational time at the start of each day, and back."""

    elapsed: Numbers
    """Operational time at the start of day 0, 1, 2, …; the last entry is the end of the last day."""

    def at(self, day: Column) -> Column:
        """Operational time of a time in days; stands still after the last day."""
        return interpolated(self.elapsed, 1.0, day)

    def day_at(self, operational: Column) -> Column:
        """Time in days of an operational time. Give it nothing beyond `end`."""
        return interpolated(self._inverse(), _STEP, operational)

    @property
    def end(self) -> float:
        return float(self.elapsed[-1])

    def on(self, day: float) -> float:
        """Operational time of a time in days, on the driver."""
        return float(np.interp(day, np.arange(len(self.elapsed)), self.elapsed))

    def _inverse(self) -> Numbers:
        points = np.arange(0.0, self.end + 2 * _STEP, _STEP)
        return np.asarray(np.interp(points, self.elapsed, np.arange(len(self.elapsed), dtype=float)), dtype=np.float64)


def season_of(season: Season, day: date) -> float:
    """How high sales are on a day against the year's mean, without the week's pattern."""
    phase = 2 * math.pi * (day.timetuple().tm_yday - season.yearly_peak_day) / YEAR
    return (1 + season.yearly_amplitude * math.cos(phase)) * peak_of(season, day)


def peak_of(season: Season, day: date) -> float:
    """How high sales are on a day for the peaks of the year alone."""
    factor = 1.0
    for peak in season.peaks:
        if any(0 <= (day - start).days < peak.days for start in _starts(peak, day.year)):
            factor *= peak.factor
    return factor


def week_of(season: Season, day: date) -> float:
    """How high sales are on a day of the week against the week's mean."""
    return season.weekly[day.weekday()] * 7 / sum(season.weekly)


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def _starts(peak: Peak, year: int) -> list[date]:
    if peak.black_friday is not None:
        return [black_friday(year) + timedelta(days=peak.black_friday)]
    assert peak.month is not None
    assert peak.day is not None
    return [date(one, peak.month, peak.day) for one in (year - 1, year)]


def season_by_day(profile: Profile, days: int) -> Numbers:
    """Season times week for each of the first days."""
    dates = (profile.start + timedelta(days=day) for day in range(days))
    return np.array([season_of(profile.season, day) * week_of(profile.season, day) for day in dates])


def purchase_clock(profile: Profile, days: int) -> Clock:
    """The clock of purchase rates: season times growth. One operational day is a mean day of the span."""
    years = (np.arange(days) + 0.5) / YEAR
    rates = season_by_day(profile, days) * np.exp(profile.purchase.growth * years)
    return _clock(rates / rates[: profile.days].mean())


def arrival_clock(profile: Profile, days: int) -> Clock:
    """The clock of first orders, in shares of all customers: 0 at the start, `arrival.share` at the span's end."""
    at = np.arange(days) + 0.5
    arrival = profile.arrival
    density = 1 + arrival.existing * np.exp(-at / arrival.existing_days)
    density = density * np.exp(arrival.growth * at / YEAR) * season_by_day(profile, days)
    # The unit is such that all customers have arrived at time ARRIVED: ten points of the inverse fall on the first day.
    return _clock(density * arrival.share * ARRIVED / density[: profile.days].sum())


ARRIVED = 3_000.0


def _clock(rates: Numbers) -> Clock:
    return Clock(np.concatenate([[0.0], np.cumsum(rates)]))
