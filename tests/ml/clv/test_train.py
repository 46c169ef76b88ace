"""Training and scoring over a small simulated shop."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from lakehouse.settings.models import Clv, Models
from ml.clv.fitting import fitted, histories_of, lifetimes
from ml.clv.histories import customer_histories, histories_and_later, purchase_days
from ml.clv.lifetime import Lifetime
from ml.clv.score import SCHEMA, score
from ml.clv.spans import Span
from ml.clv.train import bases, train
from ml.training import Files, NotTrained, Training
from tests.ml.clv.shop import AS_OF, START, VALUE, orders

RULES = Clv(least_customers=50, horizon_months=6)


def trained(rows, *, rules: Clv = RULES, models: Models | None = None, champion: Files | None = None) -> Training:
    found = train(rows, as_of=AS_OF, rules=rules, models=models or Models(), champion=champion)
    assert isinstance(found, Training)
    return found


@pytest.fixture(scope="module")
def shop(spark: SparkSession):
    return orders(spark, 900).persist()


@pytest.fixture(scope="module")
def training(shop) -> Training:
    return trained(shop)


@pytest.fixture(scope="module")
def again(shop, training) -> Training:
    """With the rows in another order, and a champion."""
    return trained(shop.repartition(3, "order_date"), champion=training.candidate("mean").files)


@pytest.fixture(scope="module")
def scored(shop, training) -> pd.DataFrame:
    rows = score(customer_histories(shop, AS_OF), training.candidate("bg_nbd").files, as_of=AS_OF).toPandas()
    return rows.sort_values("customer_durable_key", ignore_index=True)


def test_the_span_held_out_is_the_last_half_year_and_nothing_of_it_is_fitted(training, shop):
    window = training.window
    assert (window.tested_from, window.tested_until) == (AS_OF - timedelta(days=182), AS_OF)
    assert (window.trained_from, window.trained_until) == (START, window.tested_from)
    # What it said of the span is what models say that are fitted on a shop which ends where the span begins.
    before = shop.where(f"order_date < DATE'{window.tested_from}'")
    known = customer_histories(before, window.tested_from).toPandas()
    judged = lifetimes(fitted(histories_of(known), known, {"GBP": "margin"}), RULES)
    for name in ("bg_nbd", "count_again"):
        said = judged[name].expected_purchases(known, 182.0).sum()
        points = [one for one in training.candidate(name).curves if one.label == "purchases"]
        assert sum(one.x for one in points) == pytest.approx(said, rel=1e-5)


def test_all_that_is_to_be_compared_is_measured_in_purchases_and_in_value(training):
    names = {one.name: one.is_baseline for one in training.candidates}
    assert names == {
        "bg_nbd": False, "mbg_nbd": False, "nbd": False, "xgboost": False, "mean_of_both": False,
        "count_again": True, "mean": True,
    }  # fmt: skip
    for one in training.candidates:
        for level in ("purchases", "value"):
            assert 0 < one.score("mae", level).value < one.score("rmse", level).value
            share = one.score("top_decile_share", level)
            assert 0.09 < share.value <= 1
            assert len([point for point in one.curves if point.label == level]) == 10


def test_the_best_has_the_least_squared_error_of_value_and_beats_the_baselines(training):
    errors = {one.name: one.score("rmse", "value").value for one in training.candidates}
    models = {one.name: errors[one.name] for one in training.candidates if not one.is_baseline}
    assert training.best == min(models, key=models.__getitem__)
    than = training.against_baseline
    assert than.than == min(("count_again", "mean"), key=errors.__getitem__)
    assert than.value == pytest.approx(errors[than.than] - errors[training.best])


def test_deciles_add_up_to_what_came(training, shop):
    later = shop.where(f"order_date >= DATE'{training.window.tested_from}'").toPandas()
    known = set(shop.where(f"order_date < DATE'{training.window.tested_from}'").toPandas()["customer_id"])
    later = later[later["customer_id"].isin(known)]
    for one in training.candidates:
        came = {level: sum(p.y for p in one.curves if p.label == level) for level in ("purchases", "value")}
        assert came["purchases"] == pytest.approx(len(later.drop_duplicates(["customer_id", "order_date"])))
        assert came["value"] == pytest.approx(float(later["margin_net_of_returns"].sum()))


def test_the_same_orders_and_seed_give_the_same_figures_and_bytes(training, again):
    assert [(one.name, one.files) for one in again.candidates] == [(one.name, one.files) for one in training.candidates]
    for one, other in zip(training.candidates, again.candidates, strict=True):
        assert repr(one.scores) == repr(other.scores)  # NaN equals itself in words alone
    assert again.against_baseline == training.against_baseline


def test_the_champion_is_judged_on_the_same_customers(shop, training, again):
    span = Span(training.window.tested_from, training.window.tested_until)
    known = histories_and_later(purchase_days(shop), [span]).toPandas()
    champion = Lifetime.of(training.candidate("mean").files)
    said = champion.expected_purchases(known, 182.0) * champion.values["GBP"].expected(known)
    error = np.sqrt(np.mean((said - known["margin_later"]) ** 2))
    best = again.candidate(again.best).score("rmse", "value").value
    assert again.against_champion.value == pytest.approx(error - best)
    assert again.against_champion.than == "champion"
    assert training.against_champion is None


def test_customers_who_cannot_be_taken_to_one_process_are_judged_by_a_sample(shop, training):
    some = trained(shop, models=Models(most_local_rows=3_200))
    cases = {one.name: sum(p.n for p in one.curves if p.label == "value") for one in some.candidates}
    assert 200 < cases["bg_nbd"] < 350
    whole, part = (one.candidate("bg_nbd").parameters for one in (training, some))
    # Yet the model that is kept is fitted on counts of all customers, whole.
    assert part["customers"] == whole["customers"] == 900
    assert part["bg_nbd"]["r"]["value"] == pytest.approx(whole["bg_nbd"]["r"]["value"], rel=0.05)


def test_too_few_customers_are_said(shop):
    found = train(shop, as_of=AS_OF, rules=Clv(least_customers=5_000), models=Models(), champion=None)
    assert isinstance(found, NotTrained)
    assert (found.problem, found.source) == ("clv", "s")
    assert "customers had ordered before 2023-07-03, 5,000 are needed" in found.why
    nobody = train(shop.limit(0), as_of=AS_OF, rules=RULES, models=Models(), champion=None)
    assert isinstance(nobody, NotTrained)


def test_an_example_names_nobody(training):
    assert not {"customer_durable_key", "customer_id", "source_system"} & {*training.example, *training.prediction}
    assert len(training.example) == len(training.prediction) == 5


def test_margin_is_the_basis_where_costs_are_known_and_revenue_elsewhere(spark):
    assert bases(orders(spark, 20)) == {"GBP": "margin"}
    both = orders(spark, 20, costed=False).unionByName(orders(spark, 20, currency="EUR"))
    assert bases(both) == {"GBP": "revenue", "EUR": "margin"}


def test_every_customer_is_scored_once(scored):
    assert list(scored.columns) == [one.split()[0] for one in SCHEMA.split(", ")]
    assert list(scored["customer_durable_key"]) == list(range(900))
    assert set(scored["clv_method"]) == {"bg_nbd+gamma_gamma"}
    assert set(scored["clv_basis"]) == {"margin"}
    assert scored["p_alive"].between(0, 1).all()


def test_months_add_up_and_later_ones_count_less(scored):
    months = np.stack(scored["clv_months"].to_list())
    assert months.shape == (900, 6)
    assert months.sum(axis=1) == pytest.approx(scored["clv"].to_numpy())
    undiscounted = (scored["expected_orders"] * scored["expected_order_value"]).to_numpy()
    # 10 % a year, over half a year whose purchases come a little before its middle.
    assert np.all(scored["clv"] < undiscounted)
    assert np.all(scored["clv"] > undiscounted * 1.1**-0.26)


def test_intervals_hold_what_is_expected_and_start_at_nothing(scored):
    assert (scored["clv_low"] <= scored["clv"]).all()
    assert (scored["clv"] <= scored["clv_high"]).all()
    assert (scored["clv_low"] >= 0).all()
    assert (scored["clv_low"] > 0).any()


def test_values_are_about_what_was_planted(scored):
    assert scored["expected_order_value"].mean() == pytest.approx(VALUE.mean / 2, rel=0.1)


def test_without_a_model_all_get_the_mean_of_all(shop):
    found = score(customer_histories(shop, AS_OF), None, as_of=AS_OF, rules=RULES).toPandas()
    known = customer_histories(shop, AS_OF).toPandas()
    days = (date(2024, 7, 1) - AS_OF).days
    assert set(found["clv_method"]) == {"mean"}
    assert found["expected_orders"].to_numpy() == pytest.approx(
        np.full(900, days * known["frequency"].sum() / known["observed"].sum())
    )
    assert found["p_alive"].isna().all()
    assert found["clv_low"].isna().all()
    assert set(found["clv_basis"]) == {"revenue"}


def test_every_candidate_scores_from_its_files(shop, training):
    customers = customer_histories(shop, AS_OF).limit(50)
    for one in training.candidates:
        found = score(customers, one.files, as_of=AS_OF).toPandas()
        assert len(found) == 50
        assert found["clv"].notna().all()
        assert (found["clv"] >= 0).all()
        assert found["clv_method"].str.startswith(one.name).all()
