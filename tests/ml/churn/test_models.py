"""Models learn what there is, say what each column adds, and are the same again from the files they are kept in."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from ml.churn.baselines import FREQUENCY, MAJORITY, RECENCY, OneFeature
from ml.churn.boosted import Boosted
from ml.churn.calibration import Calibration
from ml.churn.churn_model import FILE, ChurnModel, Shares, read_model
from ml.churn.expected_purchases import KIND as BG_NBD
from ml.churn.fitting import FOLDS, baselines, columns_of, cross_fitted, folds_of, models
from ml.churn.inputs import NUMBERS, SEASON, Encoding
from ml.churn.logistic import Logistic
from ml.churn.model import Model
from ml.clv.purchases import PurchaseModel
from ml.evaluation.probabilities import brier, roc_auc
from tests.ml.churn.rows import feature_rows

ROWS, LATER = feature_rows(900), feature_rows(600, 1, seed=2)
ENCODING = Encoding.of(ROWS)
INPUTS = ENCODING.inputs(ROWS)
CHURNED = ROWS["churned"].to_numpy()
PURCHASES = PurchaseModel("bg_nbd", 0.8, 40.0, 0.7, 2.5)


def fitted(kind: str) -> Model:
    if kind == "xgboost":
        return Boosted.fitted(INPUTS, CHURNED, ENCODING.columns, seed=1)
    if kind == "logistic_regression":
        return Logistic.fitted(INPUTS, CHURNED, ENCODING.columns)
    found = {fit(INPUTS, CHURNED).kind: fit for fit in baselines(PURCHASES, 90)}
    return found[kind](INPUTS, CHURNED)


@cache
def whole(kind: str) -> ChurnModel:
    return ChurnModel(fitted(kind), ENCODING, Calibration(0.9, 0.1), Shares(0.97, 0.4), 90, 365, 20)


KINDS = ("xgboost", "logistic_regression", MAJORITY, RECENCY, FREQUENCY, BG_NBD)


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_the_same_again_from_its_files(kind: str) -> None:
    model = whole(kind)
    again = read_model(model.files())
    assert again.name == kind
    assert again.probabilities(LATER) == pytest.approx(model.probabilities(LATER), abs=1e-9)
    assert again.files() == model.files()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_cases_give_the_same_bytes(kind: str) -> None:
    assert whole(kind).files() == whole.__wrapped__(kind).files()


@pytest.mark.parametrize("kind", KINDS)
def test_what_columns_add_explains_the_whole_difference_between_two_customers(kind: str) -> None:
    model = whole(kind).model
    inputs = ENCODING.inputs(LATER)
    added = model.contributions(inputs).sum(axis=1).to_numpy()
    margins = model.margins(inputs)
    assert added - added[0] == pytest.approx(margins - margins[0], abs=1e-4)


@pytest.mark.parametrize(("kind", "least"), [("xgboost", 0.8), ("logistic_regression", 0.8), (RECENCY, 0.7)])
def test_models_tell_later_customers_apart(kind: str, least: float) -> None:
    assert roc_auc(LATER["churned"].to_numpy(), whole(kind).probabilities(LATER)) > least


def test_more_days_with_orders_make_it_less_likely_that_a_customer_stays_away() -> None:
    assert roc_auc(LATER["churned"].to_numpy(), whole(FREQUENCY).probabilities(LATER)) > 0.6


def test_lapsed_and_new_customers_get_a_measured_share() -> None:
    rows = LATER[:3].assign(days_since_last_order=[366.0, 365.0, 10.0], age_days=[400.0, 400.0, 19.0])
    model = whole("logistic_regression")
    assert list(model.methods(rows)) == ["lapsed", "logistic_regression", "base_rate"]
    found = model.probabilities(rows)
    assert (found[0], found[2]) == (0.97, 0.4)
    assert found[1] not in (0.97, 0.4)
    assert list(model.methods(rows.assign(age_days=20.0)))[2] == "logistic_regression"


def test_an_unknown_value_is_no_obstacle() -> None:
    rows = LATER.assign(**{name: np.nan for name in NUMBERS if name not in ("days_since_last_order", "age_days")})
    rows["country_code"] = "never seen"
    for kind in ("xgboost", "logistic_regression"):
        assert np.isfinite(whole(kind).probabilities(rows)).all()


def test_for_a_straight_line_an_unknown_value_is_the_median_of_those_trained_on() -> None:
    model = whole("logistic_regression").model
    unknown, usual = (
        ENCODING.inputs(LATER.assign(tenure_days=value)) for value in (np.nan, ROWS["tenure_days"].median())
    )
    assert model.margins(unknown) == pytest.approx(model.margins(usual), abs=1e-3)


def test_no_customers_have_no_probabilities() -> None:
    assert len(whole("xgboost").probabilities(LATER[:0])) == 0


def test_values_of_a_hundredth_of_the_rows_have_a_column_and_no_more_than_ten() -> None:
    rare = pd.Series(["rare"] * 9 + ["frequent"] * 10 + ["usual"] * 981)
    rows = feature_rows(1_000, 1).assign(country_code=rare, acquisition_channel=[str(n % 25) for n in range(1_000)])
    values = Encoding.of(rows).values
    assert values["country_code"] == ["frequent", "usual"]
    assert len(values["acquisition_channel"]) == 10
    assert values["currency"] == []


def test_a_feature_that_is_left_out_has_no_part_in_a_model() -> None:
    first, second = (
        fit(INPUTS, CHURNED) for fit in models(columns_of(ENCODING, ["customer_segment"]), spans_a_year=True, seed=1)
    )
    for model in (first, second):
        kept = list(model.as_json()["columns"])
        assert kept == [name for name in ENCODING.columns if name != "customer_segment=club"]


def test_a_straight_line_looks_at_the_season_once_there_is_a_year_of_it() -> None:
    trees, line = models(ENCODING.columns, spans_a_year=False, seed=1)
    assert "season_sin" in trees(INPUTS, CHURNED).as_json()["columns"]
    assert not {*SEASON} & {*line(INPUTS, CHURNED).as_json()["columns"]}
    _, line = models(ENCODING.columns, spans_a_year=True, seed=1)
    assert {*SEASON} <= {*line(INPUTS, CHURNED).as_json()["columns"]}


def test_calibration_is_by_customers_whom_the_models_behind_it_never_saw() -> None:
    seen: list[set[int]] = []
    asked: list[set[int]] = []

    class Spy(OneFeature):
        def margins(self, inputs: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
            asked.append(set(ROWS.loc[inputs.index, "customer_durable_key"]))
            return np.asarray(inputs["days_since_last_order"].to_numpy() / 90 - 2)

    def fit(inputs: pd.DataFrame, churned: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Model:
        seen.append(set(ROWS.loc[inputs.index, "customer_durable_key"]))
        return Spy("recency")

    found = cross_fitted(fit, INPUTS, ROWS)
    assert len(asked) == FOLDS
    assert [one & other for one, other in zip(seen[:FOLDS], asked, strict=True)] == [set()] * FOLDS
    assert set.union(*asked) == seen[FOLDS] == set(range(900))
    assert {score.fold for score in found.folds} == set(range(FOLDS))


def test_calibration_follows_the_later_cut_offs() -> None:
    rows = feature_rows(2_000)
    late = rows["cut_off"] == rows["cut_off"].max()
    rows.loc[~late, "churned"] = 1.0
    inputs = ENCODING.inputs(rows)
    found = cross_fitted(lambda inputs, churned: OneFeature.fitted(MAJORITY, inputs), inputs, rows)
    share = found.calibration.probabilities(np.zeros(1))[0]
    assert share == pytest.approx(rows.loc[late, "churned"].mean(), abs=0.01)


def test_folds_are_of_whole_customers_and_of_like_size() -> None:
    fold = folds_of(ROWS)
    assert pd.Series(fold).groupby(ROWS["customer_durable_key"]).nunique().max() == 1
    assert pd.Series(fold).value_counts().min() >= len(ROWS) / FOLDS * 0.9


def test_calibrated_probabilities_are_better_than_the_share_of_all() -> None:
    (fit,) = models(ENCODING.columns, spans_a_year=True, seed=1)[1:]
    found = cross_fitted(fit, INPUTS, ROWS)
    predicted = found.calibration.probabilities(found.model.margins(ENCODING.inputs(LATER)))
    churned = LATER["churned"].to_numpy()
    assert brier(churned, predicted) < 0.9 * churned.mean() * (1 - churned.mean())


def test_what_is_kept_names_nobody() -> None:
    kept = json.loads(whole("xgboost").files()[FILE])
    assert set(kept) == {
        "kind", "model", "encoding", "calibration", "shares", "horizon_days", "look_back_days", "least_history_days",
    }  # fmt: skip


def test_files_of_another_kind_are_refused() -> None:
    files = whole(MAJORITY).files()
    with pytest.raises(KeyError, match="oracle"):
        read_model({FILE: files[FILE].replace(b'"majority"', b'"oracle"')})
