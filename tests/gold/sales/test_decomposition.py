"""Series are taken apart as statsmodels does it, and what was put into them comes out."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from lakehouse.gold.sales.decomposition import (
    CONSTANT,
    DECOMPOSED,
    TOO_SHORT,
    TOO_SPARSE,
    Values,
    anomalies,
    change_points,
    decompose,
    growth_over,
    outcome_of,
    strength,
    year_on_year,
)
from lakehouse.settings import load_settings

PLAN = load_settings().analytics.decomposition
WEEK = np.array([-8.0, -6, -4, 0, 5, 9, 4])


def series(days: int, *, seed: int = 1, noise: float = 3.0) -> Values:
    draw = np.random.default_rng(seed)
    return 60 + 0.05 * np.arange(days) + np.resize(WEEK, days) + draw.normal(0, noise, days)


def test_parts_equal_those_of_statsmodels_and_add_up() -> None:
    values = series(400)
    parts = decompose(values, PLAN)
    theirs = STL(values, period=7, seasonal=35, trend=91, robust=True, trend_jump=7).fit()
    for ours, other in ((parts.trend, theirs.trend), (parts.weekly, theirs.seasonal), (parts.remainder, theirs.resid)):
        np.testing.assert_array_equal(ours, other)
    np.testing.assert_allclose(parts.trend + parts.weekly + parts.remainder, values)
    assert parts.yearly is None
    assert parts.method == "STL 7"


def test_a_planted_week_comes_out() -> None:
    weekly = decompose(series(400, noise=2.0), PLAN).weekly
    found = np.array([weekly[day::7].mean() for day in range(7)])
    np.testing.assert_allclose(found - found.mean(), WEEK - WEEK.mean(), atol=0.7)


@pytest.mark.parametrize(("days", "has_year"), [(730, False), (731, True)])
def test_a_year_is_a_season_only_where_there_are_two(days: int, has_year: bool) -> None:
    assert (decompose(series(days), PLAN).yearly is not None) == has_year


def test_a_planted_yearly_season_comes_out_of_three_years() -> None:
    year = 12 * np.cos(2 * np.pi * np.arange(1096) / 365)
    parts = decompose(series(1096) + year, PLAN)
    assert parts.yearly is not None
    assert np.corrcoef(parts.yearly, year)[0, 1] > 0.95
    assert parts.yearly_strength is not None
    assert parts.yearly_strength > 0.8


def test_strengths_are_hyndmans() -> None:
    part, remainder = np.array([1.0, -1, 1, -1]), np.array([0.5, 0.5, -0.5, -0.5])
    assert strength(part, remainder) == pytest.approx(1 - 0.25 / 1.25)
    assert strength(0 * part, 0 * remainder) is None
    # What cancels the remainder leaves nothing that varies; what takes part of it away has no strength of its own.
    assert strength(-remainder, remainder) is None
    assert strength(-0.5 * remainder, remainder) == 0.0


def test_single_days_that_stand_out_are_anomalies() -> None:
    values = series(300)
    values[[100, 200]] += [40, -40]
    flagged = np.flatnonzero(decompose(values, PLAN).anomalies)
    assert {100, 200} <= set(flagged)
    assert len(flagged) <= 300 * 0.03


def test_a_remainder_of_one_value_has_no_anomalies() -> None:
    assert not anomalies(np.zeros(20), 3.0).any()


def test_a_shift_of_level_is_found_about_where_it_is() -> None:
    values = np.random.default_rng(2).normal(100, 10, 280)
    values[140:] += 25
    [found] = change_points(values, 28)
    assert abs(found - 140) <= 7
    assert change_points(np.random.default_rng(3).normal(100, 10, 280), 28) == ()
    assert change_points(np.zeros(280), 28) == ()


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        (series(55), TOO_SHORT),
        (series(56), DECOMPOSED),
        (np.zeros(100), CONSTANT),
        (np.full(100, 4.0), CONSTANT),
        (np.resize([5.0, 0, 0, 0, 0], 100), TOO_SPARSE),
        (np.resize([5.0, 0], 100), DECOMPOSED),  # exactly as many as must be
        (np.resize([0, 5.0], 101), TOO_SPARSE),
        (-series(100), DECOMPOSED),
    ],
)
def test_a_series_that_cannot_be_taken_apart_says_why(values: Values, outcome: str) -> None:
    assert outcome_of(values, PLAN) == outcome


@pytest.mark.parametrize(("days", "outcome"), [(13, TOO_SHORT), (14, DECOMPOSED)])
def test_two_weeks_are_the_least_whatever_is_asked_for(days: int, outcome: str) -> None:
    assert outcome_of(series(days), PLAN.model_copy(update={"least_days": 1})) == outcome


def test_short_and_negative_series_are_taken_apart_all_the_same() -> None:
    for values in (series(56), -series(100), series(100) - 60):
        parts = decompose(values, PLAN)
        np.testing.assert_allclose(parts.trend + parts.weekly + parts.remainder, values)


def test_growth_is_that_of_the_trend_and_of_days_one_year_apart() -> None:
    assert growth_over(np.linspace(100, 200, 56)) == pytest.approx(56 / 137)
    assert growth_over(np.linspace(-10, 200, 55)) is None
    assert growth_over(np.linspace(-100, 200, 56)) is None
    assert year_on_year(np.concatenate([np.full(28, 10.0), np.full(337, 5.0), np.full(28, 12.0)])) == pytest.approx(0.2)
    assert year_on_year(np.ones(392)) is None
    assert year_on_year(np.concatenate([np.zeros(365), np.ones(365)])) is None
    # Of three years the last two are compared.
    assert year_on_year(np.repeat([7.0, 10.0, 15.0], 365)) == pytest.approx(0.5)
