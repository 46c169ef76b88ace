"""ops.quality_results: every verdict of every run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lakehouse.delta.rows import small_rows
from lakehouse.lake import Lake
from lakehouse.published import publications
from lakehouse.tables.ops import QUALITY_RESULTS
from quality.verdicts import Verdict


def record(lake: Lake, verdicts: Sequence[Verdict], *, now: datetime) -> None:
    """Appends the verdicts of this run, whatever comes of it."""
    rows = [
        {
            "run_id": lake.run_id,
            "table_name": one.table,
            "rule": one.rule,
            "expectation": one.expectation,
            "column_names": list(one.columns),
            "severity": one.severity,
            "verdict": one.outcome,
            "observed": one.observed,
            "figure": float(one.figure),
            "threshold": one.threshold,
            "examples": list(one.examples),
            "cases_by_source": dict(one.by_source) or None,
            "seconds": one.seconds,
            "as_of": lake.as_of,
            "judged_at": now,
        }
        for one in verdicts
    ]
    if rows:
        lake.append_rows(QUALITY_RESULTS, rows)


def past_figures(root: Path) -> dict[str, list[float]]:
    """Rule -> its figures in the runs that published, the oldest first; of a run that was judged again the latter."""
    order = {one.run_id: one.publication for one in publications(root) if one.kind == "run"}
    names = ["run_id", "rule", "figure", "judged_at"]
    rows = [row for row in small_rows(root, QUALITY_RESULTS, names) if row["run_id"] in order]
    rows.sort(key=lambda row: row["judged_at"])
    latest = {(order[row["run_id"]], row["rule"]): row["figure"] for row in rows}
    found: dict[str, list[float]] = {}
    for (_, rule), figure in sorted(latest.items()):
        found.setdefault(rule, []).append(figure)
    return found
