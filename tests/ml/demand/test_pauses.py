"""Shops that have not sold for a while, in one of their currencies or at all."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.demand import boosting
from ml.demand.gathered import Gathered
from ml.demand.train import by_weight, sold_within, train
from ml.training import NotTrained, Training
from tests.ml.demand.shops import MONDAY, NOTHING_KNOWN, panel
from tests.ml.demand.test_train_and_score import AS_OF, MODELS, RULES, WEEKS

HORIZON = RULES.horizon_weeks


@pytest.fixture(autouse=True)
def _few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boosting, "ROUNDS", 5)


def given(**sells: Callable[[int], float]) -> Gathered:
    """Currency -> lines in a week, by its number, of each of two products."""
    rows = [
        {
            "currency": currency, "category": "A", "product_durable_key": key, "product_id": f"P{key}",
            "week_start": pd.Timestamp(MONDAY) + pd.Timedelta(weeks=week),
            "lines": lines * key, "units": lines * key, "revenue": 10.0 * lines * key,
        }
        for currency, of_week in sells.items()
        for key in (1, 2)
        for week in range(WEEKS)
        if (lines := of_week(week))
    ]  # fmt: skip
    return Gathered("shop", AS_OF, pd.DataFrame(rows), NOTHING_KNOWN)


def trained(**sells: Callable[[int], float]) -> Training | NotTrained:
    return train(given(**sells), rules=RULES, models=MODELS)


def test_a_shop_that_sold_nothing_in_the_weeks_of_the_test_is_not_trained() -> None:
    found = trained(GBP=lambda week: 40 + week % 5 if week < WEEKS - HORIZON else 0)
    assert isinstance(found, NotTrained)
    assert found.why == (
        "Nothing was sold in GBP from 2023-10-02 on, the 6 weeks that candidates are judged on: data of long ago is"
        " looked at with --as-of."
    )


def test_one_sale_in_the_first_week_of_the_test_is_enough() -> None:
    found = trained(GBP=lambda week: 40 + week % 5 if week <= WEEKS - HORIZON else 0)
    assert isinstance(found, Training)


def test_a_shop_that_sold_nothing_over_the_folds_and_opened_again_is_trained() -> None:
    found = trained(GBP=lambda week: 40 + week % 5 if week < 20 or week >= WEEKS - HORIZON else 0)
    assert isinstance(found, Training)
    assert all(np.isfinite(score.value) for one in found.candidates for score in one.scores)


def test_a_currency_that_sells_no_more_is_not_what_candidates_are_compared_by() -> None:
    found = trained(DEM=lambda week: 400 + week % 5 if week < WEEKS - HORIZON else 0, EUR=lambda week: 40 + week % 5)
    assert isinstance(found, Training)
    assert found.level == "category revenue"
    levels = {score.level for score in found.candidate(found.best).scores}
    assert "category revenue" in levels
    assert not {level for level in levels if level.endswith(("DEM", "EUR"))}


def test_of_currencies_that_still_sell_that_with_most_lines_comes_first() -> None:
    weak, strong, gone = np.full((1, 30), 1.0), np.full((1, 30), 5.0), np.full((1, 30), 9.0)
    gone[:, -HORIZON:] = 0
    every = [replace(panel(lines), currency=name) for name, lines in (("A", weak), ("B", strong), ("C", gone))]
    assert [one.currency for one in by_weight(every, HORIZON)] == ["B", "A", "C"]
    assert sold_within(every[2], HORIZON + 1)
    assert not sold_within(every[2], HORIZON)
