"""Of a run that was judged twice, the judgement of what it published is the one that later runs are held against."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from lakehouse.tables.ops import QUALITY_RESULTS
from quality.results import past_figures
from tests.lakes import publish, write
from tests.quality.star import NOW


def test_a_run_counts_once_with_its_last_judgement_and_one_that_published_nothing_not_at_all(tmp_path: Path) -> None:
    judged = [("r1", 0, 10.0), ("r2", 2, 20.0), ("r2", 1, 99.0), ("refused", 3, 5.0)]
    write(tmp_path, QUALITY_RESULTS, [
        {"run_id": run, "rule": "a", "figure": figure, "judged_at": NOW + timedelta(hours=hours)}
        for run, hours, figure in judged
    ])  # fmt: skip
    for number in (1, 2):
        publish(tmp_path, number, {}, run_id=f"r{number}")
    assert past_figures(tmp_path) == {"a": [10.0, 20.0]}
