from datetime import date, timedelta

import numpy as np
import pytest

from ml.demand.calendar import Campaign, Known, effects
from ml.demand.measures import wape
from ml.demand.structural import Effects, forecast
from tests.ml.demand.shops import MONDAY, NOTHING_KNOWN, expected_total


def test_one_christmas_is_enough_to_foretell_the_next():
    sales = expected_total(69)
    found = forecast(sales[:56], effects(MONDAY, 69, NOTHING_KNOWN)).mean
    assert wape(sales[56:], found) < 0.06
    last_year = sales[4:17]
    assert wape(sales[56:], last_year) > 0.25


def test_a_planned_campaign_lifts_its_weeks_as_others_did():
    starts = [MONDAY + timedelta(weeks=week) for week in (6, 18, 28, 38, 46)]
    campaigns = tuple(Campaign(one, one + timedelta(days=27)) for one in starts)
    known = Known(frozenset(), campaigns)
    sales = expected_total(44, campaigns=campaigns)
    with_it = forecast(sales, effects(MONDAY, 50, known)).mean
    without = forecast(sales, effects(MONDAY, 50, Known(frozenset(), campaigns[:-1]))).mean
    assert with_it[:2] == pytest.approx(without[:2], rel=0.01)
    assert 1.1 < with_it[2:].sum() / without[2:].sum() < 1.25


def test_a_trend_goes_on_but_fades():
    sales = 100 * np.exp(0.02 * np.arange(40))
    found = forecast(sales, effects(date(2023, 2, 6), 53, NOTHING_KNOWN)).mean
    steps = np.diff(np.log(found))
    assert (steps > 0).all()
    assert steps[-1] < steps[0] < 0.021


def test_a_week_without_sales_is_no_end_of_the_world():
    sales = np.full(40, 100.0)
    sales[20] = 0
    found = forecast(sales, effects(date(2023, 2, 6), 45, NOTHING_KNOWN)).mean
    assert found == pytest.approx(np.full(5, 100), rel=0.1)


def test_a_yearly_wave_is_believed_from_a_year_and_a_half_on():
    weeks = np.arange(130)
    sales = 200 * np.exp(0.3 * np.sin(2 * np.pi * weeks / 52.18))
    for known, most in ((117, 0.05), (78, 0.12)):
        found = forecast(sales[:known], effects(MONDAY, known + 13, NOTHING_KNOWN)).mean
        assert wape(sales[known : known + 13], found) < most
    every = effects(MONDAY, 90, NOTHING_KNOWN)
    without = Effects(every.values[:, :6], every.deviation[:6], every.least_weeks[:6])
    assert forecast(sales[:77], every).mean.tolist() == pytest.approx(forecast(sales[:77], without).mean)
    assert forecast(sales[:78], every).mean != pytest.approx(forecast(sales[:78], without).mean, rel=0.01)


def test_nothing_sold_means_nothing_to_come():
    assert forecast(np.zeros(30), effects(MONDAY, 35, NOTHING_KNOWN)).mean.tolist() == [0] * 5


def test_doubt_grows_with_the_horizon_and_holds_what_comes():
    draw = np.random.default_rng(5)
    off = []
    for _ in range(30):
        slope = np.cumsum(draw.normal(0, 0.002, 60))
        sales = draw.poisson(300 * np.exp(np.cumsum(slope)))
        found = forecast(sales[:47].astype(float), effects(date(2022, 3, 7), 60, NOTHING_KNOWN))
        assert found.deviation[-1] > found.deviation[0] > 0.04
        off.append(np.log(sales[47:] / found.mean) / found.deviation)
    assert (np.abs(off) < 1.96).mean() > 0.85
    assert 0.3 < np.std(off) < 1.5
