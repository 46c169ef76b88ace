from dataclasses import replace

import numpy as np

from ml.demand import boosting
from ml.demand.measures import wape
from ml.demand.panel import LEVELS
from tests.ml.demand.shops import MONDAY, NOTHING_KNOWN, shop

HORIZON = 8


def trained(panel, rounds=10):
    trunks = boosting.trunks(panel, NOTHING_KNOWN, HORIZON)
    return boosting.trained(panel, trunks, NOTHING_KNOWN, HORIZON, seed=1, rounds=rounds)


def test_training_twice_gives_the_same_bytes_and_they_can_be_read_again():
    panel = shop(weeks=40)
    one, other = (bytes(trained(panel).save_raw(raw_format="ubj")) for _ in range(2))
    assert one == other
    trunk = np.full(HORIZON, 500.0)
    before = boosting.forecasts(trained(panel), panel, "lines", trunk, NOTHING_KNOWN)
    after = boosting.forecasts(boosting.loaded(one), panel, "lines", trunk, NOTHING_KNOWN)
    for level in LEVELS:
        assert before[level].tolist() == after[level].tolist()


def test_no_row_of_training_knows_of_weeks_after_those_it_learns():
    panel = shop(weeks=44)
    later = {name: values.copy() for name, values in panel.sales.items()}
    for values in later.values():
        values[:, 40:] = 999
    other = replace(panel, sales=later)
    one, two = (trained(given.until(40)) for given in (panel, other))
    assert one.save_raw(raw_format="ubj") == two.save_raw(raw_format="ubj")
    # At an origin, the weeks after it do change what is learnt: the comparison can fail.
    assert one.save_raw(raw_format="ubj") != trained(other).save_raw(raw_format="ubj")


def test_the_trend_comes_from_the_trunk():
    panel = shop(weeks=40)
    booster = trained(panel)
    flat, steep = (
        boosting.forecasts(booster, panel, "lines", np.full(HORIZON, level), NOTHING_KNOWN)["total"]
        for level in (500.0, 5000.0)
    )
    assert steep.sum() > 5 * flat.sum()


def test_series_of_all_levels_are_forecast_from_one_booster():
    panel = shop(weeks=52)
    past = panel.until(44)
    trunk = boosting.trunks(panel, NOTHING_KNOWN, HORIZON)["lines"][44]
    found = boosting.forecasts(trained(past, 40), past, "lines", trunk, NOTHING_KNOWN)
    for level, most in (("total", 0.15), ("category", 0.2), ("product", 0.5)):
        assert wape(panel.at(level, "lines")[:, 44:], found[level]) < most


def test_too_few_weeks_teach_nothing():
    assert trained(shop(weeks=20)) is None


def test_each_feature_has_a_place():
    panel = shop(weeks=56)
    _, rows = boosting._rows(panel, "product", "revenue", np.full(HORIZON, 1.0), NOTHING_KNOWN)
    known = dict(zip(boosting.feature_names(), rows[0].T, strict=True))
    assert known["step"].tolist() == list(range(1, 9))
    assert known["measure"].tolist() == [1] * 8
    assert np.isfinite(rows).all()
    assert known["week_of_year"][0] == panel.week(56).isocalendar().week
    assert panel.week(0) == MONDAY
