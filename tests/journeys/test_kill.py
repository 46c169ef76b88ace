"""A run that is killed, and the one after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lakehouse.pipeline import stages
from lakehouse.published import publications
from tests.journeys.compare import AS_OF, contents

pytestmark = [pytest.mark.journey, pytest.mark.long]
ROOT = Path(__file__).resolve().parents[2]


def _killed_at(lake: Path, landing: Path, event: str) -> None:
    """Starts a run as a process of its own and kills it, JVM and all, when its log tells of `event`."""
    command = [sys.executable, "-m", "jobs.cli", "run", "--lake", lake, "--landing", landing, "--source"]
    command += ["online_retail", "--as-of", AS_OF.isoformat(), "--master", "local[2]"]
    process = subprocess.Popen(
        list(map(str, command)), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    until = time.monotonic() + 300
    while time.monotonic() < until and process.poll() is None:
        if any(event in log.read_text() for log in (lake / "logs").glob("*.jsonl")):
            os.killpg(process.pid, signal.SIGKILL)
            break
        time.sleep(0.05)
    assert process.wait() == -signal.SIGKILL, f"the run never came to {event}"


def test_a_killed_run_leaves_no_trace_in_the_tables_of_the_next(
    tmp_path: Path, deliver: Callable[..., None], run: Callable[..., stages.Outcome]
) -> None:
    for lake in ("calm", "killed"):
        deliver(lake, "2011-01-03")
        if lake == "killed":
            run(lake)
        deliver(lake, "2011-01-04", "2011-02-05")
    run("calm")
    # Silver stands ahead of the publication by then, and gold in part.
    _killed_at(tmp_path / "killed", tmp_path / "landing_killed", '"what": "fact_sales"')
    assert len(publications(tmp_path / "killed")) == 1
    run("killed")
    assert contents(tmp_path / "killed") == contents(tmp_path / "calm")
