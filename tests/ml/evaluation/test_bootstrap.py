"""Intervals cover what they should, and differences are taken over the same cases."""

from __future__ import annotations

import numpy as np
import pytest

from ml.evaluation.amounts import mae
from ml.evaluation.bootstrap import difference, intervals, scored
from ml.evaluation.cases import Measure, Numbers
from ml.evaluation.probabilities import brier, pr_auc, roc_auc


def interval(
    measure: Measure, actual: Numbers, predicted: Numbers, seed: int = 1, draws: int = 500
) -> tuple[float | None, float | None]:
    (found,) = intervals([measure], actual, predicted, seed=seed, draws=draws)
    return found


def test_the_interval_is_as_wide_as_the_figure_is_uncertain() -> None:
    random = np.random.default_rng(3)
    errors = random.normal(0, 1, 400)
    low, high = interval(lambda actual, predicted: float((predicted - actual).mean()), np.zeros(400), errors, seed=1)
    assert low is not None
    assert high is not None
    assert high - low == pytest.approx(2 * 1.96 * errors.std() / 20, rel=0.1)
    assert low < errors.mean() < high


def test_the_same_seed_gives_the_same_interval() -> None:
    actual, predicted = np.arange(30.0), np.sqrt(np.arange(30.0))
    assert interval(mae, actual, predicted, seed=1) == interval(mae, actual, predicted, seed=1)
    assert interval(mae, actual, predicted, seed=1) != interval(mae, actual, predicted, seed=2)


def test_all_measures_see_the_same_draws_and_each_draw_is_of_cases_as_they_are() -> None:
    random = np.random.default_rng(2)
    predicted = random.uniform(0, 1, 60).round(1)
    actual = (random.uniform(0, 1, 60) < predicted).astype(float)
    generator = np.random.default_rng(7)
    drawn = [generator.integers(0, 60, 60) for _ in range(40)]
    expected = [
        tuple(np.percentile([measure(actual[one], predicted[one]) for one in drawn], (2.5, 97.5)))
        for measure in (roc_auc, pr_auc, brier)
    ]
    found = intervals([roc_auc, pr_auc, brier], actual, predicted, seed=7, draws=40)
    for pair, of_measure in zip(expected, found, strict=True):
        assert of_measure == pytest.approx(pair)


def test_draws_in_which_all_cases_are_alike_are_left_out() -> None:
    low, high = interval(roc_auc, np.array([1.0, 0.0]), np.array([0.9, 0.1]), seed=1)
    assert (low, high) == (1, 1)


def test_what_is_undefined_has_no_interval_and_is_never_a_real_difference() -> None:
    alike, predicted = np.ones(9), np.linspace(0, 1, 9)
    (score,) = scored({"roc_auc": roc_auc}, alike, predicted, seed=1, draws=9)
    assert (np.isnan(score.value), score.low, score.high) == (True, None, None)
    undefined = difference(roc_auc, alike, predicted, predicted / 2, than="x", higher_is_better=True, seed=1, draws=9)
    assert not undefined.is_real
    assert interval(mae, np.array([]), np.array([]), seed=1) == (None, None)


def test_a_small_advantage_in_every_case_is_real_though_the_figures_themselves_are_uncertain() -> None:
    random = np.random.default_rng(5)
    actual = random.normal(0, 10, 200)
    best, other = np.zeros(200), -np.sign(actual) * 0.1
    low, high = interval(mae, actual, best, seed=1)
    found = difference(mae, actual, best, other, than="other", higher_is_better=False, seed=1)
    assert found.is_real
    assert found.value == pytest.approx(0.1)
    assert low is not None
    assert high is not None
    assert found.high - found.low < 0.01 * (high - low)


@pytest.mark.parametrize(("higher_is_better", "sign"), [(True, 1), (False, -1)])
def test_better_is_above_0_whichever_way_the_measure_points(higher_is_better: bool, sign: int) -> None:
    actual, best, other = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.1, 0.9]), np.array([0.4, 0.5, 0.4])
    found = difference(brier, actual, best, other, than="o", higher_is_better=higher_is_better, seed=1, draws=9)
    assert found.value == pytest.approx(sign * (0.01 - (0.36 * 2 + 0.25) / 3))


def test_only_cases_for_which_both_say_something_are_compared() -> None:
    actual, best, other = np.zeros(3), np.array([1.0, 5.0, np.nan]), np.array([2.0, np.nan, 9.0])
    found = difference(mae, actual, best, other, than="o", higher_is_better=False, seed=1, draws=9)
    assert (found.value, found.low, found.high) == (1, 1, 1)
