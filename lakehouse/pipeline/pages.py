"""What people read of a run: its quality report and the executive report. Neither undoes anything where it fails."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lakehouse.pipeline.events import Events, error_fields
from lakehouse.pipeline.parts import Judgement, Report


def write_quality_report(judgement: Judgement, publication: int | None, events: Events, *, now: datetime) -> None:
    """Writes the page. What was published or refused stands, whatever becomes of its report."""
    try:
        page = judgement.write_report(publication, now=now)
    except Exception as error:
        events.emit("no report", **error_fields(error))
        events.say(f"the quality report could not be written: {type(error).__name__}")
    else:
        events.say(f"quality report: {page}")


def write_executive_report(report: Report, lake: Path, publication: int, events: Events) -> bool:
    """Writes the report for people. False where that failed; the publication stands."""
    try:
        written = report.write(lake, publication)
    except Exception as error:
        events.emit("no summary", **error_fields(error))
        kind = type(error).__name__
        events.say(f"publication {publication} stands, but not its report: {kind}. `lakehouse report` tries again")
        return False
    for line in filter(None, (written.remark, f"executive report: {written.page}" if written.page else "")):
        events.say(line)
    return True
