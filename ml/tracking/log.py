"""Registers what a training decided about: versions of a model, without an alias."""

from __future__ import annotations

from datetime import datetime

from ml.tracking.card import model_card
from ml.tracking.data_versions import DataVersions
from ml.tracking.decision import Decision
from ml.tracking.model_files import log_model, sha256_of
from ml.tracking.registry import WHY, Registry
from ml.tracking.runs import MOST_OF_A_CARD, TrainingLog, end, end_killed_runs, log_candidate, log_training
from ml.tracking.versions import CARD, model_name
from ml.training import Candidate, Training

__all__ = ["DataVersions", "register"]


def register(
    training: Training, decision: Decision, *, registry: Registry, data: DataVersions, now: datetime
) -> dict[str, int]:
    """Logs the training, and registers the candidates that it decides about. No alias moves: see Registry.settle.

    Returns candidate -> its version. Called again with the same run and the same files it registers nothing anew.
    """
    name = model_name(training.problem, training.source)
    if there := _registered_before(registry, name, training, decision, data):
        return there
    experiment = registry.store.experiment(registry.client, training.problem)
    log = TrainingLog(registry.client, experiment, training, data, now)
    end_killed_runs(log)
    card = model_card(training, decision, data)
    parent = log_training(log, card)
    runs = {one.name: log_candidate(log, one, parent) for one in training.candidates}
    if not registry.client.search_registered_models(f"name = '{name}'"):
        tags = {"problem": training.problem, "source": training.source}
        registry.client.create_registered_model(name, tags, f"{training.problem} of {training.source}")
    with registry.store.as_default():
        versions = {one: _register(log, decision, training.candidate(one), runs[one], card) for one in decision.roles}
    end(log, [*runs.values(), parent])
    return versions


def _registered_before(
    registry: Registry, name: str, training: Training, decision: Decision, data: DataVersions
) -> dict[str, int]:
    """Candidate -> version, where the run has registered all of them; else nothing."""
    wanted = {one: sha256_of(training.candidate(one).files) for one in decision.roles}
    there = {
        one.candidate: one.version
        for one in registry.versions_of(name)
        if one.tags["run_id"] == data.run_id and wanted.get(one.candidate) == one.tags["sha256"]
    }
    return there if there.keys() == wanted.keys() else {}


def _register(log: TrainingLog, decision: Decision, candidate: Candidate, run: str, card: str) -> int:
    training = log.training
    measured = candidate.score(training.measure, training.level)
    baseline = training.best_baseline.score(training.measure, training.level)
    numbers = {"value": measured.value, "low": measured.low, "high": measured.high, "baseline_value": baseline.value}
    tags = {
        **log.tags,
        "candidate": candidate.name,
        "is_baseline": str(candidate.is_baseline).lower(),
        "sha256": sha256_of(candidate.files),
        "role": decision.roles[candidate.name],
        "measure": training.measure,
        "level": training.level,
        "baseline": training.best_baseline.name,
        **{key: repr(float(number)) for key, number in numbers.items() if number is not None},
        WHY: decision.why,
    }
    model_id = log_model(log.client, training, candidate, run, log.experiment, tags)
    log.client.log_text(run, card, CARD)
    version = log.client.create_model_version(
        model_name(training.problem, training.source),
        source=f"models:/{model_id}",
        run_id=run,
        model_id=model_id,
        tags=tags,
        description=card[:MOST_OF_A_CARD],
    )
    return int(version.version)
