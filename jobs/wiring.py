"""The one place that puts quality, models and the report into a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from lakehouse.lake import Lake
from lakehouse.pipeline.either_engine import by_either_engine
from lakehouse.pipeline.open import open_lake, open_run
from lakehouse.pipeline.parts import ModelWork, Parts, Reported
from lakehouse.pipeline.rebuilt import Proof
from lakehouse.pipeline.rebuilt import rebuilt as rebuilt_by
from lakehouse.pipeline.run import utc_now
from lakehouse.pipeline.stages import Pipeline
from lakehouse.published import Publication, newest
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.sources.model import Source
from lakehouse.step import Step
from ml.extras import missing_packages, needs_extra, what_is_missing
from ml.steps import STEPS
from ml.training import PROBLEMS, Problem
from quality.gx.preload import import_ahead
from quality.heads import Heads
from quality.reconcile import Reconciliation, reconciled
from quality.rules import RULES
from quality.verdicts import Refused, Verdict


@dataclass(frozen=True)
class Judged:
    """What the gate looked at, and what it said."""

    heads: Heads
    verdicts: Sequence[Verdict]
    refusal: Refused | None = None

    @property
    def remarks(self) -> Sequence[str]:
        return [f"{one.outcome}: {one}" for one in self.verdicts if one.outcome in ("warned", "waived")]

    def write_report(self, publication: int | None, *, now: datetime) -> Path:
        from quality.report.write import write_report

        return write_report(self.heads, self.verdicts, publication, now=now)


class QualityGate:
    """The gate of Great Expectations. It takes seconds to import, so that is begun ahead."""

    def prepare(self) -> None:
        import_ahead()

    def judge(self, lake: Lake, sources: Sequence[Source], batches: Sequence[int], *, now: datetime) -> Judged:
        from quality.gate import check

        heads = Heads(lake, sources, batches)
        try:
            return Judged(heads, check(heads, now=now))
        except Refused as refusal:
            return Judged(heads, refusal.verdicts, refusal)


class TrackedModels:
    """The models of `ml`. Their packages are an extra, and take seconds to import: only where they are needed."""

    @property
    def steps(self) -> Sequence[Step]:
        return STEPS

    def why_not(self, settings: Settings) -> str:
        missing = missing_packages()
        return f"models are neither trained nor used: {what_is_missing(missing)}" if missing else ""

    def work(self, lake: Lake, settings: Settings, say: Callable[[str], None], *, now: datetime) -> ModelWork:
        from ml.stages.work import Work

        needs_extra()
        return Work(lake, settings, say, now=now)


class ExecutiveReport:
    """The report of `dashboard.report`, which reads what is published, and not through Spark."""

    def write(self, lake: Path, publication: int) -> Reported:
        from dashboard.report.compose import NothingToReport
        from dashboard.report.write import write_report

        try:
            written = write_report(lake, publication)
        except NothingToReport as why:  # as of a shop whose customers came before its orders
            return Reported(None, f"no executive report: {why}")
        return Reported(written.page, written.remark)


PARTS = Parts(RULES, QualityGate(), TrackedModels(), ExecutiveReport())
pipeline = Pipeline(PARTS)


def problems_of(names: Sequence[str]) -> list[str]:
    """The problems of these names. Raises ConfigurationError for a name that is none."""
    if unknown := [name for name in names if name not in PROBLEMS]:
        raise ConfigurationError(f"there is no model of {', '.join(unknown)}: there are {', '.join(PROBLEMS)}")
    return list(names)


def rebuilt(settings: Settings, publication: Publication, scratch: Path) -> Proof:
    """The publication worked out again by the settings' engine, and held against it."""
    return rebuilt_by(settings, PARTS, publication, scratch)


@by_either_engine
def waive_rule(
    settings: Settings, rule: str, until: date, why: str, *, source: str | None = None, key: str | None = None
) -> str:
    """Records that a rule may fail for a time, at all or of one source or key. Returns what is waived, in words.

    Raises ConfigurationError for a rule or source that there is not.
    """
    from quality.gate import rules
    from quality.waivers import Waived, waive

    waived = Waived(rule, source, key)
    with open_lake(settings) as (lake, _):
        waive(lake, waived, until, why, known=rules(), now=utc_now())
    return str(waived)


@by_either_engine
def promote_model(settings: Settings, problem: Problem, source: str, version: int, why: str) -> str:
    """Makes a version champion, while no run is at work. Returns its candidate. Raises UnknownVersion and LakeBusy."""
    from ml.stages.people import promote
    from ml.tracking.registry import Registry
    from ml.tracking.store import store_of

    with open_lake(settings) as (lake, _):
        return promote(lake, Registry(store_of(settings)), problem, source, version, why=why, now=utc_now())


@by_either_engine
def roll_back_model(settings: Settings, problem: Problem, source: str, why: str) -> int:
    """Makes the champion before the present one champion again, while no run is at work. Returns its version."""
    from ml.stages.people import rollback
    from ml.tracking.registry import Registry
    from ml.tracking.store import store_of

    with open_lake(settings) as (lake, _):
        return rollback(lake, Registry(store_of(settings)), problem, source, why=why, now=utc_now())


@by_either_engine
def reconcile(settings: Settings, sources: Sequence[str] = ()) -> Reconciliation:
    """Promise P1: by source, feed and file, every row of bronze is accounted for, and money too.

    Raises NothingPublished where there is no publication to look at.
    """
    with open_run(settings, PARTS, sources) as run:
        newest(run.lake.root)
        return reconciled(run.lake, run.sources)
