"""One run at work: its lake, its sources, its voice, and the steps of every stage."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from jobs.configuration import configuration, moved_parts, published_configuration
from jobs.wanted import left_out, wanted
from lakehouse.batches import list_batches
from lakehouse.bronze.ingest import IngestReport
from lakehouse.bronze.ingest import ingest as ingest_source
from lakehouse.bronze.known import next_batch_id
from lakehouse.events import Events, error_fields
from lakehouse.gold import STEPS as GOLD_STEPS
from lakehouse.lake import Lake
from lakehouse.lease import lease
from lakehouse.publication import publish as write_publication
from lakehouse.quarantine.decisions import discards
from lakehouse.quarantine.leaving import note_what_leaves
from lakehouse.run import run_steps
from lakehouse.session import spark_session
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import Judge
from lakehouse.silver.intake import Intake, unread_rows
from lakehouse.sources.check import check_source
from lakehouse.sources.model import Source
from lakehouse.sources.refuse import refuse
from lakehouse.spark_options import interpreted
from lakehouse.tables import gold as gold_tables
from lakehouse.tables import silver as silver_tables
from lakehouse.tables.model import Table
from quality.ahead import import_ahead
from quality.rules import RULES
from quality.staged import Staged
from quality.verdicts import Refused, Verdict

FEW_ROWS = 20_000
FEW_KNOWN = 2_000_000
"""Rows of silver that a small run may meet: gold reads whole dimensions and months, however little is new."""


@dataclass
class Work:
    """One run at work: its lake, its sources and its voice."""

    lake: Lake
    settings: Settings
    sources: list[Source]
    events: Events
    now: Callable[[], datetime]
    rebuild: bool = False
    reports: list[IngestReport] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    judged: tuple[Staged, Sequence[Verdict]] | None = None
    """What the gate looked at, and what it said."""

    # ── what there is to do ────────────────────────────────────────────────────────────────────────────────────────

    def judge(self, source: Source) -> Judge:
        return Judge(RULES, self.lake.as_of, self.settings.calendar, discards(self.lake, source.name))

    def configuration(self) -> dict[str, str]:
        return configuration(self.lake, self.settings, self.sources)

    def changed_configuration(self) -> set[str]:
        """Parts of all sources that differ from those of the newest publication."""
        before = published_configuration(self.lake)
        return {
            name for name, value in self.configuration().items() if ":" not in name and before.get(name, value) != value
        }

    def intakes(self) -> dict[str, Intake]:
        """Source -> the batches to work with."""
        before, now = published_configuration(self.lake), self.configuration()
        found = {}
        batches = list_batches(self.lake.root)
        for source in self.sources:
            mine = [batch for batch in batches if batch.source == source.name]
            consumed = tuple(batch.number for batch in mine if batch.status == "published")
            moved = moved_parts(source, before, now) if consumed else set()
            found[source.name] = Intake(
                consumed,
                tuple(batch.number for batch in mine if batch.status == "new"),
                everything=bool(consumed) and (self.rebuild or "judged" in moved),
                as_of_moved="as_of" in moved,
                decisions_changed="decided" in moved,
            )
        return found

    def pace(self, intakes: Mapping[str, Intake]) -> AbstractContextManager[None]:
        """How Spark is to work: a few new rows in a lake of no great size are not worth compiling plans for."""
        new = {number for intake in intakes.values() for number in intake.new}
        rows = sum(batch.rows for batch in list_batches(self.lake.root) if batch.number in new)
        anew = self.rebuild or any(intake.everything for intake in intakes.values())
        known = sum(self.lake.count(feed.table) for feed in silver_tables.FEEDS.values())
        is_small = rows <= FEW_ROWS and known <= FEW_KNOWN
        return interpreted(self.lake.spark) if is_small and not anew else nullcontext()

    def nothing_to_do(self) -> bool:
        published = self.lake.publication
        idle = all(intake.is_idle for intake in self.intakes().values())
        return published is not None and idle and not self.changed_configuration() and not self.rebuild

    # ── the stages ─────────────────────────────────────────────────────────────────────────────────────────────────

    def ingest(self) -> None:
        for source in self.sources:
            if not (self.settings.landing / source.name).is_dir():
                continue
            with self.timed("ingest", source.name):
                self._check(source)
                batch = next_batch_id(self.lake)
                report = ingest_source(
                    self.lake, source, self.settings.landing, batch_id=batch, now=self.now(), progress=self.events.say
                )
            for one in report.rejected:
                self.events.say(f"rejected {source.name}/{one.path}: {one.reason}: {one.detail}")
            self.reports.append(report)

    def _check(self, source: Source) -> None:
        """A declaration that stood when it was last published need not be analysed again."""
        published = self.lake.publication
        key = f"source:{source.name}"
        if published is None or published.configuration.get(key) != source.fingerprint:
            check_source(self.lake.spark, source)

    def silver(self) -> dict[str, Intake]:
        import_ahead()
        intakes = self.intakes()
        self._mend(silver_tables.TABLES)
        for table in silver_tables.TABLES:
            self.lake.ensure(table)
        for source in self.sources:
            intake = intakes[source.name]
            if intake.is_idle:
                continue
            with self.timed("silver", source.name), self.pace(intakes):
                if left := unread_rows(self.lake, source, intake.new):
                    kinds = ", ".join(f"{count:,} of {kind}" for kind, count in left.items())
                    raise ConfigurationError(
                        f"conf/sources/{source.name}.toml: no feed takes {kinds} rows: "
                        "widen a filter, or mark the file as ignored"
                    )
                build_source(self.lake, source, self.judge(source), intake)
        return intakes

    def gold(self) -> None:
        self._mend(gold_tables.TABLES)
        rebuild = self.rebuild or bool(self.changed_configuration() & {"gold", "calendar", "code"})
        lake = Lake(self.lake.spark, self.lake.root, run_id=self.lake.run_id, as_of=self.lake.as_of, rebuild=rebuild)
        with self.timed("gold", ""), self.pace(self.intakes()):
            run_steps(GOLD_STEPS, lake, self.settings, self.events)

    def gate(self, intakes: dict[str, Intake]) -> None:
        """Raises Refused; what only warns is told."""
        with self.timed("gate", ""), self.pace(intakes):
            from quality.gate import check

            staged = Staged(self.lake, self.sources, [batch for intake in intakes.values() for batch in intake.new])
            try:
                verdicts = check(staged, now=self.now())
            except Refused as refused:
                self._report(staged, refused.verdicts, None)
                raise
        self.judged = (staged, verdicts)
        for verdict in verdicts:
            if verdict.outcome in ("warned", "waived"):
                self.events.say(f"{verdict.outcome}: {verdict}")

    def _report(self, staged: Staged, verdicts: Sequence[Verdict], publication: int | None) -> None:
        """Writes the page. What was published or refused stands, whatever becomes of its report."""
        from quality.report import write_report

        try:
            page = write_report(staged, verdicts, publication, now=self.now())
        except Exception as error:
            self.events.emit("no report", **error_fields(error))
            self.events.say(f"the quality report could not be written: {type(error).__name__}")
        else:
            self.events.say(f"quality report: {page}")

    def publish(self, intakes: dict[str, Intake]) -> int:
        with self.timed("publish", ""):
            new = [batch for intake in intakes.values() for batch in intake.new]
            note_what_leaves(self.lake, self.now())
            number = write_publication(self.lake, batches=new, configuration=self.configuration(), now=self.now())
        if self.judged:
            with self.timed("report", ""):
                self._report(*self.judged, number)
        return number

    def _mend(self, tables: Sequence[Table]) -> None:
        if mended := self.lake.start_from_published(tables):
            self.events.say(f"starting again from the published versions of {', '.join(mended)}")

    @contextmanager
    def timed(self, stage: str, what: str) -> Iterator[None]:
        began = self.now()
        with self.events.stage(stage, what):
            yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + (self.now() - began).total_seconds()


@contextmanager
def at_work(
    settings: Settings,
    names: Iterable[str] = (),
    *,
    rebuild: bool = False,
    loads: bool = False,
    decides: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Work]:
    """Holds the lake's lease, starts Spark and gives what the stages need.

    Who only `decides` about what there is works with no source. Raises ConfigurationError where a source cannot be
    worked with, see jobs.wanted, or may not be: nothing of it was evaluated then.
    """
    run_id = f"{now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    sources, broken = ([], []) if decides else wanted(settings, list(names), loads=loads)
    with lease(settings.lake), Events(settings.lake, run_id) as events:
        for one in broken:
            events.say(left_out(one))
        with events.stage("start", "Spark"):
            spark = spark_session(
                "lakehouse",
                master=settings.spark.master,
                driver_memory=settings.spark.driver_memory,
                log_file=settings.lake.resolve() / "logs" / "spark.log",
            )
        for source in sources:  # Also one that was published: nobody knows who wrote this lake.
            refuse(spark, source)
        lake = Lake(spark, settings.lake, run_id=run_id, as_of=settings.as_of or now().date(), rebuild=rebuild)
        try:
            yield Work(lake, settings, sources, events, now, rebuild)
        finally:
            lake.release()
