"""Files as shops sent them (made-up people), each read with the one key that it needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import Row

from lakehouse.bronze.files import Inspection, Rejection
from tests.bronze.shops import values

SENT = Path(__file__).parent / "sent"
TAKEN: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    (
        "2024MayMonthlyTransaction.csv",
        {"columns": ["order id", "total"], "skip_lines": "to_header"},
        [("026-1-1", "1,030.00"), ("026-1-2", "15.00"), ("026-1-2", "-15.00")],
    ),
    ("sep_line_orders.csv", {"columns": ["Order", "Price"], "delimiter": ";"}, [("7001", "9.50"), ("7002", "4.00")]),
    (
        "sales_2024-03.csv",
        {"columns": ["Receipt", "Price"], "footer_lines": 1},
        [("R-1", "3.50"), ("R-1", "4.00"), ("R-2", "3.50")],
    ),
    (
        "orders_acct*.csv",
        {"columns": ["order-id", "Country"], "aliases": {"Country": "Country/Region Code"}},
        [("A-1", "US"), ("A-2", "CA")],
    ),
    ("orders_[bc].*", {"columns": ["id", "price"]}, [("1", "10.00"), ("1", "10.00")]),
]


@pytest.mark.parametrize(("name", "declared", "expected"), TAKEN, ids=[one[0] for one in TAKEN])
def test_a_file_as_it_was_sent_is_read(
    tmp_path: Path,
    read: Callable[..., list[Row]],
    name: str,
    declared: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    (tmp_path / "landing/shop").mkdir(parents=True)
    for file in SENT.glob(name):
        shutil.copy(file, tmp_path / "landing/shop")
    assert values(read(**declared), *declared["columns"]) == expected


def test_a_workbook_among_csv_is_named(judge: Callable[..., Inspection]) -> None:
    outcome = judge((SENT / "orders_d.xlsx").read_bytes(), "orders_d.xlsx").outcome
    assert isinstance(outcome, Rejection)
    assert outcome.detail == (
        'The file is an Excel workbook: declare format = ["csv", "xlsx"], or save it as CSV UTF-8'
    )
