"""The results of Great Expectations as files below the lake: Data Docs are built from them when somebody looks."""

from __future__ import annotations

import json
from pathlib import Path

from great_expectations.core import ExpectationSuiteValidationResult

from quality.staged import Staged


def reports_folder(root: Path) -> Path:
    """Everything about quality that people read, and what it is made from."""
    return root / "reports" / "quality"


def results_folder(root: Path) -> Path:
    return reports_folder(root) / "results"


def keep_result(staged: Staged, result: ExpectationSuiteValidationResult) -> None:
    """Writes the result of one table in one run. It holds counts and keys, no values that identify a person."""
    folder = results_folder(staged.lake.root) / staged.lake.run_id
    folder.mkdir(parents=True, exist_ok=True)
    values = result.to_json_dict()  # type: ignore[no-untyped-call]
    text = json.dumps(values, ensure_ascii=False)
    (folder / f"{result.suite_name}.json").write_text(text, encoding="utf-8")
