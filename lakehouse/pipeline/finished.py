"""What the stage before told the next one, in ops.job_runs, and whether that still holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from lakehouse.delta.order import oldest_first
from lakehouse.delta.rows import small_rows
from lakehouse.pipeline.run import Run
from lakehouse.tables.model import Table
from lakehouse.tables.ops import JOB_RUNS

AFTER_GOLD = ("train", "score", "gold")
"""Stages after which gold may be published: models are not always there. Training may have built what models alone
need, on gold that was finished; on what is published it finishes nothing."""


class NotFinished(Exception):
    """The stage before did not finish. Exit code 1."""


def state_of(run: Run, tables: Iterable[Table]) -> dict[str, Any]:
    """What the next stage needs to know to go on from here."""
    return {
        "parent": run.lake.publication.publication if run.lake.publication else None,
        "as_of": run.lake.as_of.isoformat(),
        "versions": {table.name: run.lake.version(table) for table in tables if run.lake.exists(table)},
    }


def finished(run: Run, stages: Sequence[str], tables: Iterable[Table]) -> dict[str, Any]:
    """What the last run of these stages told, if nothing was written or published since. Raises NotFinished."""
    if (last := last_told(run, stages, tables)) is None:
        stage = stages[-1]
        raise NotFinished(f"the {stage} stage did not finish since the last publication: run `lakehouse {stage}` first")
    return last


def last_told(run: Run, stages: Sequence[str], tables: Iterable[Table]) -> dict[str, Any] | None:
    done = [row for row in small_rows(run.lake.root, JOB_RUNS) if row["stage"] in stages and row["status"] == "done"]
    told = [json.loads(row["details"]) for row in oldest_first(done, "ended_at")]
    last: dict[str, Any] | None = next((one for one in reversed(told) if "versions" in one), None)
    now = state_of(run, tables)
    return last if last and (last["parent"], last["versions"]) == (now["parent"], now["versions"]) else None
