"""What makes a run work out predictions again: settings and decisions, and not when or where models are kept."""

from __future__ import annotations

from typing import Any

import pytest

from lakehouse.lake import Lake
from lakehouse.settings import load_settings
from lakehouse.tables.ops import MODEL_DECISIONS
from ml.stages.work import SETTLED, Work
from tests.ml.stages.test_work import NOW


def prints(lake: Lake, monkeypatch: pytest.MonkeyPatch, **models: Any) -> dict[str, str]:
    with monkeypatch.context() as patch:
        for name, value in models.items():
            patch.setenv(f"LAKEHOUSE_MODELS__{name}", str(value))
        return dict(Work(lake, load_settings(lake=lake.root), print, now=NOW).fingerprints())


def test_a_setting_that_predictions_depend_on_changes_them_and_one_of_keeping_does_not(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prints(lake, monkeypatch)
    assert prints(lake, monkeypatch, DUE_DAYS=1, TRACKING_URI="sqlite:///elsewhere.db") == before
    other = prints(lake, monkeypatch, CHURN__LOOK_BACK_DAYS=100)
    assert other["model_settings"] != before["model_settings"]
    assert other["model_decisions"] == before["model_decisions"]


@pytest.mark.parametrize(("decision", "counts"), [("promote", True), ("rollback", True), (SETTLED, False)])
def test_a_persons_decision_changes_them_and_that_of_a_publication_does_not(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, decision: str, counts: bool
) -> None:
    before = prints(lake, monkeypatch)
    row = {"problem": "churn", "source_system": "s", "model_version": 1, "decision": decision, "decided_at": NOW}
    lake.append_rows(MODEL_DECISIONS, [row | {"run_id": "r", "details": ""}])
    assert (prints(lake, monkeypatch) != before) == counts
