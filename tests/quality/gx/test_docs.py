"""Data Docs of results that runs left, without Spark."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import great_expectations as gx
import pandas as pd

from lakehouse.tables.gold import DIM_CUSTOMER, DIM_DATE, DIM_PRODUCT
from lakehouse.tables.model import Table
from quality.checks.check import Check
from quality.gx.checkpoints import Checkpoints
from quality.gx.docs import build_docs
from quality.gx.suites import measured
from quality.report.folders import results_folder
from quality.verdicts import NOTHING_BROKEN, Severity


def leave_result(root: Path, table: Table, severity: Severity, figure: float) -> None:
    """What a run leaves of one check that allows nothing broken."""
    check = Check("c", table, "nothing is broken", (), lambda heads: NOTHING_BROKEN, severity)
    suite = gx.ExpectationSuite(table.name, expectations=[measured(check, figure)])
    result = Checkpoints("r1", datetime(2024, 2, 1, tzinfo=UTC)).run(suite, pd.DataFrame([{"rows": 1}]))
    folder = results_folder(root) / "r1"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{table.name}.json").write_text(json.dumps(result.to_json_dict()), encoding="utf-8")


def test_the_index_tells_what_refuses_from_what_only_warns(tmp_path: Path) -> None:
    leave_result(tmp_path, DIM_CUSTOMER, "critical", 2)
    leave_result(tmp_path, DIM_PRODUCT, "warning", 2)
    leave_result(tmp_path, DIM_DATE, "critical", 0)
    index = build_docs(tmp_path).read_text(encoding="utf-8")
    shown = dict(re.findall(r'<a class="(\w+)" href="[^"]*"><span>([\w.]+)</span>', index))
    assert shown == {"failed": DIM_CUSTOMER.name, "warned": DIM_PRODUCT.name, "passed": DIM_DATE.name}
