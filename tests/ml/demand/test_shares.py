import numpy as np
import pytest

from ml.demand.shares import Whole, per_line, rates, share_forecast

EVERY = np.zeros(2, dtype=np.int64)


def test_parts_add_up_to_their_wholes():
    draw = np.random.default_rng(0)
    parts, category = draw.poisson(3, (6, 30)).astype(float), np.array([0, 0, 1, 1, 1, 0])
    past = np.stack([parts[category == n].sum(axis=0) for n in range(2)])
    ahead = np.array([[10.0, 20.0], [5.0, 0.0]])
    found = share_forecast(parts, category, Whole(past, ahead), 1.0)
    assert np.stack([found[category == n].sum(axis=0) for n in range(2)]) == pytest.approx(ahead)


def test_a_share_that_changed_is_followed_and_one_that_did_not_is_averaged():
    weeks = 60
    changed = np.array([[30.0] * 50 + [70.0] * 10, [70.0] * 50 + [30.0] * 10])
    found = share_forecast(changed, EVERY, Whole(changed.sum(axis=0, keepdims=True), np.array([[100.0]])), 1.0)
    assert found[0, 0] > 60
    draw = np.random.default_rng(3)
    steady = draw.poisson([[30.0], [70.0]], (2, weeks)).astype(float)
    found = share_forecast(steady, EVERY, Whole(steady.sum(axis=0, keepdims=True), np.array([[100.0]])), 1.0)
    assert found[0, 0] == pytest.approx(100 * steady[0].sum() / steady.sum(), abs=1.5)


def test_weeks_before_the_first_sale_say_nothing_of_a_share():
    parts = np.zeros((2, 40))
    parts[0] = 50
    parts[1, 36:] = 50
    assert rates(parts, EVERY, parts.sum(axis=0, keepdims=True), 1.0)[1] == pytest.approx(0.5, abs=0.03)


def test_what_was_never_sold_gets_nothing():
    parts = np.array([[5.0] * 10, [0.0] * 10])
    found = share_forecast(parts, EVERY, Whole(parts.sum(axis=0, keepdims=True), np.array([[7.0]])), 1.0)
    assert found[:, 0].tolist() == [7, 0]


def test_a_line_of_a_product_with_few_lines_is_worth_what_its_whole_says():
    lines = np.array([[100.0] * 20, [0.0] * 19 + [1.0], [0.0] * 20])
    found = per_line(lines * np.array([[8.0], [80.0], [0.0]]), lines, np.full(3, 20.0))
    assert found[0] == pytest.approx(8, rel=0.01)
    assert 20 < found[1] < 40
    assert found[2] == 20
