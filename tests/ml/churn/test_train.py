"""Training over a small shop in Spark: what is judged, on whom, and what comes out the same again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.settings.models import Churn
from lakehouse.tables.gold.sales import ORDER_TOTALS
from ml.churn.cases import labelled, lapsed_share, sampled
from ml.churn.churn_model import read_model
from ml.churn.judge import MEASURES, NOT_ALIVE, Judge
from ml.churn.reference import FILE as REFERENCE
from ml.churn.score import COLUMNS, score
from ml.churn.train import train
from ml.training import NotTrained, Training
from tests.gold.stars import frame, total
from tests.ml.churn.rows import feature_rows
from tests.ml.churn.small_shop import AS_OF, CUT_OFFS, MODELS, RULES, SmallShop, small_shop

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def shop(spark: SparkSession) -> SmallShop:
    return small_shop(spark)


@pytest.fixture(scope="module")
def training(shop: SmallShop) -> Training:
    found = train(shop.features, shop.orders, as_of=AS_OF, rules=RULES, models=MODELS)
    assert isinstance(found, Training)
    return found


def test_churned_is_who_places_no_order_from_the_cut_off_until_the_horizon_ends(
    spark: SparkSession, shop: SmallShop
) -> None:
    at = date(2024, 3, 1)
    asked = shop.features.where(F.col("cut_off") == F.lit(AS_OF)).limit(4).toPandas()
    asked = asked.assign(customer_durable_key=list(map(ord, "ABCD")), cut_off=at, days_since_last_order=[1, 150, 9, 9])
    features = spark.createDataFrame(asked, shop.features.schema)
    days = {"A": "2024-02-29", "B": "2024-03-01", "C": "2024-03-10", "D": "2024-03-11", None: "2024-03-05"}
    known = frame(spark, ORDER_TOTALS, [total(day, day, customer, 5) for customer, day in days.items()])
    rows = labelled(features, known, cut_offs=[at], horizon_days=10, look_back_days=150).collect()
    assert {chr(row["customer_durable_key"]): row["churned"] for row in rows} == {"A": 1, "B": 0, "C": 0, "D": 1}
    assert labelled(features, known, cut_offs=[at], horizon_days=10, look_back_days=149).count() == 3
    assert labelled(features, known, cut_offs=[AS_OF], horizon_days=10, look_back_days=150).count() == 0


def test_lapsed_customers_who_come_back_are_counted(spark: SparkSession) -> None:
    rows = [total("1", "2024-01-01", "A", 5), total("2", "2024-01-01", "B", 5), total("3", "2024-03-01", "B", 5)]
    rows += [total("4", "2024-02-10", "C", 5), total("5", "2024-03-01", "D", 5), total("6", "2024-03-11", "A", 5)]
    known = frame(spark, ORDER_TOTALS, rows)
    spans = {"cut_off": date(2024, 3, 1), "horizon_days": 10}
    assert lapsed_share(known, look_back_days=30, **spans) == 0.5
    assert lapsed_share(known, look_back_days=20, **spans) == 0.5
    assert lapsed_share(known, look_back_days=19, **spans) == pytest.approx(2 / 3)
    assert lapsed_share(known, look_back_days=60, **spans) is None


def test_a_sample_is_of_whole_customers_and_the_same_each_time(shop: SmallShop) -> None:
    some = {row[0] for row in sampled(shop.features, 0.3).select("customer_durable_key").collect()}
    again = sampled(shop.features, 0.3)
    assert 60 < len(some) < 180
    assert again.count() == shop.features.where(F.col("customer_durable_key").isin(list(some))).count()


def test_every_candidate_is_judged_by_all_measures_on_the_newest_cut_off_that_is_over(training: Training) -> None:
    assert (training.window.tested_from, training.window.tested_until) == (date(2023, 10, 1), date(2023, 11, 15))
    assert (training.window.trained_from, training.window.trained_until) == (CUT_OFFS[0], date(2023, 9, 15))
    names = [(one.name, one.is_baseline) for one in training.candidates]
    assert names == [
        ("xgboost", False), ("logistic_regression", False), ("majority", True), ("recency", True), ("frequency", True),
        ("bg_nbd", True),
    ]  # fmt: skip
    for one in training.candidates:
        for name in MEASURES:
            found = one.score(name)
            assert found.low is not None
            assert found.high is not None
            assert found.low <= found.value <= found.high
        assert {point.curve for point in one.curves} >= {"roc", "precision_recall", "calibration", "lift"}
        assert {score.fold for score in one.scores} == {None, 0, 1, 2, 3}
        assert REFERENCE in one.files


def test_the_best_is_the_model_with_the_largest_area_under_precision_and_recall(training: Training) -> None:
    areas = {one.name: one.score("pr_auc").value for one in training.candidates}
    models = {one.name: areas[one.name] for one in training.candidates if not one.is_baseline}
    baselines = {one.name: areas[one.name] for one in training.candidates if one.is_baseline}
    assert training.best == max(models, key=lambda name: models[name])
    assert training.best_baseline.name == max(baselines, key=lambda name: baselines[name])
    assert training.against_baseline.value == pytest.approx(models[training.best] - max(baselines.values()))
    assert areas[training.best] > areas["majority"]


def test_what_matters_most_is_told_largest_first(training: Training) -> None:
    points = [point for point in training.candidate("xgboost").curves if point.curve == "importance"]
    sizes = [point.x or 0 for point in points]
    assert len(sizes) > 5
    assert sizes == sorted(sizes, reverse=True)
    assert {"days_since_last_order", "customer_segment"} <= {point.label for point in points}


def test_p_alive_is_shown_and_never_used(training: Training) -> None:
    shown = training.candidate("bg_nbd").score("roc_auc", NOT_ALIVE)
    assert shown.value < training.candidate("bg_nbd").score("roc_auc").value
    assert all(one.name != NOT_ALIVE for one in training.candidates)


def test_training_again_gives_the_same_scores_and_bytes(shop: SmallShop, training: Training) -> None:
    again = train(shop.features, shop.orders, as_of=AS_OF, rules=RULES, models=MODELS)
    assert isinstance(again, Training)
    assert [one.scores for one in again.candidates] == [one.scores for one in training.candidates]
    assert [one.files for one in again.candidates] == [one.files for one in training.candidates]


def test_a_champion_is_judged_anew_on_the_same_cases(shop: SmallShop, training: Training) -> None:
    best = training.candidate(training.best).files
    found = train(shop.features, shop.orders, as_of=AS_OF, rules=RULES, models=MODELS, champion=best)
    worse = train(
        shop.features,
        shop.orders,
        as_of=AS_OF,
        rules=RULES,
        models=MODELS,
        champion=training.candidate("majority").files,
    )
    assert isinstance(found, Training)
    assert isinstance(worse, Training)
    assert found.against_champion is not None
    assert (found.against_champion.than, found.against_champion.value) == ("champion", 0)
    assert worse.against_champion is not None
    assert worse.against_champion.is_real


def test_a_champion_of_another_horizon_is_not_compared(training: Training) -> None:
    present = read_model(training.candidate("recency").files)
    judge = Judge(feature_rows(50, 1), 1, draws=2)
    found, remarks = judge.against_champion(present, replace(present, horizon_days=30).files())
    assert found is None
    assert remarks == ["the champion looks 30 days ahead, these models 45: they are not compared"]


def test_the_example_is_what_the_model_takes_and_names_nobody(training: Training) -> None:
    model = read_model(training.candidate(training.best).files)
    assert list(training.example.columns) == list(model.encoding.columns)
    assert not {"customer_durable_key", "customer_id", "source_system"} & set(training.example.columns)
    predicted = model.calibration.probabilities(model.model.margins(training.example))
    assert training.prediction["churn_probability"].to_numpy() == pytest.approx(predicted)


@pytest.mark.parametrize(
    ("as_of", "rules", "why"),
    [
        (date(2023, 6, 20), RULES, "to train on: the earliest of 9 is 2023-04-01"),
        (AS_OF, RULES.model_copy(update={"least_customers": 5_000}), "5000 needed"),
        (AS_OF, RULES.model_copy(update={"look_back_days": 1}), "needed"),
    ],
)
def test_too_little_history_is_said_with_its_figures(shop: SmallShop, as_of: date, rules: Churn, why: str) -> None:
    found = train(shop.features, shop.orders, as_of=as_of, rules=rules, models=MODELS)
    assert isinstance(found, NotTrained)
    assert why in found.why


def test_a_window_in_which_everybody_came_back_trains_nothing(spark: SparkSession, shop: SmallShop) -> None:
    # Each order is placed again every ten days.
    days = F.sequence(F.lit(date(2023, 1, 1)), F.lit(AS_OF), F.expr("INTERVAL 10 DAYS"))
    always = shop.orders.withColumn("order_date", F.explode(days))
    found = train(shop.features, always, as_of=AS_OF, rules=RULES, models=MODELS)
    assert isinstance(found, NotTrained)
    assert "both kinds are needed" in found.why


def test_a_source_without_customers_trains_nothing(shop: SmallShop) -> None:
    found = train(shop.features.limit(0), shop.orders, as_of=AS_OF, rules=RULES, models=MODELS)
    assert isinstance(found, NotTrained)
    assert "there is none" in found.why


def test_scores_are_those_of_the_model_and_the_others_are_told_of(shop: SmallShop, training: Training) -> None:
    today = shop.features.where(F.col("cut_off") == F.lit(AS_OF))
    found = score(today, training.candidate("xgboost").files)
    rows = found.toPandas()
    assert tuple(found.columns) == COLUMNS
    assert len(rows) == today.count() == rows["customer_durable_key"].nunique()
    assert rows["churn_probability"].between(0, 1).all()
    lapsed = today.where(F.col("days_since_last_order") > RULES.look_back_days).count()
    assert (rows["churn_method"] == "lapsed").sum() == lapsed > 0
    asked = rows[rows["churn_method"] == "xgboost"]
    assert len(asked) > 50
    assert asked["churn_reason_1"].str.contains("the risk").all()
    assert rows.loc[rows["churn_method"] != "xgboost", "churn_reason_1"].isna().all()


def test_reasons_are_left_out_where_they_are_not_asked_for(shop: SmallShop, training: Training) -> None:
    today = shop.features.where(F.col("cut_off") == F.lit(AS_OF))
    files = training.candidate("logistic_regression").files
    with_reasons, without = (score(today, files, reasons=wanted).toPandas() for wanted in (True, False))
    assert without["churn_reason_1"].isna().all()
    assert list(without["churn_probability"]) == list(with_reasons["churn_probability"])


def test_without_a_model_nobody_has_a_probability(shop: SmallShop) -> None:
    today = shop.features.where(F.col("cut_off") == F.lit(AS_OF))
    rows = score(today, None).toPandas()
    assert tuple(rows.columns) == COLUMNS
    assert len(rows) == today.count()
    assert set(rows["churn_method"]) == {"none"}
    assert rows["churn_probability"].isna().all()
