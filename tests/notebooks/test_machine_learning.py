"""The third notebook says of a lake what is true of it, and its own model learns nothing from the time of its test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dashboard.shop import Line
from tests.notebooks.kernels import Executed, executed
from tests.notebooks.models import ROC
from tests.notebooks.people import AFTER, HORIZON, TEST, TRAIN, known, left, orders

NAME = "03_machine_learning"


def auc(actual: dict[int, bool], risk: dict[int, float]) -> float:
    """How often one who left is ranked above one who stayed, counted pair by pair."""
    pairs = [(risk[a], risk[b]) for a in actual if actual[a] for b in actual if not actual[b]]
    return sum(1.0 if one > other else 0.5 if one == other else 0.0 for one, other in pairs) / len(pairs)


@pytest.fixture(scope="module")
def run(full: tuple[Path, list[Line]], tmp_path_factory: pytest.TempPathFactory) -> Executed:
    return executed(
        [NAME],
        full[0],
        tmp_path_factory.mktemp("elsewhere"),
        champions="champions.set_index('problem')['candidate'].to_dict()",
        off="off",
        inside="[int(inside.sum()), int(inside.count())]",
        drift="drift['what'].tolist()",
        realised="realised['figure'].tolist()",
        at_stake="predictions.nlargest(1, 'at_stake')['customer_id'].tolist()",
        train_on="[str(one.date()) for one in train_on]",
        trained="[str(one.date()) for one in sorted(train['cut_off'].unique())]",
        share="share",
        table="table['ROC-AUC'].to_dict()",
        fooled="[honest, fooled]",
        latest_label="str((train['cut_off'].max() + HORIZON).date())",
    )


def test_it_runs_through_without_an_error_or_a_warning(run: Executed) -> None:
    assert (run.errors, run.complaints) == ([], "")
    assert run.pictures == 6


def test_champions_curves_and_drift_are_those_published(run: Executed) -> None:
    assert run.values["champions"] == {"churn": "xgboost", "clv": "nbd", "demand": "theta"}
    assert run.values["off"] == pytest.approx(0.1)
    assert run.values["inside"] == [2, 3]
    assert (run.values["drift"], run.values["realised"]) == (["age_days"], [0.71])


def test_those_worth_a_call_have_most_at_stake(run: Executed) -> None:
    at_stake = {f"M{person}": person / 60 * (100 - person) for person in range(60)}
    assert run.values["at_stake"] == [max(at_stake, key=lambda name: at_stake[name])]


def test_no_label_of_training_reaches_into_the_time_of_the_test(run: Executed) -> None:
    assert run.values["train_on"] == run.values["trained"] == [str(day) for day in TRAIN]
    assert run.values["latest_label"] <= str(TEST)


def test_who_left_is_who_placed_no_order_in_the_horizon(run: Executed) -> None:
    assert run.values["share"] == pytest.approx(sum(left().values()) / 60)


def test_recency_is_ranked_as_counted_by_hand_and_the_published_scores_stand_beside_it(run: Executed) -> None:
    recency = {person: float((TEST - known(person, TEST)[-1].day).days) for person in range(60)}
    table = run.values["table"]
    assert table["recency alone"] == pytest.approx(auc(left(), recency))
    assert table["yours"] > 0.5
    assert (table["published: recency"], table["published: xgboost, the champion"]) == (ROC["recency"], ROC["xgboost"])
    assert "It goes by customer_segment most, which yours never saw" in run.prose


def test_a_feature_that_looked_into_the_horizon_flatters(run: Executed) -> None:
    honest, fooled = run.values["fooled"]
    peeked = {person: float((AFTER - known(person, AFTER)[-1].day).days) for person in range(60)}
    assert fooled == pytest.approx(auc(left(), peeked))
    assert honest < fooled
    assert any(TEST <= order.day < AFTER for order in orders())
    assert TEST + HORIZON > AFTER
