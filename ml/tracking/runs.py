"""Runs of MLflow: one for a training, and below it one for each candidate, baselines too."""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.tracking.data_versions import DataVersions
from ml.tracking.model_files import sha256_of
from ml.tracking.plots import draw
from ml.tracking.versions import CARD
from ml.training import Candidate, Difference, Score, Training

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric

MOST_OF_A_CARD = 4900
"""Characters of a card that go into descriptions; some databases keep no more than 5,000."""
_METRICS, _PARAMETERS, _LONGEST = 1000, 100, 500
"""What MLflow takes in one call, and of a parameter in some databases."""


@dataclass(frozen=True)
class TrainingLog:
    """Where the runs of one training go, and what is said of each."""

    client: MlflowClient
    experiment: str
    training: Training
    data: DataVersions
    now: datetime

    @property
    def at(self) -> int:
        """Milliseconds, as MLflow keeps time."""
        return int(self.now.timestamp() * 1000)

    @property
    def tags(self) -> dict[str, str]:
        """Of every run and every version."""
        return {
            "problem": self.training.problem,
            "source": self.training.source,
            "publication": str(self.data.publication),
            "as_of": self.data.as_of.isoformat(),
            "code_version": self.data.code_version,
            "run_id": self.data.run_id,
            "trained_at": self.now.isoformat(timespec="seconds"),
            "seed": str(self.training.seed),
        }


def end_killed_runs(log: TrainingLog) -> None:
    """Ends runs of the same problem and source that are still open: a lake has one writer, so they were killed."""
    still_open = f"tags.source = '{log.training.source}' and attributes.status = 'RUNNING'"
    for run in log.client.search_runs([log.experiment], still_open):
        log.client.set_terminated(run.info.run_id, "KILLED", end_time=log.at)


def log_training(log: TrainingLog, card: str) -> str:
    """The run of the training: what the best candidate reached, and what it was made from. Returns its id."""
    from mlflow.entities import Dataset, DatasetInput

    client, training, data = log.client, log.training, log.data
    run = _start(
        log, f"{training.source} {data.as_of}", {"best": training.best, "mlflow.note.content": card[:MOST_OF_A_CARD]}
    )
    _log_metrics(client, run, [*_metrics(training.candidate(training.best).scores, log.at), *_differences(log)])
    window = {name: str(day) for name, day in vars(training.window).items()}
    compared = {"baseline": training.against_baseline.than, "measure": training.measure, "level": training.level}
    _log_parameters(client, run, {"best": training.best, **compared, **window})
    whole = {**vars(data), "as_of": str(data.as_of), "table_versions": dict(data.table_versions)}
    digest = f"publication {data.publication}"
    dataset = Dataset(training.source, digest=digest, source_type="delta", source=json.dumps(whole))
    client.log_inputs(run, [DatasetInput(dataset)])
    client.log_dict(run, whole, "data.json")
    client.log_text(run, card, CARD)
    return run


def log_candidate(log: TrainingLog, candidate: Candidate, parent: str) -> str:
    """The run of a candidate, with parameters, measures by fold and on the test window, and plots. Returns its id."""
    kind = " (baseline)" if candidate.is_baseline else ""
    own = {"candidate": candidate.name, "is_baseline": str(candidate.is_baseline).lower()}
    files = {"sha256": sha256_of(candidate.files), "mlflow.parentRunId": parent}
    run = _start(log, candidate.name + kind, own | files)
    _log_metrics(log.client, run, _metrics(candidate.scores, log.at))
    _log_parameters(log.client, run, candidate.parameters)
    with tempfile.TemporaryDirectory() as folder:
        texts = draw(log.training, candidate, Path(folder))
        if texts:
            log.client.log_artifacts(run, folder, "plots")
            log.client.log_dict(run, texts, "plots/texts.json")
    return run


def end(log: TrainingLog, runs: Iterable[str]) -> None:
    """Marks runs as finished."""
    for run in runs:
        log.client.set_terminated(run, "FINISHED", end_time=log.at)


def _start(log: TrainingLog, name: str, tags: Mapping[str, str]) -> str:
    run = log.client.create_run(log.experiment, start_time=log.at, run_name=name, tags=log.tags | dict(tags))
    return str(run.info.run_id)


def _log_metrics(client: MlflowClient, run: str, metrics: Sequence[Metric]) -> None:
    # MLflow refuses a call that says the same twice.
    distinct = list({(one.key, one.step): one for one in metrics}.values())
    for start in range(0, len(distinct), _METRICS):
        client.log_batch(run, metrics=distinct[start : start + _METRICS])


def _log_parameters(client: MlflowClient, run: str, parameters: Mapping[str, Any]) -> None:
    from mlflow.entities import Param

    texts = {
        name: value if isinstance(value, str) else json.dumps(value, default=str) for name, value in parameters.items()
    }
    found = [Param(_allowed(name), text[:_LONGEST]) for name, text in texts.items()]
    for start in range(0, len(found), _PARAMETERS):
        client.log_batch(run, params=found[start : start + _PARAMETERS])


def _metrics(scores: Iterable[Score], at: int) -> list[Metric]:
    """`level/measure`, `…_low` and `…_high` on the test window; `…_fold` by fold, whose number is the step."""
    from mlflow.entities import Metric

    found = []
    for one in scores:
        name = _allowed(f"{one.level}/{one.measure}" if one.level else one.measure)
        if one.fold is not None:
            found.append(Metric(f"{name}_fold", one.value, at, one.fold))
            continue
        numbers = {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
        found += [Metric(key, value, at, 0) for key, value in numbers.items() if value is not None]
    return [metric for metric in found if math.isfinite(metric.value)]


def _differences(log: TrainingLog) -> list[Metric]:
    from mlflow.entities import Metric

    training = log.training
    pairs: list[tuple[str, Difference | None]] = [
        ("better_than_baseline", training.against_baseline),
        ("better_than_champion", training.against_champion),
    ]
    numbers = {
        f"{name}{end}": value
        for name, one in pairs
        if one
        for end, value in (("", one.value), ("_low", one.low), ("_high", one.high))
    }
    return [Metric(key, value, log.at, 0) for key, value in numbers.items() if math.isfinite(value)]


def _allowed(name: str) -> str:
    """MLflow takes letters, digits and few signs in names."""
    return re.sub(r"[^\w\-. /:]", "_", name)
