import numpy as np
import pytest

from ml.demand.measures import bias, coverage, mape, mase, wape

ACTUAL, FORECAST = np.array([[10.0, 30.0]]), np.array([[20.0, 28.0]])


def test_errors_are_weighed_by_sales():
    assert wape(ACTUAL, FORECAST) == pytest.approx(12 / 40)
    assert bias(ACTUAL, FORECAST) == pytest.approx(8 / 40)
    assert np.isnan(wape(ACTUAL * 0, FORECAST))


def test_percentages_of_weeks_are_there_only_without_zeros():
    assert mape(ACTUAL, FORECAST) == pytest.approx((1 + 2 / 30) / 2)
    assert mape(np.array([[0.0, 1.0]]), FORECAST) is None


def test_errors_are_scaled_by_those_of_the_year_before_or_else_of_the_week_before():
    week = np.array([[0.0, 4.0] * 20])
    assert mase(ACTUAL, FORECAST, week) == pytest.approx(6 / 4)
    years = np.array([[1.0] * 52 + [3.0] * 52])
    assert mase(ACTUAL, FORECAST, years) == pytest.approx(6 / 2)


def test_series_that_never_changed_have_no_scale():
    past = np.array([[5.0] * 40, [0.0, 4.0] * 20])
    assert mase(np.vstack([ACTUAL, ACTUAL]), np.vstack([FORECAST, ACTUAL]), past) == 0
    assert np.isnan(mase(ACTUAL, FORECAST, past[:1]))


def test_a_bound_belongs_to_the_interval():
    assert coverage(ACTUAL, np.array([[10.0, 31.0]]), np.array([[10.0, 40.0]])) == 0.5
