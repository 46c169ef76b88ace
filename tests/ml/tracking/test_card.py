"""The model card: everything that a reader has to know before relying on a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from ml.churn.judge import MEASURES as CHURN
from ml.clv.holdout import MEASURES as CLV
from ml.tracking.card import model_card
from ml.tracking.card_words import MEASURES
from ml.tracking.decision import decided
from ml.training import Difference, Score, Training
from tests.ml.tracking.trainings import against_champion, data_versions, made_training


def card(training: Training, champion: str | None = None) -> str:
    return model_card(training, decided(training, champion), data_versions())


def section(text: str, name: str) -> str:
    return text.partition(f"## {name}\n")[2].partition("\n## ")[0]


def test_it_has_a_section_for_each_thing_that_is_asked_of_a_model() -> None:
    text = card(made_training())
    for name in (
        "What it predicts", "Decision", "Candidates", "Comparison", "Calibration", "Data", "Limits", "Intended use",
        "Personal data",
    ):  # fmt: skip
        assert section(text, name).strip(), name


def test_candidates_stand_best_first_with_intervals_and_what_becomes_of_them() -> None:
    training = made_training()
    rows = [line for line in section(card(training), "Candidates").splitlines() if line.startswith("| ")][1:]
    assert [row.split(" | ")[0] for row in rows] == ["| logistic_regression", "| xgboost", "| recency (baseline)"]
    found = training.candidate("logistic_regression").score("roc_auc")
    assert f"| champion | {found.value:.4g} ({found.low:.4g} to {found.high:.4g}) |" in rows[0]
    lower = replace(training, higher_is_better=False)
    first = [line for line in section(card(lower), "Candidates").splitlines() if line.startswith("| ")][1]
    assert first.startswith("| recency")


def test_the_measures_are_those_of_the_level_that_is_compared() -> None:
    training = made_training()
    extra = [replace(one, scores=[*one.scores, Score("wape", 0.1, level="product")]) for one in training.candidates]
    assert "wape" not in section(card(replace(training, candidates=extra)), "Candidates")


def test_each_measure_of_the_table_is_explained_below_it() -> None:
    table = section(card(made_training()), "Candidates")
    measures = table.splitlines()[0].strip("| ").split(" | ")[2:]
    assert measures
    assert [line.partition(":")[0] for line in table.splitlines() if line.startswith("- ")] == [
        f"- {measure}" for measure in measures
    ]


@pytest.mark.parametrize("measures", [CHURN, CLV, ["wape", "bias", "mape", "mase", "coverage_80", "coverage_95"]])
def test_whatever_a_problem_is_measured_by_has_its_words(measures: Iterable[str]) -> None:
    assert set(measures) <= set(MEASURES)


def test_intervals_are_named_only_where_there_are_some() -> None:
    training = made_training()
    bare = [
        replace(one, scores=[replace(score, low=None, high=None) for score in one.scores])
        for one in training.candidates
    ]
    assert "with 95 % intervals" in section(card(training), "Candidates")
    assert "interval" not in section(card(replace(training, candidates=bare)), "Candidates")


def test_a_difference_within_the_interval_is_called_none() -> None:
    alike = section(card(against_champion(made_training(), 0.004), "xgboost"), "Comparison").splitlines()
    assert "champion, judged anew on the same test window: no difference within the interval" in alike[1]
    real = replace(made_training(), against_baseline=Difference("recency", 0.05, 0.01, 0.09))
    assert "recency, in roc_auc: 0.05 better" in section(card(real), "Comparison").splitlines()[0]


def test_a_model_within_the_interval_of_the_best_is_called_no_different() -> None:
    training = made_training()
    value = training.candidate("xgboost").score("roc_auc").value
    said = f"xgboost against logistic_regression: no difference within the interval. Its roc_auc of {value:.4g} lies"
    assert said in section(card(training), "Comparison")
    assert "recency against" not in section(card(training), "Comparison")
    far = [
        replace(one, scores=[Score("roc_auc", 0.5)]) if one.name == "xgboost" else one for one in training.candidates
    ]
    assert "xgboost against" not in section(card(replace(training, candidates=far)), "Comparison")


def test_data_say_window_publication_and_versions() -> None:
    data = section(card(made_training()), "Data")
    for text in ("2023-01-01 to 2023-12-01, tested on 2024-02-01 to 2024-05-01;", "Publication 1, run r1", "seed 42"):
        assert text in data
    assert "gold.customer_features 3" in data


def test_limits_are_the_remarks_of_the_training() -> None:
    assert "- 600 customers were made, none was real." in section(card(made_training()), "Limits")
    assert "None were noted" in section(card(replace(made_training(), remarks=())), "Limits")
