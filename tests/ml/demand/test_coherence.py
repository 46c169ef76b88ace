import numpy as np
import pytest

from ml.demand.coherence import WAYS, reconciled
from ml.demand.panel import LEVELS
from tests.ml.demand.shops import panel

SHOP = panel(np.ones((4, 3)), [0, 1, 0, 1])
BASE = {
    "total": np.array([[100.0, 50.0]]),
    "category": np.array([[30.0, 20.0], [50.0, 20.0]]),
    "product": np.array([[1.0, 4.0], [3.0, 0.0], [2.0, 4.0], [1.0, 0.0]]),
}


@pytest.mark.parametrize("way", WAYS)
def test_levels_add_up_to_the_last_decimal_and_are_never_below_zero(way):
    draw = np.random.default_rng(2)
    base = {level: values * draw.uniform(0.5, 1.5, values.shape) for level, values in BASE.items()}
    found = reconciled(base, SHOP, way)
    assert (found["product"] >= 0).all()
    assert np.round(found["product"], 4).tolist() == found["product"].tolist()
    assert np.abs(found["category"].sum(axis=0) - found["total"][0]).max() < 1e-9
    assert np.abs(found["product"][[0, 2]].sum(axis=0) - found["category"][0]).max() < 1e-9


@pytest.mark.parametrize("level", LEVELS)
def test_the_anchor_is_kept(level):
    found = reconciled(BASE, SHOP, level)
    assert found[level] == pytest.approx(BASE[level], abs=1e-3)


def test_levels_below_the_anchor_keep_their_proportions():
    found = reconciled(BASE, SHOP, "total")
    assert found["category"][:, 0] == pytest.approx([37.5, 62.5], abs=1e-3)
    assert found["product"][[0, 2], 0] == pytest.approx([12.5, 25.0], abs=1e-3)


def test_a_whole_whose_parts_are_all_zero_is_split_evenly():
    found = reconciled(BASE, SHOP, "category")
    assert found["product"][[1, 3], 1] == pytest.approx([10, 10])


def test_min_trace_lets_all_levels_speak():
    found = reconciled(BASE, SHOP, "min_trace")
    assert BASE["product"][:, 0].sum() < found["total"][0, 0] < BASE["total"][0, 0]
