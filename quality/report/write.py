"""The quality report of a run: one page of HTML that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from quality.heads import Heads
from quality.report.data import gather
from quality.report.folders import reports_folder
from quality.report.pages import report_page
from quality.thresholds import load_thresholds
from quality.verdicts import Verdict

LATEST = "latest.html"


def write_report(heads: Heads, verdicts: Sequence[Verdict], publication: int | None, *, now: datetime) -> Path:
    """Writes the page of this run, and again as the latest one. `publication` is None where the gate refused."""
    try:
        report = gather(heads, verdicts, load_thresholds().quarantine, publication, now)
    finally:
        heads.release()
    folder = reports_folder(heads.lake.root)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"publication-{publication}" if publication else f"not-published-{heads.lake.run_id}"
    page = report_page(report)
    for path in (folder / f"{name}.html", folder / LATEST):
        path.write_text(page, encoding="utf-8")
    return folder / f"{name}.html"
