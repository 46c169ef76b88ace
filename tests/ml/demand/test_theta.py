"""Theta of many series at once, held against statsforecast's, which fits one after the other."""

import numpy as np
import pytest
from numpy.typing import NDArray
from statsforecast.models import Theta

from ml.demand.states import YEAR
from ml.demand.theta import season_of, theta

Numbers = NDArray[np.float64]
CONSTANTS = np.linspace(0.1, 0.99, 1000)


def by_statsforecast(series: Numbers, horizon: int) -> Numbers:
    found = Theta(season_length=YEAR if len(series) >= 2 * YEAR else 1).forecast(y=series, h=horizon)
    return np.asarray(found["mean"])


def walks(count: int, weeks: int) -> Numbers:
    """Series with levels that move and noise: they have one clear best constant."""
    drawn = np.random.default_rng(8)
    return np.asarray(200 + np.cumsum(drawn.normal(1, 9, (count, weeks)), axis=1) + drawn.normal(0, 5, (count, weeks)))


@pytest.mark.parametrize("weeks", [4, 5, 30, 103])
def test_it_says_what_statsforecast_says_where_that_finds_the_best_constant(weeks: int) -> None:
    past, compared = walks(6, weeks), 0
    for ours, series in zip(theta(past, 13), past, strict=True):
        constant = Theta(season_length=1).fit(series).model_["par"]["alpha"]
        best = min(loss(series, one)[0] for one in CONSTANTS)
        if loss(series, constant)[0] <= best * 1.0001 + 1e-9:
            compared += 1
            assert ours == pytest.approx(by_statsforecast(series, 13), rel=2e-3)
    assert compared >= 4


def test_a_series_counts_from_its_first_sale_on_whatever_length_the_others_have() -> None:
    past = walks(3, 60)
    past[1, :35] = 0
    assert theta(past, 9)[1] == pytest.approx(theta(past[1:2, 35:], 9)[0])
    assert theta(past, 9)[2] == pytest.approx(theta(past[2:3], 9)[0])


def test_a_series_that_begins_after_years_of_others_is_smoothed_from_its_own_beginning() -> None:
    past = np.zeros((1, 400))
    past[0, -12:] = walks(1, 12)[0]
    assert theta(past, 5)[0] == pytest.approx(theta(past[:, -12:], 5)[0])


def test_zeros_after_the_first_sale_are_weeks_like_others() -> None:
    past = walks(2, 40)
    past[0, 3:9] = 0
    assert theta(past, 4)[0] == pytest.approx(by_statsforecast(past[0], 4), rel=2e-3)


def year_after_year(weeks: int, low: float) -> Numbers:
    """Every year the same weeks are good or bad, the first of all good."""
    drawn = np.random.default_rng(3)
    pattern = drawn.uniform(0, 100, YEAR)
    pattern[0] = 90
    return np.asarray(np.maximum(low + np.resize(pattern, weeks) + drawn.normal(0, 4, weeks), 0))


@pytest.mark.parametrize("low", [60.0, -20.0], ids=["factor", "summand"])
@pytest.mark.parametrize("weeks", [2 * YEAR, 2 * YEAR + 17, 3 * YEAR])
def test_a_yearly_season_is_a_factor_where_there_are_sales_in_all_weeks_and_a_summand_else(
    low: float, weeks: int
) -> None:
    series = year_after_year(weeks, low)
    season = season_of(series)
    assert season is not None
    assert season[1] == (series.min() > 0) == (low == 60)
    assert theta(series[None], 60)[0] == pytest.approx(by_statsforecast(series, 60), rel=2e-3, abs=0.05)


def test_years_that_are_good_and_bad_by_turns_have_a_season_too() -> None:
    """As statsforecast has it: what repeats every second year repeats."""
    turns = np.repeat([1, -1, 1, -1], YEAR)
    series = 100 + turns * (year_after_year(4 * YEAR, 60) - 110)
    assert season_of(series) is not None
    assert theta(series[None], 9)[0] == pytest.approx(by_statsforecast(series, 9), rel=2e-3)


def test_less_than_two_years_tell_no_season_and_chance_is_none() -> None:
    series = year_after_year(2 * YEAR, 60)
    assert season_of(series) is not None
    assert season_of(series[1:]) is None
    assert season_of(np.random.default_rng(1).normal(100, 9, 2 * YEAR)) is None
    assert season_of(np.full(2 * YEAR, 7.0)) is None


def test_of_fewer_than_four_weeks_it_is_their_mean_and_without_a_sale_nothing() -> None:
    past = np.zeros((3, 20))
    past[0, -3:] = 6, 0, 3
    past[1, -1] = 5
    assert theta(past, 2).tolist() == [[3, 3], [5, 5], [0, 0]]


def test_of_several_valleys_the_deepest_is_found() -> None:
    """Where a search goes down from one place, as statsforecast's does, it may end in another."""
    past = np.array([1, 1, 0, 2, 2, 0, 3, 2, 1, 0, 0, 0, 0, 0], dtype=float)
    found = theta(past[None], 1)[0, 0]
    _, best = min(loss(past, one) for one in CONSTANTS)
    assert found == pytest.approx(best, rel=5e-3)
    assert found < 0.5 * by_statsforecast(past, 1)[0]


def loss(series: Numbers, constant: float) -> tuple[float, float]:
    """The least sum of squares over levels to start from, and the forecast of the next week, one by one."""
    weeks = len(series)
    slope, intercept = np.polyfit(np.arange(1, weeks + 1), series, 1)
    kept = 1 - constant

    def said(start: float) -> list[float]:
        level, out = start, []
        for week in range(weeks + 1):
            out.append(level + (kept**week * intercept + (1 - kept ** (week + 1)) / constant * slope) / 2)
            if week < weeks:
                level = constant * series[week] + kept * level
        return out

    zero, one = np.array(said(0.0)), np.array(said(1.0))
    share, error = (one - zero)[3:-1], series[3:] - zero[3:-1]
    start = float(error @ share / (share @ share))
    whole = zero + start * (one - zero)
    return float(((series[3:] - whole[3:-1]) ** 2).sum()), float(whole[-1])
