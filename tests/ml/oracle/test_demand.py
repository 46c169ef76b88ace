from datetime import date

import numpy as np
import pandas as pd
import pytest

from lakehouse.world.mix import expected_mix
from lakehouse.world.profile import load_profile
from lakehouse.world.world import World
from ml.oracle.demand import expected_sales, figures

PROFILE = load_profile("tiny")


def test_an_order_has_a_first_line_further_ones_and_companions():
    world = World(PROFILE, PROFILE.seed, 1.0, PROFILE.end)
    orders = np.full(30, 10.0)
    lines, revenue = expected_sales(world.catalogue, PROFILE, orders)
    an_order = lines.sum(axis=1) / orders
    assert (an_order > 1 + PROFILE.spend.more_lines).all()
    assert (an_order < 1 + PROFILE.spend.more_lines + 0.2).all()
    # What a line is worth was planted; discounts come off it.
    paid = PROFILE.spend.line_value * (1 - PROFILE.spend.discount_share * 0.15)
    assert revenue.sum() / lines.sum() == pytest.approx(paid, rel=0.1)


def test_products_lean_to_both_ends_of_the_prices_but_sell_by_popularity():
    world = World(PROFILE, PROFILE.seed, 1.0, PROFILE.end)
    lines, _ = expected_sales(world.catalogue, PROFILE, np.ones(10))
    share = lines.sum(axis=0) / lines.sum()
    plain = expected_mix(world.catalogue.sold, np.arange(10.0), PROFILE.spend.more_lines).mean(axis=0)
    assert np.corrcoef(share, plain)[0, 1] > 0.7
    assert np.abs(share - plain).sum() > 0.05


def test_the_perfect_forecaster_is_held_against_sales_by_level():
    rows = {"week_start": pd.Timestamp("2024-01-08"), "lines": 10.0, "revenue": 100.0}
    expected = pd.DataFrame(
        [rows | {"product_id": "P1", "category": "A"}, rows | {"product_id": "P2", "category": "A"}]
    )
    actual = pd.DataFrame(
        [
            rows | {"product_id": "P1", "category": "A", "lines": 15.0},
            rows | {"product_id": None, "category": "unknown", "lines": 5.0},
            rows | {"product_id": "P1", "category": "A", "week_start": pd.Timestamp("2024-01-15")},
        ]
    )
    found = figures(expected, actual, first=date(2024, 1, 8), until=date(2024, 1, 15))
    wape = {(one.level, one.measure): one.wape for one in found}
    assert wape["total", "lines"] == 0
    assert wape["category", "lines"] == pytest.approx((5 + 5) / 20)
    assert wape["product", "lines"] == pytest.approx((5 + 10 + 5) / 20)
