"""Curves of the test window: few points, and the area under them is the measure's."""

from __future__ import annotations

import numpy as np
import pytest

from ml.evaluation.curves import MOST_POINTS, calibration, lift, precision_recall, roc
from ml.evaluation.probabilities import roc_auc
from tests.ml.evaluation.test_measures import cases

ACTUAL, PREDICTED = cases(n=2_000)


def test_the_area_under_the_thinned_roc_curve_is_the_measure() -> None:
    points = roc(ACTUAL, PREDICTED)
    x, y = [point.x for point in points], [point.y for point in points]
    assert len(points) <= MOST_POINTS
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert np.trapezoid(np.array(y), np.array(x)) == pytest.approx(roc_auc(ACTUAL, PREDICTED), abs=0.002)


def test_recall_rises_to_1_where_precision_is_the_base_rate() -> None:
    points = precision_recall(ACTUAL, PREDICTED)
    recall = [point.x or 0 for point in points]
    assert len(points) == MOST_POINTS
    assert recall == sorted(recall)
    assert (points[-1].x, points[-1].y) == (1, pytest.approx(ACTUAL.mean()))


def test_bins_of_the_calibration_hold_equally_many_cases_in_order() -> None:
    points = calibration(ACTUAL, PREDICTED)
    assert [point.n for point in points] == [200] * 10
    assert [point.x for point in points] == sorted(point.x or 0 for point in points)
    assert np.mean([point.y for point in points]) == pytest.approx(ACTUAL.mean())


def test_the_first_tenth_of_the_lift_is_the_one_predicted_highest() -> None:
    points = lift(ACTUAL, ACTUAL + np.linspace(0, 0.5, len(ACTUAL)))
    assert points[0].y == pytest.approx(1 / ACTUAL.mean())
    assert points[-1].y == 0
    assert [point.x for point in points] == list(range(1, 11))


def test_one_prediction_for_all_has_the_mean_in_every_bin() -> None:
    alike = np.full(len(ACTUAL), 0.3)
    assert [point.y for point in lift(np.sort(ACTUAL), alike)] == pytest.approx([1] * 10)
    assert [point.y for point in calibration(np.sort(ACTUAL), alike)] == pytest.approx([ACTUAL.mean()] * 10)


def test_a_window_of_one_kind_has_no_curve_that_tells_two_kinds_apart() -> None:
    none = np.zeros(20)
    assert roc(none, PREDICTED[:20]) == precision_recall(none, PREDICTED[:20]) == lift(none, PREDICTED[:20]) == []
    assert len(calibration(none, PREDICTED[:20])) == 10
