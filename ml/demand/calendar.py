"""What is known of a week beforehand: the days of the year that move sales, public holidays, planned campaigns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from pyspark.sql import DataFrame

from ml.demand.structural import Effects, Numbers

UNKNOWN_END_DAYS = 30
"""A campaign whose end is not known counts for so many days."""
CHRISTMAS = (12, 25)
EFFECT, HOLIDAY, WAVE, CAMPAIGNS, CAMPAIGN = 0.5, 0.1, 0.1, 0.15, 0.1
"""Prior standard deviations on the logarithm: half of all sales is a lot for a season, a tenth for a bank holiday."""


@dataclass(frozen=True)
class Campaign:
    """Days of a campaign, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Known:
    """What is known beforehand."""

    holidays: frozenset[date]
    campaigns: tuple[Campaign, ...]


def known(calendar: DataFrame, campaigns: DataFrame) -> Known:
    """From gold.dim_date and the rows of gold.dim_campaign of one source. There are few of either."""
    days = calendar.where("is_holiday").select("full_date").collect()
    named = campaigns.where("campaign_id IS NOT NULL AND started_on IS NOT NULL")
    rows = named.select("started_on", "ended_on", "campaign_id").orderBy("started_on", "campaign_id").collect()
    spans = [
        Campaign(row["started_on"], row["ended_on"] or row["started_on"] + timedelta(days=UNKNOWN_END_DAYS - 1))
        for row in rows
    ]
    return Known(frozenset(row["full_date"] for row in days), tuple(spans))


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def _before_christmas(day: date) -> int:
    return (date(day.year, *CHRISTMAS) - day).days


SEASONS: dict[str, Callable[[date], bool]] = {
    "black_friday": lambda day: -4 <= (day - black_friday(day.year)).days <= 3,
    "early_december": lambda day: 15 <= _before_christmas(day) <= 24,
    "before_christmas": lambda day: 1 <= _before_christmas(day) <= 14,
    "after_christmas": lambda day: -6 <= _before_christmas(day) <= 0,
    "new_year": lambda day: (day.month, day.day) <= (1, 7),
}
"""Parts of the year in which shops sell as in no other; the same days of each year, wherever the weeks fall."""
COLUMNS = (*SEASONS, "holidays", "wave_cos", "wave_sin")
"""Of the effects, before those of campaigns."""
LEAST_WEEKS_OF_WAVE = 78
"""Before a year and a half a yearly wave cannot be told from a trend."""


@lru_cache(maxsize=256)
def effects(first: date, weeks: int, known: Known) -> Effects:
    """Share of the days of each week that each effect works on; `weeks` rows from the week of `first`.

    Campaigns have one effect in common and one each of its own, of those which run in these weeks. Memoised, for each
    series and measure asks for the same weeks: the arrays cannot be written to.
    """
    mondays = [first + timedelta(weeks=n) for n in range(weeks)]
    seasons = [_share(mondays, is_one) for is_one in SEASONS.values()]
    holidays = _share(mondays, lambda day: day in known.holidays and not _is_season(day))
    own = [column for one in known.campaigns if (column := campaign_share(mondays, one)).any()]
    columns = [*seasons, holidays, *_wave(mondays), *([np.sum(own, axis=0)] if own else []), *own]
    deviation = [*[EFFECT] * len(seasons), HOLIDAY, WAVE, WAVE, *([CAMPAIGNS] if own else []), *[CAMPAIGN] * len(own)]
    least = np.zeros(len(columns))
    least[[COLUMNS.index("wave_cos"), COLUMNS.index("wave_sin")]] = LEAST_WEEKS_OF_WAVE
    found = Effects(np.stack(columns, axis=1), np.array(deviation), least)
    for values in (found.values, found.deviation, found.least_weeks):
        values.setflags(write=False)
    return found


def _wave(mondays: Sequence[date]) -> tuple[Numbers, Numbers]:
    """One wave a year, by its middle days of the weeks."""
    turn = 2 * np.pi * np.array([(monday + timedelta(days=3)).timetuple().tm_yday for monday in mondays]) / 365.25
    return np.cos(turn), np.sin(turn)


def _is_season(day: date) -> bool:
    return any(is_one(day) for is_one in SEASONS.values())


def _share(mondays: Sequence[date], is_one: Callable[[date], bool]) -> Numbers:
    return np.array([sum(is_one(monday + timedelta(days=n)) for n in range(7)) / 7 for monday in mondays])


def campaign_share(mondays: Sequence[date], campaign: Campaign) -> Numbers:
    """Share of the days of each week on which the campaign runs."""
    return _share(mondays, lambda day: campaign.first <= day <= campaign.last)
