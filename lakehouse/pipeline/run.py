"""One run: its lake, its sources, its voice, and what each stage of it does."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from lakehouse.bronze.ingest import IngestReport
from lakehouse.bronze.ingest import ingest as ingest_source
from lakehouse.bronze.ledger import next_batch_id
from lakehouse.lake import Lake
from lakehouse.pipeline.batches_to_take import batches_to_take
from lakehouse.pipeline.events import Events
from lakehouse.pipeline.fingerprints import configuration, published_configuration
from lakehouse.pipeline.landing import not_taken_up
from lakehouse.pipeline.pace import pace
from lakehouse.pipeline.pages import write_executive_report, write_quality_report
from lakehouse.pipeline.parts import Judgement, ModelWork, Parts
from lakehouse.pipeline.publication import publish as write_publication
from lakehouse.pipeline.steps import run_steps
from lakehouse.pipeline.unread import unread_sources, without_unread
from lakehouse.published import newest
from lakehouse.quarantine.decisions import discards
from lakehouse.quarantine.history import note_what_leaves
from lakehouse.settings import Settings, source_names
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.mapping.check import check_source
from lakehouse.sources.model import Source
from lakehouse.tables import gold as gold_tables
from lakehouse.tables import silver as silver_tables
from lakehouse.tables.model import Table
from lakehouse.terminal import visible

Clock = Callable[[], datetime]
Selections = Mapping[str, BatchSelection]
"""Source -> the batches to work with."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Run:
    """One run: its lake, its sources and its voice."""

    lake: Lake
    settings: Settings
    parts: Parts
    sources: list[Source]
    events: Events
    now: Clock
    reports: list[IngestReport] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    used_models: dict[str, str] = field(default_factory=dict)
    """What a publication says of the models behind it: `model:NAME` -> version."""
    not_taken: dict[str, str] = field(default_factory=dict)
    """Source that this run leaves as it is published, since no feed takes some of its rows -> what is to be said."""
    refused: dict[str, str] = field(default_factory=dict)
    """Source that this run leaves as it is published, since the gate refused what it brought -> what failed."""

    @cached_property
    def models(self) -> ModelWork | None:
        """None where models are switched off, or cannot be had here, which is said once."""
        models = self.parts.models
        if models is None or not self.settings.models.enabled:
            return None
        if why := models.why_not(self.settings):
            self.events.say(why)
            return None
        return models.work(self.lake, self.settings, self.events.say, now=self.now())

    # ── what there is to do ────────────────────────────────────────────────────────────────────────────────────────

    def configuration(self, names: Container[str] | None = None) -> dict[str, str]:
        """Part -> fingerprint; other sources than the named ones keep what was published."""
        found = configuration(self.lake, self.settings, self.only(names), self.parts.rules) | self.used_models
        return found | dict(self.models.fingerprints() if self.models else {})

    def only(self, names: Container[str] | None) -> list[Source]:
        return [source for source in self.sources if names is None or source.name in names]

    def changed_configuration(self) -> set[str]:
        """Parts of all sources that differ from those of the newest publication."""
        before = published_configuration(self.lake)
        return {
            name for name, value in self.configuration().items() if ":" not in name and before.get(name, value) != value
        }

    def select(self) -> Selections:
        """The batches to work with, once those of this run are loaded."""
        return batches_to_take(self.lake, self.sources, self.configuration())

    def is_idle(self, selections: Selections) -> bool:
        """Whether there is nothing to do."""
        idle = all(selection.is_idle for selection in selections.values())
        return self.lake.publication is not None and idle and not self.changed_configuration() and not self.lake.rebuild

    # ── the stages ─────────────────────────────────────────────────────────────────────────────────────────────────

    def ingest(self) -> None:
        for remark in not_taken_up(self.settings.landing, source_names()):
            self.events.say(visible(remark))
        for source in self.sources:
            if not (self.settings.landing / source.name).is_dir():
                continue
            with self.timed("ingest", source.name):
                self._check(source)
                batch = next_batch_id(self.lake)
                report = ingest_source(
                    self.lake,
                    source,
                    self.settings.landing,
                    batch_id=batch,
                    now=self.now(),
                    progress=self.events.say,
                    archives=self.settings.archives,
                )
            for one in report.rejected:
                self.events.say(visible(f"rejected {source.name}/{one.path}: {one.reason}: {one.detail}"))
            self.reports.append(report)

    def _check(self, source: Source) -> None:
        """A declaration that stood when it was last published need not be analysed again."""
        if published_configuration(self.lake).get(f"source:{source.name}") != source.fingerprint:
            check_source(self.lake.spark, source)

    def silver(self, selections: Selections) -> Selections:
        """Builds silver. Gives the selections that it was built of: a source with rows that no feed takes stays as it
        is published. Raises ConfigurationError where nothing else is to be done."""
        self.parts.gate.prepare()
        self._mend(silver_tables.TABLES)
        for table in silver_tables.TABLES:
            self.lake.ensure(table)
        taken = self._taken(selections)
        for source in self.only({name for name, selection in taken.items() if not selection.is_idle}):
            with self.timed("silver", source.name), pace(self.lake, taken, rebuild=self.lake.rebuild):
                build_source(self.lake, source, self._criteria(source), taken[source.name])
        return taken

    def _taken(self, selections: Selections) -> Selections:
        """The selections without sources that have rows which no feed takes: what is wrong with those is said."""
        with self.timed("silver", "intake"), pace(self.lake, selections, rebuild=self.lake.rebuild):
            unread = unread_sources(self.lake, self.only(selections), selections)
        self.not_taken |= unread
        return without_unread(selections, unread, self.events.say)

    def _criteria(self, source: Source) -> RowCriteria:
        decided = discards(self.lake, source.name)
        return RowCriteria(self.parts.rules, self.lake.as_of, self.settings.calendar, decided)

    def gold(self, selections: Selections) -> None:
        self._mend(gold_tables.TABLES)
        if self.models:
            self.models.prepare()
        changed = self.changed_configuration()
        anew = bool(changed & {"gold", "calendar", "code"})
        with self.timed("gold", ""), pace(self.lake, selections, rebuild=self.lake.rebuild):
            with self.lake.rebuilding(anew):
                run_steps(self.parts.steps, self.lake, self.settings, self.events, stage="gold")
            if self.parts.models and self.models:
                with self.lake.rebuilding(anew or "model_settings" in changed):
                    run_steps(self.parts.models.steps, self.lake, self.settings, self.events, stage="gold")

    def train(self, problems: Sequence[str] = (), *, if_due: bool = True) -> None:
        """Trains models that are missing or due, or all of these problems."""
        if self.models:
            with self.timed("train", ""):
                self.models.train(problems, if_due=if_due)

    def on_sound_gold(self, *, finished: Container[str] | None) -> None:
        """Gold as a stage finished it, with these tables, or as it is published; with those that models alone need."""
        if finished is None:
            self._mend(gold_tables.TABLES)
        if self.parts.models and self.models:
            steps = [
                step
                for step in self.parts.models.steps
                if finished is None or any(table.name not in finished for table in step.writes)
            ]
            run_steps(steps, self.lake, self.settings, self.events, stage="features")

    def score(self) -> None:
        """Writes what models say."""
        if self.models:
            with self.timed("score", ""):
                self.used_models = dict(self.models.score())

    def settle(self) -> None:
        """What the newest publication says of champions holds in the registry, also where that run was killed."""
        if self.models and self.lake.publication:
            self.models.settle(self.lake.publication)

    def gate(self, selections: Selections) -> Judgement:
        """What the gate says; what only warns is told. Raises Refused, with its report written."""
        with self.timed("gate", ""), pace(self.lake, selections, rebuild=self.lake.rebuild):
            judgement = self.parts.gate.judge(self.lake, self.only(selections), _new(selections), now=self.now())
            if judgement.refusal:
                write_quality_report(judgement, None, self.events, now=self.now())
                raise judgement.refusal
        for remark in judgement.remarks:
            self.events.say(remark)
        return judgement

    def publish(self, selections: Selections, judgement: Judgement) -> int:
        """Writes the publication, then the report; returns its number."""
        with self.timed("publish", ""):
            note_what_leaves(self.lake, self.now())
            number = write_publication(
                self.lake, batches=_new(selections), configuration=self.configuration(selections), now=self.now()
            )
        with self.timed("report", ""):
            write_quality_report(judgement, number, self.events, now=self.now())
        if self.models:
            self.models.settle(newest(self.lake.root))
        return number

    def tell(self, publication: int) -> bool:
        """Writes the report for people, where that is not switched off. The publication stands if it fails: False."""
        if self.parts.report is None or not self.settings.report.enabled:
            return True
        with self.timed("summary", ""):
            return write_executive_report(self.parts.report, self.lake.root, publication, self.events)

    def _mend(self, tables: Sequence[Table]) -> None:
        if mended := self.lake.start_from_published(tables):
            self.events.say(f"starting again from the published versions of {', '.join(mended)}")

    @contextmanager
    def timed(self, stage: str, what: str) -> Iterator[None]:
        began = self.now()
        with self.events.stage(stage, what):
            yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + (self.now() - began).total_seconds()


def _new(selections: Selections) -> list[int]:
    return [batch for selection in selections.values() for batch in selection.new]
