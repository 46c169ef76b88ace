import numpy as np
import pytest

from ml.clv.maximum_likelihood import NotConverged
from ml.clv.value import ValueModel, fit

PLANTED = ValueModel(6.0, 4.0, 15.0)


def seen(number: int, *, model: ValueModel = PLANTED, seed: int = 1):
    """Purchases, the mean value of them, and the customers' own expected value."""
    chance = np.random.default_rng(seed)
    x = 1.0 + chance.poisson(2.0, number)
    own = chance.gamma(model.q, 1 / model.v, number)
    return x, chance.gamma(model.p * x, 1 / own) / x, model.p / own


def test_planted_parameters_are_recovered():
    x, mean, _ = seen(20_000)
    found = fit(x, mean)
    for name in found.names:
        low, high = found.interval(name)
        assert low < getattr(PLANTED, name) < high
        assert high / low < 1.5
    assert ValueModel.of(found).mean == pytest.approx(30.0, rel=0.03)


def test_the_unit_of_money_scales_v_alone():
    x, mean, _ = seen(3_000)
    one, other = fit(x, mean), fit(x, mean * 100)
    assert [other["p"], other["q"], other["v"] / 100] == pytest.approx(one.values, rel=1e-3)
    assert one.log_likelihood - other.log_likelihood == pytest.approx(len(x) * np.log(100), rel=1e-6)


def test_expected_values_are_right_on_average_among_those_who_look_alike():
    x, mean, own = seen(200_000)
    said = PLANTED.expected_value(x, mean)
    for some in (mean < 15, mean > 60, x == 1, x > 4):
        error = np.std(own[some] - said[some]) / np.sqrt(some.sum())
        assert abs(own[some].mean() - said[some].mean()) < 4 * error


def test_who_has_no_repeat_purchase_is_expected_to_spend_the_mean():
    said = PLANTED.expected_value(np.zeros(2), np.array([np.nan, 900.0]))
    assert said == pytest.approx([30.0, 30.0])


def test_a_mean_below_nothing_counts_as_nothing():
    said = PLANTED.expected_value(np.ones(2) * 3, np.array([-50.0, 0.0]))
    assert said[0] == said[1] > 0


def test_a_mean_that_would_be_infinite_is_refused_in_words():
    x, mean, _ = seen(5_000, model=ValueModel(6.0, 0.7, 15.0))
    with pytest.raises(NotConverged, match=r"q is 0\.[67]"):
        fit(x, mean)
