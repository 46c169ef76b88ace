"""Probabilities mean what they say, and keep the order of what they are made of."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from ml.churn.calibration import calibrated


def test_margins_that_are_too_sure_and_too_high_are_put_right() -> None:
    random = np.random.default_rng(1)
    odds = random.normal(0, 1.5, 20_000)
    churned = (random.random(20_000) < special.expit(odds)).astype(float)
    found = calibrated(odds * 3 + 2, churned)
    assert found.slope == pytest.approx(1 / 3, rel=0.05)
    assert found.intercept == pytest.approx(-2 / 3, abs=0.05)


def test_margins_that_point_the_wrong_way_are_not_turned_round() -> None:
    random = np.random.default_rng(1)
    odds = random.normal(0, 1, 2_000)
    churned = (random.random(2_000) < special.expit(odds)).astype(float)
    found = calibrated(-odds, churned)
    assert found.slope == 0
    assert found.probabilities(odds) == pytest.approx(churned.mean(), abs=0.01)


def test_margins_that_are_all_alike_give_the_share_of_those_who_churned() -> None:
    churned = np.array([1.0] * 300 + [0.0] * 100)
    assert calibrated(np.zeros(400), churned).probabilities(np.zeros(2)) == pytest.approx(0.75, abs=0.005)


def test_a_perfect_separation_stays_finite() -> None:
    churned = np.array([1.0] * 50 + [0.0] * 50)
    found = calibrated(np.where(churned == 1, 1.0, -1.0), churned)
    assert found.probabilities(np.ones(1))[0] == pytest.approx(51 / 52, abs=0.001)
