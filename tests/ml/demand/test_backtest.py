from dataclasses import replace

import numpy as np
import pytest

from lakehouse.settings.models import Demand
from ml.demand.backtest import Origins, best_way, judged, origins, winners, with_widths
from ml.demand.candidates import Evidence, choices, difference, unbeaten
from ml.demand.panel import LEVELS
from ml.demand.plan import Choice
from tests.ml.demand.shops import NOTHING_KNOWN, shop

RULES = Demand()


def folds(panel, places=(50, 54)):
    return [judged(panel, origin, NOTHING_KNOWN, 8, None, None)["lines"] for origin in places]


def test_all_weeks_that_candidates_are_chosen_on_lie_before_the_test_window():
    found = origins(156, RULES)
    assert found == Origins(folds=(118, 122, 126, 130), whole=(118, 122, 126, 130), test=143)
    assert max(found.folds) + RULES.horizon_weeks <= found.test


def test_folds_know_a_year_where_there_is_one():
    found = origins(69, RULES)
    assert found == Origins(folds=(52, 53, 54, 55), whole=(31, 35, 39, 43), test=56)


def test_in_less_than_a_year_before_the_test_window_whole_windows_are_judged():
    assert origins(52, RULES) == Origins(folds=(22, 26), whole=(22, 26), test=39)
    assert origins(45, RULES) is None


def test_nothing_that_came_later_changes_what_is_said():
    panel = shop(weeks=50)
    later = {name: values.copy() for name, values in panel.sales.items()}
    for values in later.values():
        values[:, 40:] = 999
    one = judged(panel, 40, NOTHING_KNOWN, 8, None, None)["revenue"]
    other = judged(replace(panel, sales=later), 40, NOTHING_KNOWN, 8, None, None)["revenue"]
    for level in LEVELS:
        for method, values in one.base[level].items():
            assert values.tolist() == other.base[level][method].tolist()


def test_the_method_that_was_off_least_wins_its_level():
    found = folds(shop(weeks=62))
    perfect = [
        replace(fold, base={level: {**fold.base[level], "theta": fold.actual[level]} for level in LEVELS})
        for fold in found
    ]
    assert winners(perfect) == dict.fromkeys(LEVELS, "theta")


def test_where_no_model_is_better_the_seasonal_naive_is_published_at_that_level_and_said():
    found = folds(shop(weeks=62))
    naive = [
        replace(
            fold, base=fold.base | {"category": {**fold.base["category"], "seasonal_naive": fold.actual["category"]}}
        )
        for fold in found
    ]
    methods = winners(naive)
    assert methods["category"] == "seasonal_naive"
    assert methods["product"] != "seasonal_naive"
    choice = Choice(methods, best_way(methods, naive))
    assert choice.way == "category"
    assert naive[0].follow(choice)["category"] == pytest.approx(naive[0].actual["category"], abs=1e-2)
    [sentence] = unbeaten(choice, Evidence(naive, naive, naive[0]))
    assert sentence.startswith("category lines: no model was better than the seasonal naive")


def test_products_that_are_no_longer_sold_get_nothing_from_models_but_something_from_the_naive():
    panel = shop(weeks=62)
    panel.sales["lines"][0, 30:] = 0
    [fold] = folds(panel, (54,))
    assert fold.states[0] == "discontinued"
    assert fold.said("product", "theta")[0].tolist() == [0] * 8
    # The mean of the last eight weeks is 0 too, but the same week of last year is not looked at for it.
    assert fold.said("product", "seasonal_naive").tolist() == fold.base["product"]["seasonal_naive"].tolist()


def test_a_choice_takes_its_widths_from_the_origins_given():
    found = folds(shop(weeks=62))
    choice = Choice({"total": "structural", "category": "share", "product": "share"}, "total")
    narrow, wide = with_widths(choice, found[:1]), with_widths(choice, found)
    assert set(narrow.widths) == set(LEVELS)
    assert narrow.widths["total"] != wide.widths["total"]


def test_each_kind_of_model_is_a_candidate_and_so_is_the_best_of_each_level():
    found = folds(shop(weeks=62))
    names = set(choices(Evidence(found, found, found[-1])))
    assert names == {"seasonal_naive", "recent_mean", "structural", "theta", "exponential_smoothing", "by_level"}


def test_a_model_that_an_early_origin_lacks_is_a_candidate_and_one_that_a_fold_lacks_is_none():
    early, late = folds(shop(weeks=62))
    trunk = {"total": "structural", "category": "share", "product": "share"}
    boosted = replace(
        late, base={level: {**late.base[level], "xgboost": late.base[level][trunk[level]]} for level in LEVELS}
    )
    assert "xgboost" in choices(Evidence([boosted], [early], boosted))
    assert "xgboost" not in choices(Evidence([early, boosted], [early], boosted))


def test_a_difference_within_the_chance_of_weeks_is_none():
    [fold] = folds(shop(weeks=62), (54,))
    naive = Choice(dict.fromkeys(LEVELS, "seasonal_naive"), "product")
    same = difference(naive, naive, (fold, fold), "category", seed=1)
    assert same == (0, 0, 0)
    exact = replace(fold, base=fold.base | {"product": {**fold.base["product"], "theta": fold.actual["product"]}})
    better = Choice(naive.methods | {"product": "theta"}, "product")
    value, low, high = difference(better, naive, (exact, fold), "total", seed=1)
    assert 0 < low < value < high
    assert np.isclose(
        value, np.abs(fold.actual["total"] - fold.follow(naive)["total"]).sum() / fold.actual["total"].sum(), atol=1e-3
    )
