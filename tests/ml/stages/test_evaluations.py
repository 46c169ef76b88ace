"""What a training measured goes with the model, and comes out as rows of gold."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ml.stages.evaluations import FILE, curve_rows, score_rows, with_evaluation
from ml.training import Candidate, CurvePoint, Difference, Score, Training, Window


def training() -> Training:
    model = Candidate(
        "xgboost",
        False,
        [Score("pr_auc", 0.7, 0.6, 0.8), Score("pr_auc", 0.65, fold=0), Score("wape", 0.1, level="category lines")],
        {"model.json": b"{}"},
        curves=[CurvePoint("calibration", 1, 0.2, 0.3, 40), CurvePoint("importance", 0, y=2.0, label="recency_days")],
    )
    baseline = Candidate("recency", True, [Score("pr_auc", 0.5)], {})
    window = Window(date(2023, 1, 1), date(2023, 6, 1), date(2023, 7, 1), date(2023, 10, 1))
    better = Difference("recency", 0.2, 0.1, 0.3)
    return Training(
        "churn", "shop", "pr_auc", "", True, [model, baseline], "xgboost", better, None, window, pd.DataFrame(),
        pd.DataFrame(),
    )  # fmt: skip


def test_every_candidate_keeps_the_same_evaluation_beside_its_own_files() -> None:
    kept = with_evaluation(training()).candidates
    assert [set(one.files) for one in kept] == [{"model.json", FILE}, {FILE}]
    assert kept[0].files[FILE] == kept[1].files[FILE]


def test_a_measure_of_the_test_is_told_from_one_of_a_fold_and_the_champion_from_the_others() -> None:
    files = with_evaluation(training()).candidate("xgboost").files
    rows = list(score_rows(files, source="shop", version=3, champion="xgboost"))
    told = [
        (row["candidate"], row["candidate_role"], row["score_measure"], row["score_level"], row["score_fold"])
        for row in rows
    ]
    assert told == [
        ("xgboost", "champion", "pr_auc", "all", "test"),
        ("xgboost", "champion", "pr_auc", "all", "0"),
        ("xgboost", "champion", "wape", "category lines", "test"),
        ("recency", "baseline", "pr_auc", "all", "test"),
    ]
    assert (rows[0]["score"], rows[0]["score_low"], rows[0]["score_high"], rows[1]["score_low"]) == (
        0.7,
        0.6,
        0.8,
        None,
    )
    assert (rows[0]["tested_from"], rows[0]["tested_until"]) == (date(2023, 7, 1), date(2023, 10, 1))
    assert {(row["problem"], row["source_system"], row["model_version"]) for row in rows} == {("churn", "shop", 3)}


def test_a_baseline_that_is_in_use_is_the_champion_and_the_model_a_candidate() -> None:
    files = with_evaluation(training()).candidate("recency").files
    roles = {
        row["candidate"]: row["candidate_role"]
        for row in score_rows(files, source="shop", version=1, champion="recency")
    }
    assert roles == {"xgboost": "candidate", "recency": "champion"}


def test_points_of_curves_keep_their_place_label_and_cases() -> None:
    files = with_evaluation(training()).candidate("xgboost").files
    rows = list(curve_rows(files, source="shop", version=3))
    assert [(row["curve"], row["place"], row["label"], row["x"], row["y"], row["cases"]) for row in rows] == [
        ("calibration", 1, "", 0.2, 0.3, 40),
        ("importance", 0, "recency_days", None, 2.0, None),
    ]


def test_a_model_without_evaluation_has_no_rows() -> None:
    assert (
        list(score_rows({}, source="s", version=1, champion="x")) == list(curve_rows({}, source="s", version=1)) == []
    )
