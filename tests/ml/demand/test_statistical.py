import numpy as np
import pytest

from ml.demand import statistical
from ml.demand.statistical import fitted, recent_mean, seasonal_naive


def test_the_seasonal_naive_is_the_same_week_of_the_year_before():
    past = np.arange(60.0)[None, :]
    assert seasonal_naive(past, 3).tolist() == [[8, 9, 10]]
    assert seasonal_naive(past, 53)[0, 52] == 8


def test_where_the_year_before_is_not_known_it_is_the_mean_of_eight_weeks():
    past = np.array([[9.0] * 42 + [1.0] * 8])
    assert seasonal_naive(past, 4).tolist() == [[1, 1, 9, 9]]


def test_naive_forecasts_of_parts_add_up_to_those_of_the_whole():
    past = np.random.default_rng(0).poisson(3, (5, 55)).astype(float)
    for naive in (seasonal_naive, recent_mean):
        assert naive(past, 13).sum(axis=0) == pytest.approx(naive(past.sum(axis=0, keepdims=True), 13)[0])


def test_models_start_at_the_first_sale_of_a_series_and_never_go_below_zero():
    past = np.zeros((4, 40))
    past[0, 20:] = 6
    past[1] = np.linspace(40, 1, 40)
    past[2, 38:] = 3
    found = fitted(past, 13, ["theta", "auto_ets", "croston"])
    for values in found.values():
        assert values[0] == pytest.approx(np.full(13, 6), rel=0.06)
        assert (values >= 0).all()
        assert values[2] == pytest.approx(np.full(13, 3))
        assert values[3].tolist() == [0] * 13


def test_over_partitions_forecasts_are_the_same(spark, monkeypatch):
    past = np.random.default_rng(0).poisson(2, (12, 40)).astype(float)
    here = fitted(past, 3, ["theta", "auto_ets", "croston"])
    monkeypatch.setattr(statistical, "MOST_LOCAL_SERIES", 4)
    there = fitted(past, 3, ["theta", "auto_ets", "croston"], spark)
    assert set(there) == set(here)
    for name, values in here.items():
        assert there[name] == pytest.approx(values)


def test_mstl_knows_the_season_of_two_years():
    weeks = np.arange(110)
    past = (100 + 60 * (weeks % 52 == 47) + weeks % 2)[None, :].astype(float)
    found = fitted(past[:, :95], 10, ["theta"])["theta"]
    assert found.max() < 120
    found = fitted(past[:, : 52 * 2 + 4], 52, ["mstl"])["mstl"]
    assert found[0].argmax() == 47 - 4
    assert found.max() > 130
