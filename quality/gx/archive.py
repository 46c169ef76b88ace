"""The results of Great Expectations as files below the lake: Data Docs are built from them when somebody looks."""

from __future__ import annotations

import json

from great_expectations.core import ExpectationSuiteValidationResult

from quality.heads import Heads
from quality.report.folders import results_folder


def set_aside_earlier(heads: Heads) -> None:
    """Results of this run that are there already are of a judgement that refused: they get a name of their own."""
    folder = results_folder(heads.lake.root) / heads.lake.run_id
    number = 1
    while (other := folder.with_name(f"{folder.name}-refused-{number}")).exists():
        number += 1
    if folder.is_dir():
        folder.rename(other)


def keep_result(heads: Heads, result: ExpectationSuiteValidationResult) -> None:
    """Writes the result of one table in one run. It holds counts and keys, no values that identify a person."""
    folder = results_folder(heads.lake.root) / heads.lake.run_id
    folder.mkdir(parents=True, exist_ok=True)
    values = result.to_json_dict()  # type: ignore[no-untyped-call]
    text = json.dumps(values, ensure_ascii=False)
    (folder / f"{result.suite_name}.json").write_text(text, encoding="utf-8")
