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
            "seconds": one.seconds,
            "as_of": lake.as_of,
            "judged_at": now,
        }
        for one in verdicts
    ]
    if rows:
        lake.append_rows(QUALITY_RESULTS, rows)


def past_figures(root: Path) -> dict[str, list[float]]:
    """Rule -> its figures in the runs that published, the oldest first."""
    order = {one.run_id: one.publication for one in publications(root) if one.kind == "run"}
    rows = [row for row in small_rows(root, QUALITY_RESULTS, ["run_id", "rule", "figure"]) if row["run_id"] in order]
    found: dict[str, list[float]] = {}
    for row in sorted(rows, key=lambda row: order[row["run_id"]]):
        found.setdefault(row["rule"], []).append(row["figure"])
    return found
