"""Who becomes champion: only what is better by more than the interval of the difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ml.tracking.decision import decided, due, in_words
from ml.tracking.versions import TAKEN_UP, Version
from ml.training import Difference, Training
from tests.ml.tracking.trainings import made_training

REAL, NONE, WORSE = (0.02, 0.01, 0.03), (0.02, -0.01, 0.05), (-0.02, -0.03, -0.01)


def training(baseline: tuple[float, float, float], champion: tuple[float, float, float] | None) -> Training:
    return replace(
        made_training(),
        best="xgboost",
        against_baseline=Difference("recency", *baseline),
        against_champion=Difference("champion", *champion) if champion else None,
    )


@pytest.mark.parametrize(
    ("present", "baseline", "champion", "becomes"),
    [
        (None, REAL, None, ("xgboost", None)),
        (None, NONE, None, ("recency", "xgboost")),
        (None, WORSE, None, ("recency", "xgboost")),
        ("logistic_regression", REAL, REAL, ("xgboost", None)),
        ("logistic_regression", REAL, NONE, (None, "xgboost")),
        ("logistic_regression", NONE, REAL, (None, "xgboost")),
        ("logistic_regression", REAL, WORSE, (None, "xgboost")),
        ("logistic_regression", REAL, None, (None, "xgboost")),
    ],
)
def test_a_model_becomes_champion_only_where_it_is_better_than_baseline_and_champion_by_more_than_the_interval(
    present: str | None,
    baseline: tuple[float, float, float],
    champion: tuple[float, float, float] | None,
    becomes: tuple[str | None, str | None],
) -> None:
    found = decided(training(baseline, champion), present)
    assert (found.champion, found.challenger) == becomes


def test_a_difference_within_the_interval_is_called_none() -> None:
    assert in_words(Difference("recency", *NONE)) == "no difference within the interval (+0.02, −0.01 to +0.05)"
    assert in_words(Difference("recency", *REAL)) == "0.02 better (+0.01 to +0.03)"
    assert in_words(Difference("recency", *WORSE)) == "0.02 worse (−0.03 to −0.01)"
    assert in_words(Difference("recency", 0.01, 0.0, 0.02)) == "no difference within the interval (+0.01, 0 to +0.02)"


def test_the_decision_says_in_a_sentence_why() -> None:
    kept = decided(training(REAL, NONE), "logistic_regression")
    assert kept.why == (
        "logistic_regression stays champion, and xgboost becomes challenger. roc_auc against the champion: no "
        "difference within the interval (+0.02, −0.01 to +0.05); roc_auc against recency: 0.02 better (+0.01 to +0.03)."
    )
    assert "recency, a baseline, becomes champion" in decided(training(NONE, None), None).why
    assert "could not be held against it" in decided(training(REAL, None), "logistic_regression").why


def version(as_of: date, *, taken_up: bool = True) -> Version:
    tags = {"as_of": as_of.isoformat()} | ({TAKEN_UP: "publication 1"} if taken_up else {})
    return Version("churn-shop", 1, "xgboost", tags)


@pytest.mark.parametrize(
    ("versions", "is_due"),
    [
        ([], True),
        ([version(date(2024, 4, 3))], True),
        ([version(date(2024, 4, 4))], False),
        ([version(date(2024, 1, 1)), version(date(2024, 4, 4))], False),
        ([version(date(2024, 4, 20), taken_up=False)], True),
        ([version(date(2024, 6, 1))], False),
    ],
    ids=["none", "28 days", "27 days", "the newest counts", "left by a killed run", "of a later day"],
)
def test_a_model_is_due_when_the_newest_that_was_taken_up_is_so_many_days_old(
    versions: list[Version], is_due: bool
) -> None:
    assert due(versions, as_of=date(2024, 5, 1), due_days=28) is is_due
