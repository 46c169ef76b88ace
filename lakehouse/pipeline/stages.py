"""The stages that jobs and the command run, each recorded in ops.job_runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.finished import AFTER_GOLD, finished, last_told, state_of
from lakehouse.pipeline.judged import judge_and_publish
from lakehouse.pipeline.open import open_run
from lakehouse.pipeline.parts import Parts
from lakehouse.pipeline.publication import record_stage
from lakehouse.pipeline.refusal import Refused
from lakehouse.pipeline.run import Run, Selections
from lakehouse.pipeline.summary import RunSummary, summarise
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.silver.intake import BatchSelection
from lakehouse.tables import silver as silver_tables
from lakehouse.tables.registry import PUBLISHED


@dataclass
class Outcome:
    """What a stage came to."""

    status: str
    """done, nothing new, refused or failed."""
    summary: RunSummary
    refusal: Refused | None = None
    is_told: bool = True
    """Whether the report for people was written, where one was to be."""
    not_taken: Mapping[str, str] = field(default_factory=dict)
    """Source that was left as it is published, since no feed takes some of its rows -> what is to be said of it."""

    @property
    def exit_code(self) -> int:
        if self.refusal:
            return self.refusal.exit_code
        if self.not_taken:
            return ConfigurationError.exit_code
        return 0 if self.is_told else 1


@dataclass(frozen=True)
class _Result:
    """What a stage came to, before it is summed up."""

    status: str
    selections: Selections = field(default_factory=dict)
    publication: int | None = None
    refusal: Refused | None = None
    is_told: bool = True


Details = Callable[[Run, _Result], dict[str, Any]]


@dataclass(frozen=True)
class Pipeline:
    """The stages, with what was handed in. Each raises LakeBusy, and ConfigurationError where a source is wrong."""

    parts: Parts

    @by_either_engine
    def run(self, settings: Settings, sources: Sequence[str] = (), full: bool = False) -> Outcome:
        """Files to publication in one go, and the report of it."""

        def whole(run: Run) -> _Result:
            run.settle()
            run.ingest()
            selections = run.select()
            if run.is_idle(selections):
                run.events.say("what is published is as it was noted")
                return _Result("nothing new")
            selections = run.silver(selections)
            run.gold(selections)
            run.train()
            run.score()
            return _told(run, _judged(run, selections))

        with open_run(settings, self.parts, sources, rebuild=full, loads=True) as run:
            return _ended(run, _recorded(run, "run", whole))

    @by_either_engine
    def ingest(self, settings: Settings, sources: Sequence[str] = ()) -> Outcome:
        """Files to bronze."""

        def load(run: Run) -> _Result:
            run.ingest()
            return _Result("done" if any(report.batch_id for report in run.reports) else "nothing new")

        with open_run(settings, self.parts, sources, loads=True) as run:
            return _ended(run, _recorded(run, "ingest", load))

    @by_either_engine
    def silver(self, settings: Settings, sources: Sequence[str] = (), full: bool = False) -> Outcome:
        """Bronze to silver, from the published version on."""

        def derive(run: Run) -> _Result:
            selections = run.select()
            if run.is_idle(selections):
                return _Result("nothing new")
            return _Result("done", run.silver(selections))

        def state(run: Run, result: _Result) -> dict[str, Any]:
            batches = {name: list(selection.new) for name, selection in result.selections.items()}
            return state_of(run, silver_tables.TABLES) | {"batches": batches}

        with open_run(settings, self.parts, sources, rebuild=full) as run:
            return _ended(run, _recorded(run, "silver", derive, state))

    @by_either_engine
    def gold(self, settings: Settings, full: bool = False) -> Outcome:
        """Silver to gold, from the published version on. Raises NotFinished where the silver stage did not end."""

        def build(run: Run) -> _Result:
            run.gold(run.select())
            return _Result("done")

        with open_run(settings, self.parts, rebuild=full) as run:
            before = finished(run, ("silver",), silver_tables.TABLES)

            def state(run: Run, result: _Result) -> dict[str, Any]:
                return state_of(run, PUBLISHED) | {"batches": before["batches"]}

            return _ended(run, _recorded(run, "gold", build, state))

    @by_either_engine
    def train(self, settings: Settings, problems: Sequence[str] = (), if_due: bool = False) -> Outcome:
        """Trains models on gold as it is, finished or published. Raises ConfigurationError where that cannot be."""

        def fit(run: Run) -> _Result:
            if not run.models:
                raise ConfigurationError("models are switched off, or cannot be had here: see conf/models.toml")
            run.settle()
            run.on_sound_gold(finished=before["versions"] if before else None)
            run.train(problems, if_due=if_due)
            run.models.decide()
            return _Result("done")

        def state(run: Run, result: _Result) -> dict[str, Any]:
            return before | state_of(run, PUBLISHED) if before else {}

        with open_run(settings, self.parts) as run:
            if before := last_told(run, AFTER_GOLD, PUBLISHED):
                run.lake.as_of = date.fromisoformat(before["as_of"])
            return _ended(run, _recorded(run, "train", fit, state))

    @by_either_engine
    def score(self, settings: Settings) -> Outcome:
        """What models say of gold as it is. Raises NotFinished where the gold stage did not end."""
        with open_run(settings, self.parts) as run:
            before = finished(run, AFTER_GOLD, PUBLISHED)
            run.lake.as_of = date.fromisoformat(before["as_of"])

            def predict(run: Run) -> _Result:
                run.score()
                return _Result("done")

            def state(run: Run, result: _Result) -> dict[str, Any]:
                return state_of(run, PUBLISHED) | {"batches": before["batches"], "models": run.used_models}

            return _ended(run, _recorded(run, "score", predict, state))

    @by_either_engine
    def publish(self, settings: Settings) -> Outcome:
        """The gate, then the publication. Raises NotFinished where the gold stage did not end."""
        with open_run(settings, self.parts) as run:
            before = finished(run, AFTER_GOLD, PUBLISHED)
            run.lake.as_of = date.fromisoformat(before["as_of"])
            run.used_models = before.get("models", {})
            selections = {name: BatchSelection((), tuple(batches)) for name, batches in before["batches"].items()}
            return _ended(run, _recorded(run, "publish", lambda run: _judged(run, selections)))


def _judged(run: Run, selections: Selections) -> _Result:
    """The gate, then the publication of what it lets through."""
    end = judge_and_publish(run, selections)
    return _Result("refused" if end.refusal else "done", end.selections, end.publication, end.refusal)


def _left_behind(run: Run, result: _Result) -> dict[str, Any]:
    """The sources of which nothing new was published, though others were."""
    return {"refused": sorted(run.refused), "not_taken": sorted(run.not_taken)}


def _told(run: Run, result: _Result) -> _Result:
    """The report of what was published, as the last thing."""
    return replace(result, is_told=run.tell(result.publication)) if result.publication else result


def _recorded(run: Run, stage: str, do: Callable[[Run], _Result], details: Details = _left_behind) -> _Result:
    """Runs one stage and records it in ops.job_runs, whatever comes of it."""
    began, result = run.now(), _Result("failed")
    try:
        result = do(run)
        return result
    finally:
        rows = {"read": sum(sum(report.rows.values()) for report in run.reports)}
        told = json.dumps(details(run, result))
        record_stage(run.lake, stage, result.status, started_at=began, ended_at=run.now(), rows=rows, details=told)


def _ended(run: Run, result: _Result) -> Outcome:
    """Sums the stage up, and tells it."""
    summary = summarise(
        run.lake,
        run.reports,
        result.selections,
        result.publication,
        run.seconds,
        why_not_published=str(result.refusal or "") if result.publication is None else "",
        not_taken=run.not_taken,
        refused=run.refused if result.publication is not None else {},
    )
    run.events.closing_summary(summary)
    return Outcome(result.status, summary, result.refusal, result.is_told, run.not_taken)
