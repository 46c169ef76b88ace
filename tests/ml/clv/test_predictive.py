"""Intervals of what customers will bring, against simulated customers."""

import numpy as np
import pytest

from ml.clv.predictive import PurchaseMoments, purchase_moments, value_interval
from ml.clv.purchases import PURCHASE_MODELS, PurchaseModel
from ml.clv.value import ValueModel
from tests.ml.clv.simulated import customers

MODELS = {
    "bg_nbd": PurchaseModel("bg_nbd", 0.8, 6.0, 0.7, 3.0),
    "mbg_nbd": PurchaseModel("mbg_nbd", 0.8, 6.0, 0.7, 3.0),
    "nbd": PurchaseModel("nbd", 0.8, 6.0),
}
VALUE = ValueModel(3.0, 5.0, 60.0)


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_moments_are_those_of_the_closed_form(name):
    model = MODELS[name]
    x, recency, observed = np.array([0.0, 1.0, 4.0, 40.0]), np.array([0.0, 3.0, 18.0, 19.0]), np.full(4, 20.0)
    found = purchase_moments(model, x, recency, observed, np.full(4, 25.0))
    assert found.mean == pytest.approx(model.expected_purchases(x, recency, observed, 25.0), rel=1e-3)
    assert found.none == pytest.approx(model.p_no_purchase(x, recency, observed, 25.0), rel=1e-9)


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_squares_of_purchases_are_those_of_simulated_customers(name):
    drawn = customers(MODELS[name], 10_000, observed=40.0, ahead=30.0, seed=4)
    known = drawn.history
    found = purchase_moments(MODELS[name], known.frequency, known.recency, known.observed, np.full(10_000, 30.0))
    error = np.std(drawn.later**2 - found.square) / 100
    assert abs(np.mean(drawn.later**2) - np.mean(found.square)) < 4 * error


@pytest.mark.parametrize("name", PURCHASE_MODELS)
def test_eight_of_ten_simulated_customers_lie_within_their_interval(name):
    drawn = customers(MODELS[name], 10_000, observed=40.0, ahead=52.0, seed=6, value=VALUE)
    known = drawn.history
    moments = purchase_moments(MODELS[name], known.frequency, known.recency, known.observed, np.full(10_000, 52.0))
    low, high = value_interval(moments, VALUE, known.frequency, drawn.mean_value)
    inside = (low <= drawn.later_value) & (drawn.later_value <= high)
    # Nobody brings less than nothing: where the tenth below is at 0 nine of ten are inside.
    sure = low > 0
    assert abs(inside[sure].mean() - 0.8) < 0.02 + 3 * np.sqrt(0.16 / sure.sum())
    assert 0.80 <= inside.mean() < 0.95
    assert (drawn.later_value > high).mean() == pytest.approx(0.1, abs=0.015)


def test_who_almost_surely_buys_nothing_has_an_interval_of_nothing():
    rare = PurchaseMoments(np.array([0.95]), np.array([0.04]), np.array([0.06]), np.array([0.08]))
    low, high = value_interval(rare, VALUE, np.zeros(1), np.array([np.nan]))
    assert low[0] == high[0] == 0


def test_a_wide_spread_of_values_has_an_end():
    usual = PurchaseMoments(np.array([0.05]), np.array([0.1]), np.array([3.0]), np.array([15.0]))
    low, high = value_interval(usual, ValueModel(3.0, 1.2, 6.0), np.zeros(1), np.array([np.nan]))
    assert 0 < low[0] < 3 * 90 / 2 < 3 * 90 * 1.5 < high[0] < np.inf  # three purchases of 90
