"""Measures agree with scikit-learn's and with definitions worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from ml.evaluation import amounts, probabilities
from ml.evaluation.cases import Measure, Numbers

NAN = float("nan")


def cases(seed: int = 1, n: int = 997) -> tuple[Numbers, Numbers]:
    """Outcomes and predictions that know something of them; a third of these are equal to others."""
    random = np.random.default_rng(seed)
    actual = (random.random(n) < 0.3).astype(float)
    predicted = np.clip(0.3 * actual + random.random(n) * 0.7, 0, 1)
    return actual, np.where(random.random(n) < 0.3, predicted.round(1), predicted)


@pytest.mark.parametrize(
    ("measure", "theirs"),
    [
        (probabilities.roc_auc, metrics.roc_auc_score),
        (probabilities.pr_auc, metrics.average_precision_score),
        (probabilities.brier, metrics.brier_score_loss),
        (probabilities.log_loss, metrics.log_loss),
        (probabilities.accuracy, lambda actual, predicted: metrics.accuracy_score(actual, predicted >= 0.5)),
        (amounts.mae, metrics.mean_absolute_error),
        (amounts.rmse, metrics.root_mean_squared_error),
    ],
)
def test_measures_are_those_of_scikit_learn(measure: Measure, theirs: Measure) -> None:
    actual, predicted = cases()
    assert measure(actual, predicted) == pytest.approx(theirs(actual, predicted), abs=1e-12)


def test_a_certain_prediction_that_is_wrong_costs_much_but_not_all() -> None:
    assert probabilities.log_loss(np.array([1.0]), np.array([0.0])) == pytest.approx(34.54, abs=0.01)


def test_lift_is_that_of_the_tenth_predicted_highest() -> None:
    actual = np.array([1.0] * 3 + [0.0] * 17)
    assert probabilities.top_decile_lift(actual, np.linspace(1, 0, 20)) == pytest.approx(1 / (3 / 20))
    assert probabilities.top_decile_lift(actual, np.linspace(0, 1, 20)) == 0


def test_what_is_predicted_alike_is_told_apart_by_nothing() -> None:
    actual, alike = np.array([1.0] * 3 + [0.0] * 17), np.full(20, 0.4)
    assert probabilities.top_decile_lift(actual, alike) == pytest.approx(1)
    assert probabilities.roc_auc(actual, alike) == pytest.approx(0.5)
    assert probabilities.pr_auc(actual, alike) == pytest.approx(3 / 20)


def test_amounts_too_high_are_a_bias_above_0() -> None:
    actual, predicted = np.array([1.0, 2.0, 5.0]), np.array([2.0, 2.0, 6.0])
    assert amounts.bias(actual, predicted) == pytest.approx(2 / 3)
    assert amounts.total_error(actual, predicted) == pytest.approx(0.25)
    assert amounts.correlation(actual, predicted) == pytest.approx(np.corrcoef(actual, predicted)[0, 1])


EVERY = (
    probabilities.roc_auc, probabilities.pr_auc, probabilities.brier, probabilities.log_loss, probabilities.accuracy,
    probabilities.top_decile_lift, amounts.mae, amounts.rmse, amounts.bias, amounts.total_error, amounts.correlation,
)  # fmt: skip


@pytest.mark.parametrize("measure", EVERY)
def test_cases_without_outcome_or_prediction_are_left_out(measure: Measure) -> None:
    actual, predicted = cases(n=60)
    more = measure(np.append(actual, [1.0, NAN]), np.append(predicted, [NAN, 0.9]))
    assert more == pytest.approx(measure(actual, predicted))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("measure", EVERY)
def test_no_cases_have_no_figure(measure: Measure) -> None:
    assert np.isnan(measure(np.array([NAN]), np.array([1.0])))


@pytest.mark.parametrize("measure", [probabilities.roc_auc, probabilities.pr_auc, probabilities.top_decile_lift])
def test_a_window_without_a_yes_has_no_ranking(measure: Measure) -> None:
    assert np.isnan(measure(np.zeros(5), np.linspace(0, 1, 5)))


def test_a_window_without_a_no_has_no_area_under_its_curve() -> None:
    assert np.isnan(probabilities.roc_auc(np.ones(5), np.linspace(0, 1, 5)))


def test_outcomes_and_predictions_are_as_many() -> None:
    with pytest.raises(ValueError, match="3"):
        amounts.mae(np.zeros(3), np.zeros(2))
