"""What the jobs and the `lakehouse` command run: whole stages, each recorded in ops.job_runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jobs.summary import summarise
from jobs.work import Work, at_work
from lakehouse.batches import list_batches
from lakehouse.events import RunSummary
from lakehouse.publication import PUBLISHED_TABLES, decide, record_stage, roll_back
from lakehouse.published.publications import chosen
from lakehouse.quarantine.chosen import Chosen
from lakehouse.quarantine.decisions import Decision, decide_rows
from lakehouse.settings import ConfigurationError, Settings
from lakehouse.silver.intake import Intake
from lakehouse.small_reads import small_rows
from lakehouse.tables import silver as silver_tables
from lakehouse.tables.model import Table
from lakehouse.tables.ops import JOB_RUNS
from quality.reconcile import Reconciliation, reconciled
from quality.verdicts import Refused


class NotFinished(Exception):
    """The stage before did not finish. Exit code 1."""


@dataclass
class Outcome:
    """What a stage came to."""

    status: str
    """done, nothing new, refused or failed."""
    summary: RunSummary
    refusal: Refused | None = None

    @property
    def exit_code(self) -> int:
        return 3 if self.refusal else 0


def stage_of(work: Work, name: str, do: Callable[[], str], details: Callable[[], dict[str, Any]] = dict) -> str:
    """Runs one stage and records it in ops.job_runs, whatever comes of it. Returns its status."""
    began, status = work.now(), "failed"
    try:
        status = do()
        return status
    except Refused:
        status = "refused"
        raise
    finally:
        rows = {"read": sum(sum(report.rows.values()) for report in work.reports)}
        record_stage(
            work.lake, name, status, started_at=began, ended_at=work.now(), rows=rows, details=json.dumps(details())
        )


def run(settings: Settings, sources: Sequence[str] = (), full: bool = False) -> Outcome:
    """Files to publication in one go."""
    with at_work(settings, sources, rebuild=full, loads=True) as work:
        number: list[int] = []
        taken: dict[str, Intake] = {}

        def do() -> str:
            work.ingest()
            if work.nothing_to_do():
                return "nothing new"
            taken.update(work.silver())
            work.gold()
            work.gate(taken)
            number.append(work.publish(taken))
            return "done"

        refusal = None
        try:
            status = stage_of(work, "run", do)
        except Refused as error:
            status, refusal = "refused", error
        summary = summarise(work.lake, work.reports, taken, number[0] if number else None, work.seconds)
        if refusal:
            summary = replace(summary, why_not_published=str(refusal))
        work.events.closing_summary(summary)
        return Outcome(status, summary, refusal)


def ingest(settings: Settings, sources: Sequence[str] = ()) -> Outcome:
    """Files to bronze."""
    with at_work(settings, sources, loads=True) as work:

        def do() -> str:
            work.ingest()
            return "done" if any(report.batch_id for report in work.reports) else "nothing new"

        status = stage_of(work, "ingest", do)
        summary = summarise(work.lake, work.reports, {}, None, work.seconds)
        work.events.closing_summary(summary)
        return Outcome(status, summary)


def silver(settings: Settings, sources: Sequence[str] = (), full: bool = False) -> Outcome:
    """Bronze to silver, from the published version on."""
    with at_work(settings, sources, rebuild=full) as work:
        taken: dict[str, Intake] = {}

        def do() -> str:
            if work.nothing_to_do():
                return "nothing new"
            taken.update(work.silver())
            return "done"

        status = stage_of(work, "silver", do, lambda: _state(work, silver_tables.TABLES, taken))
        summary = summarise(work.lake, [], taken, None, work.seconds)
        work.events.closing_summary(summary)
        return Outcome(status, summary)


def gold(settings: Settings, full: bool = False) -> Outcome:
    """Silver to gold, from the published version on. Raises NotFinished where the silver stage did not end."""
    with at_work(settings, rebuild=full) as work:
        before = _finished(work, "silver", silver_tables.TABLES)

        def do() -> str:
            work.gold()
            return "done"

        status = stage_of(work, "gold", do, lambda: _state(work, PUBLISHED_TABLES, {}) | {"batches": before["batches"]})
        summary = RunSummary(seconds=work.seconds)
        work.events.closing_summary(summary)
        return Outcome(status, summary)


def publish(settings: Settings) -> Outcome:
    """The gate, then the publication. Raises NotFinished where the gold stage did not end."""
    with at_work(settings) as work:
        before = _finished(work, "gold", PUBLISHED_TABLES)
        work.lake.as_of = date.fromisoformat(before["as_of"])
        taken = {name: Intake((), tuple(batches)) for name, batches in before["batches"].items()}
        number: list[int] = []

        def do() -> str:
            work.gate(taken)
            number.append(work.publish(taken))
            return "done"

        refusal = None
        try:
            status = stage_of(work, "publish", do)
        except Refused as error:
            status, refusal = "refused", error
        summary = summarise(work.lake, [], taken, number[0] if number else None, work.seconds)
        if refusal:
            summary = replace(summary, why_not_published=str(refusal))
        work.events.closing_summary(summary)
        return Outcome(status, summary, refusal)


def _state(work: Work, tables: Iterable[Table], taken: dict[str, Intake]) -> dict[str, Any]:
    """What the next stage needs to know to go on from here."""
    return {
        "parent": work.lake.publication.publication if work.lake.publication else None,
        "as_of": work.lake.as_of.isoformat(),
        "versions": {table.name: work.lake.version(table) for table in tables if work.lake.exists(table)},
        "batches": {name: list(intake.new) for name, intake in taken.items()},
    }


def _finished(work: Work, stage: str, tables: Iterable[Table]) -> dict[str, Any]:
    rows = [row for row in small_rows(work.lake.root, JOB_RUNS) if row["stage"] == stage and row["status"] == "done"]
    if rows:
        last: dict[str, Any] = json.loads(max(rows, key=lambda row: row["ended_at"])["details"])
        now = _state(work, tables, {})
        if (last["parent"], last["versions"]) == (now["parent"], now["versions"]):
            return last
    raise NotFinished(f"the {stage} stage did not finish since the last publication: run `lakehouse {stage}` first")


def rollback(settings: Settings, number: int) -> Outcome:
    """Makes an older publication the newest one again, and holds the batches that came after it."""
    to = chosen(settings.lake, number)
    with at_work(settings, decides=True) as work:
        published, held = roll_back(work.lake, to, now=work.now())
        batches = f"; batches {', '.join(map(str, held))} are held" if held else ""
        work.events.say(f"publication {published} shows again what publication {number} showed{batches}")
        return Outcome("done", RunSummary(published=published))


def decide_batch(settings: Settings, number: int, decision: str, why: str) -> None:
    """Holds, releases or discards a batch. Raises ConfigurationError for a batch that cannot be."""
    found = next((batch for batch in list_batches(settings.lake.resolve()) if batch.number == number), None)
    if found is None:
        raise ConfigurationError(f"there is no batch {number}: `lakehouse batches list` shows them")
    if found.status == "published" and decision != "release":
        raise ConfigurationError(
            f"batch {number} is published already: `lakehouse rollback` goes back to a publication before it"
        )
    with at_work(settings, decides=True) as work:
        decide(work.lake, [number], decision, why, work.now())


def decide_quarantined(settings: Settings, chosen: Chosen, decision: Decision, why: str) -> int:
    """Discards rows of the quarantine, or opens them again. Returns how many."""
    with at_work(settings, decides=True) as work:
        return decide_rows(work.lake, chosen, decision, why, work.now())


def waive_rule(settings: Settings, rule: str, until: date, why: str) -> None:
    """Records that a rule may fail for a time. Raises ConfigurationError for a rule that there is not."""
    from quality.gate import rules
    from quality.waivers import waive

    with at_work(settings, decides=True) as work:
        waive(work.lake, rule, until, why, known=rules(), now=work.now())


def reconcile(settings: Settings, sources: Sequence[str] = ()) -> Reconciliation:
    """Promise P1: by source, feed and file, every row of bronze is accounted for, and money too."""
    with at_work(settings, sources) as work:
        return reconciled(work.lake, work.sources)
