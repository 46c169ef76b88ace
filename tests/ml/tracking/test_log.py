"""What MLflow holds of a training."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml.tracking.decision import Decision
from ml.tracking.log import register
from ml.tracking.model_files import requirements
from ml.tracking.registry import Registry
from ml.training import Candidate, Score
from tests.ml.tracking.trainings import NOON, against_champion, data_versions, made_training, without_curves

DECISION = Decision("logistic_regression", "xgboost", "tried")


@pytest.fixture(scope="module")
def registered(registry: Registry) -> dict[str, int]:
    training = against_champion(made_training(source="logged"), 0.004)
    return register(training, DECISION, registry=registry, data=data_versions(), now=NOON)


def runs(registry: Registry, source: str) -> dict[str, Any]:
    found = registry.client.search_runs(
        [registry.store.experiment(registry.client, "churn")], f"tags.source = '{source}'"
    )
    return {run.data.tags.get("candidate", "training"): run for run in found}


def files(registry: Registry, run: Any, path: str = "") -> set[str]:
    return {one.path for one in registry.client.list_artifacts(run.info.run_id, path or None)}


@pytest.mark.usefixtures("registered")
def test_a_training_is_a_run_and_each_candidate_with_the_baselines_is_one_below_it(registry: Registry) -> None:
    found = runs(registry, "logged")
    assert set(found) == {"training", "xgboost", "logistic_regression", "recency"}
    parent = found.pop("training")
    assert {run.data.tags["mlflow.parentRunId"] for run in found.values()} == {parent.info.run_id}
    assert {run.info.status for run in (parent, *found.values())} == {"FINISHED"}
    assert found["recency"].data.tags["is_baseline"] == "true"
    assert found["xgboost"].data.tags["is_baseline"] == "false"


@pytest.mark.usefixtures("registered")
def test_measures_have_their_intervals_and_those_of_folds_their_steps(registry: Registry) -> None:
    training, run = made_training(source="logged"), runs(registry, "logged")["xgboost"]
    score = training.candidate("xgboost").score("roc_auc")
    for name, value in (("roc_auc", score.value), ("roc_auc_low", score.low), ("roc_auc_high", score.high)):
        assert run.data.metrics[name] == value
    (fold,) = registry.client.get_metric_history(run.info.run_id, "roc_auc_fold")
    assert (fold.step, fold.timestamp) == (0, int(NOON.timestamp() * 1000))


@pytest.mark.usefixtures("registered")
def test_the_training_has_the_best_ones_measures_and_its_differences(registry: Registry) -> None:
    training, metrics = made_training(source="logged"), runs(registry, "logged")["training"].data.metrics
    assert metrics["roc_auc"] == training.candidate("logistic_regression").score("roc_auc").value
    assert metrics["better_than_baseline_low"] == training.against_baseline.low
    assert metrics["better_than_champion"] == 0.004


@pytest.mark.usefixtures("registered")
def test_data_are_named_by_publication_and_versions(registry: Registry) -> None:
    run = runs(registry, "logged")["training"]
    assert (run.data.tags["publication"], run.data.tags["as_of"]) == ("1", "2024-05-01")
    (used,) = run.inputs.dataset_inputs
    assert json.loads(used.dataset.source)["table_versions"] == {"gold.customer_features": 3}
    assert {"data.json", "model_card.md"} <= files(registry, run)


@pytest.mark.usefixtures("registered")
def test_a_candidate_has_its_parameters_and_plots(registry: Registry) -> None:
    run = runs(registry, "logged")["xgboost"]
    assert run.data.params == {"seed": "42", "features": '["recency", "orders"]'}
    assert {"plots/roc.png", "plots/texts.json"} <= files(registry, run, "plots")


def test_a_version_has_signature_example_requirements_and_no_pickle(
    registry: Registry, registered: dict[str, int], tmp_path: Path
) -> None:
    from mlflow.artifacts import download_artifacts
    from mlflow.models import Model

    version = registry.registered("churn-logged", registered["xgboost"])
    where = registry.client.get_logged_model(version.model_id).artifact_location
    folder = Path(download_artifacts(where, dst_path=str(tmp_path), tracking_uri=registry.store.uri))
    model = Model.load(str(folder))
    assert model.signature.inputs.input_names() == ["recency", "orders"]
    assert model.signature.outputs.input_names() == ["probability"]
    pd.testing.assert_frame_equal(model.load_input_example(str(folder)), made_training(source="logged").example)
    written = (folder / "requirements.txt").read_text().splitlines()
    assert {line.partition("==")[0] for line in written} == {
        "ecommerce-lakehouse[ml]", "mlflow", "numpy", "pandas", "xgboost-cpu"
    }  # fmt: skip
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert "artifacts/files/booster.ubj" in names
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]


def test_a_version_has_its_card_as_description_and_whole_in_its_run(
    registry: Registry, registered: dict[str, int]
) -> None:
    version = registry.registered("churn-logged", registered["logistic_regression"])
    assert version.card.startswith("# churn of logged, as of 2024-05-01")
    assert registry.card(version).startswith(version.card)
    assert "## Personal data" in registry.card(version)


def test_tags_of_a_version_tell_what_is_listed(registry: Registry, registered: dict[str, int]) -> None:
    tags = registry.registered("churn-logged", registered["xgboost"]).tags
    training = made_training(source="logged")
    assert float(tags["value"]) == training.candidate("xgboost").score("roc_auc").value
    assert (tags["baseline"], float(tags["baseline_value"])) == (
        "recency",
        training.candidate("recency").score("roc_auc").value,
    )
    told = {name: tags[name] for name in ("problem", "source", "candidate", "publication", "run_id", "trained_at")}
    assert told == {
        "problem": "churn", "source": "logged", "candidate": "xgboost", "publication": "1", "run_id": "r1",
        "trained_at": "2024-05-01T12:00:00+00:00",
    }  # fmt: skip


def test_the_same_data_and_seed_give_the_same_measures_and_the_same_bytes(registry: Registry) -> None:
    made_training.cache_clear()
    first = without_curves(made_training(source="again"))
    made_training.cache_clear()
    second = without_curves(made_training(source="again"))
    assert first.candidate("xgboost").files is not second.candidate("xgboost").files
    for run_id, training in (("r1", first), ("r2", second)):
        register(training, DECISION, registry=registry, data=data_versions(run_id), now=NOON)
    versions = registry.versions("churn", "again")
    assert [one.tags["run_id"] for one in versions] == ["r1", "r1", "r2", "r2"]
    told = [(one.candidate, one.tags["sha256"], one.tags["value"]) for one in versions]
    assert told[:2] == told[2:]
    other = without_curves(made_training(source="again", seed=7, signal=0.9))
    assert other.candidate("xgboost").files != first.candidate("xgboost").files


def test_registering_again_in_the_same_run_makes_nothing_new(registry: Registry) -> None:
    training = without_curves(made_training(source="once"))
    first, second = (register(training, DECISION, registry=registry, data=data_versions(), now=NOON) for _ in range(2))
    assert first == second == {"xgboost": 1, "logistic_regression": 2}
    assert len(registry.versions("churn", "once")) == 2


def test_what_mlflow_would_refuse_is_logged_as_far_as_it_goes(registry: Registry) -> None:
    training = without_curves(made_training(source="odd"))
    odd = [
        Score("wape", float("nan"), level="units (%)"),
        Score("wape", 0.5, level="top 10%"),
        Score("wape", 0.5, level="top 10%"),
    ]
    many = [Score("mae", 1.0, fold=number) for number in range(1100)]
    parameters = {f"weight {number}%": "x" * 900 for number in range(120)}
    xgboost = training.candidate("xgboost")
    changed: list[Candidate] = [
        replace(one, scores=[*one.scores, *odd, *many], parameters=parameters) if one is xgboost else one
        for one in training.candidates
    ]
    register(replace(training, candidates=changed), DECISION, registry=registry, data=data_versions(), now=NOON)
    run = runs(registry, "odd")["xgboost"]
    assert {name: value for name, value in run.data.metrics.items() if "wape" in name} == {"top 10_/wape": 0.5}
    assert len(registry.client.get_metric_history(run.info.run_id, "mae_fold")) == 1100
    assert len(run.data.params) == 120


def test_what_reads_a_file_is_required_and_nothing_else() -> None:
    def names(*files: str) -> set[str]:
        return {line.partition("==")[0] for line in requirements(dict.fromkeys(files, b""))}

    always = {"ecommerce-lakehouse[ml]", "mlflow", "numpy", "pandas"}
    assert names("model.json") == always
    assert names("booster.ubj") == always | {"xgboost-cpu"}
    assert names("pipeline.skops") == always | {"skops", "scikit-learn"}
