from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from pyspark.sql import DataFrame

from lakehouse.settings.models import Demand, Models
from lakehouse.tables.gold import DIM_CAMPAIGN, DIM_DATE, DIM_PRODUCT
from lakehouse.tables.gold.products import PRODUCT_DAYS
from ml.demand import boosting
from ml.demand.gathered import Gathered, gathered
from ml.demand.plan import BOOSTER, PLAN, from_files, to_files
from ml.demand.score import score
from ml.demand.train import train
from ml.training import NotTrained, Training
from tests.lakes import arrow, frame_of
from tests.ml.demand.shops import MONDAY, expected_total, shop

WEEKS = 58
AS_OF = MONDAY + timedelta(weeks=WEEKS, days=3)
RULES = Demand(horizon_weeks=6, folds=2, most_products=10)
MODELS = Models(demand=RULES)


def frames(spark, weeks: int = WEEKS) -> tuple[DataFrame, ...]:
    """Products 1 to 12 in pounds, of two categories; product 1 in euro too."""
    panel = shop(weeks=weeks, products=12, categories=2)
    sold = [
        {
            "source_system": "shop", "product_durable_key": key, "currency": currency, "lines": int(lines),
            "full_date": MONDAY + timedelta(weeks=week), "units": int(2 * lines),
            "net_revenue": Decimal(int(20 * lines)),
        }
        for key, row in zip(panel.keys, panel.sales["lines"], strict=True)
        for week, lines in enumerate(row)
        for currency in (("GBP", "EUR") if key == 1 else ("GBP",))
        if lines
    ]  # fmt: skip
    named = [
        {
            "source_system": "shop",
            "product_durable_key": key,
            "product_id": f"P{key}",
            "category": "AB"[place],
            "is_current": True,
        }
        for key, place in zip(panel.keys, panel.category, strict=True)
    ]
    tables = ((PRODUCT_DAYS, sold), (DIM_PRODUCT, named), (DIM_DATE, []), (DIM_CAMPAIGN, []))
    return tuple(frame_of(spark, arrow(table, rows)) for table, rows in tables)


@pytest.fixture(scope="module")
def given(spark):
    return frames(spark)


@pytest.fixture(scope="module", autouse=True)
def _few_rounds():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boosting, "ROUNDS", 5)
        yield


@pytest.fixture(scope="module")
def trained(given) -> Training:
    found = train(at(given), rules=RULES, models=MODELS)
    assert isinstance(found, Training)
    return found


def at(given, as_of: date = AS_OF) -> Gathered:
    return gathered(*given, as_of=as_of, most_products=RULES.most_products)


@pytest.fixture(scope="module")
def scored(given, trained):
    files = trained.candidate(trained.best).files
    return score(*given, files, as_of=AS_OF, rules=RULES).toPandas()


def test_the_best_is_made_of_the_winners_and_held_against_the_best_baseline(trained):
    assert trained.best == "by_level"
    assert trained.against_baseline.than == trained.best_baseline.name
    assert {one.name for one in trained.candidates if one.is_baseline} == {"seasonal_naive", "recent_mean"}
    assert trained.candidate("by_level").score("wape", trained.level).value > 0
    assert trained.candidate("by_level").score("coverage_95", "product lines EUR").value >= 0


def test_the_test_window_is_the_last_weeks_before_the_one_of_as_of(trained):
    assert trained.window.tested_until == MONDAY + timedelta(weeks=WEEKS)
    assert trained.window.tested_from == trained.window.tested_until - timedelta(weeks=6)


def test_training_again_gives_the_same_files_and_no_gain_over_itself(given, trained):
    best = trained.candidate(trained.best)
    again = train(at(given), rules=RULES, models=MODELS, champion=best.files)
    assert isinstance(again, Training)
    assert [one.files for one in again.candidates] == [one.files for one in trained.candidates]
    assert [one.scores for one in again.candidates] == [one.scores for one in trained.candidates]
    assert again.against_champion is not None
    assert not again.against_champion.is_real


def test_files_say_all_of_a_plan(trained):
    files = trained.candidate("by_level").files
    plan = from_files(files)
    assert dict(to_files(plan, files.get(BOOSTER))) == dict(files)
    assert BOOSTER in trained.candidate("xgboost").files
    assert set(trained.candidate("seasonal_naive").files) == {PLAN}


def test_forecasts_start_with_the_week_that_is_not_over(scored):
    first = MONDAY + timedelta(weeks=WEEKS)
    assert sorted(scored["week_start"].unique()) == [first + timedelta(weeks=n) for n in range(6)]
    assert scored.loc[scored["horizon_week"] == 1, "week_start"].unique().tolist() == [first]


def test_each_series_measure_and_week_is_there_once_and_levels_add_up(scored):
    key = ["currency", "series_level", "series_value", "measure", "week_start"]
    assert not scored.duplicated(key).any()
    by = ["currency", "measure", "week_start"]
    total = scored[scored["series_level"] == "total"].set_index(by)["forecast"]
    for level in ("category", "product"):
        found = scored[scored["series_level"] == level].groupby(by)["forecast"].sum()
        assert np.abs(found - total).max() < 1e-6
    categories = scored[scored["series_level"] == "category"].set_index([*by, "category"])["forecast"]
    products = scored[scored["series_level"] == "product"].groupby([*by, "category"])["forecast"].sum()
    assert np.abs(categories - products).max() < 1e-6


def test_intervals_are_ordered_and_never_below_zero(scored):
    values = scored[["low_95", "low_80", "forecast", "high_80", "high_95"]].to_numpy()
    assert (np.diff(values, axis=1) >= 0).all()
    assert (values >= 0).all()


def test_small_products_are_forecast_together(scored):
    products = scored[(scored["series_level"] == "product") & (scored["currency"] == "GBP")]
    assert products["series_value"].nunique() == 12
    others = products[products["product_durable_key"].isna()]
    assert set(others["series_value"]) == {"(other) A", "(other) B"}


def test_forecasts_are_about_what_is_to_come(scored):
    total = scored[(scored["series_level"] == "total") & (scored["measure"] == "lines") & (scored["currency"] == "GBP")]
    assert total["forecast"].sum() == pytest.approx(expected_total(WEEKS + 6)[-6:].sum(), rel=0.15)


def test_without_a_model_the_mean_of_eight_weeks_is_published_with_its_own_spread(given):
    found = score(*given, None, as_of=AS_OF, rules=RULES).toPandas()
    total = found[(found["series_level"] == "total") & (found["measure"] == "lines") & (found["currency"] == "GBP")]
    recent = shop(weeks=WEEKS, products=12, categories=2).sales["lines"][:, -8:].sum(axis=0)
    assert set(found["method"]) == {"recent_mean"}
    assert total["forecast"].tolist() == pytest.approx([recent.mean()] * 6, abs=1e-3)
    assert (total["high_95"] - total["low_95"] > 4 * recent.std() / 2).all()


def test_without_a_full_week_there_are_no_rows(given):
    assert score(*given, None, as_of=MONDAY + timedelta(days=3), rules=RULES).count() == 0


def test_too_short_a_history_is_said_in_weeks(given):
    found = train(at(given, date(2023, 5, 1)), rules=RULES, models=MODELS)
    assert found == NotTrained("demand", "shop", "There are 30 full weeks of sales; 52 are needed.")
