"""Silver has the rows that were accepted, and the money that they were sent with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.sources.load import load_source
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LINEAGE, ORDER_LINES, RETURNS
from quality.checks.against_files import money_as_sent, rows_as_accepted
from quality.checks.measures import NOTHING_BROKEN
from quality.heads import Heads
from tests.lakes import write
from tests.quality.star import AS_OF

SENT = [("3", "2.50"), ("2", "10.1250"), ("-1", "99999999999999999999"), ("1", "7.00")]
"""Quantity and price of each row of the file. The last two are not accepted."""
LINES = [
    {"order_id": "1", "gross_revenue": Decimal("7.5000"), "_row_in_file": 1},
    {"order_id": "2", "gross_revenue": Decimal("20.2500"), "_row_in_file": 2},
]
Stage = Callable[[list[dict[str, Any]]], Heads]


@pytest.fixture
def source() -> Source:
    return load_source("online_retail")


@pytest.fixture
def stage(spark: SparkSession, tmp_path: Path, source: Source) -> Stage:
    """A file in bronze, and silver with these lines of it."""

    def build(lines: list[dict[str, Any]]) -> Heads:
        file = {"_file_sha256": "f", "_batch_id": 1}
        rows = [file | {"Quantity": q, "UnitPrice": p, "_row_in_file": n} for n, (q, p) in enumerate(SENT, start=1)]
        write(tmp_path, source.table("lines"), rows)
        common = file | {"source_system": "online_retail", "currency": "GBP"}
        write(tmp_path, ORDER_LINES, [common | {"order_status": "completed"} | line for line in lines])
        told = common | {"feed": "order_lines", "file_kind": "lines", "_file_delivery": "f"}
        counts = {"accepted": 2, "quarantined": 1, "superseded": 1}
        write(tmp_path, LINEAGE, [told | {"outcome": outcome, "rows": rows} for outcome, rows in counts.items()])
        return Heads(Lake(spark, tmp_path, run_id="r", as_of=AS_OF), [source], [1])

    return build


def test_sound_rows_are_what_the_file_says(stage: Stage) -> None:
    heads = stage(LINES)
    assert rows_as_accepted(heads) == NOTHING_BROKEN
    assert money_as_sent(heads, "order_lines") == NOTHING_BROKEN


def test_a_line_that_was_accepted_and_is_not_there_is_missed(stage: Stage) -> None:
    found = rows_as_accepted(stage(LINES[:1]))
    assert (found.figure, found.observed) == (1, "online_retail.order_lines: 1 rows, 2 were accepted")


@pytest.mark.parametrize(
    "wrong",
    [
        {"gross_revenue": Decimal("20.2600")},  # off by a cent
        {"_row_in_file": 4},  # the amount of another row
        {"_row_in_file": 9},  # a row that no file has
    ],
)
def test_money_that_the_file_does_not_say_is_named(stage: Stage, wrong: dict[str, Any]) -> None:
    found = money_as_sent(stage([LINES[0], LINES[1] | wrong]), "order_lines")
    assert found.figure == 1
    assert found.observed.startswith("gross_revenue of online_retail/GBP: ")


def test_nothing_was_sent_of_money_that_no_row_of_a_file_stands_behind(stage: Stage) -> None:
    found = money_as_sent(stage([LINES[0] | {"gross_revenue": Decimal(1), "_row_in_file": 9}]), "order_lines")
    assert found.figure == 1


def test_what_an_expression_works_out_is_not_compared(stage: Stage, tmp_path: Path) -> None:
    heads = stage(LINES)
    write(tmp_path, RETURNS, [{"source_system": "online_retail", "_file_sha256": "f", "_batch_id": 1}])
    assert money_as_sent(heads, "returns") == NOTHING_BROKEN


BOTH = Source.model_validate({
    "name": "shop", "currency": "GBP", "time_zone": "UTC", "fingerprint": "f",
    "files": {"lines": {"pattern": "*", "columns": ["number", "units", "price", "amount"]}},
    "feeds": {
        "order_lines": {
            "file": "lines",
            "columns": {
                "order_id": "number", "line_number": "1", "product_id": "'P'", "ordered_at": "'2024-01-01'",
                "quantity": "units", "unit_price": "price", "gross_amount": "amount",
            },
        },
    },
})  # fmt: skip
"""States the amount of some of its lines, and of all of them the price."""


@pytest.mark.parametrize(
    ("stated", "worked_out", "figure"), [("10.00", "8.00", 0), ("10.01", "8.00", 1), ("10.00", "8.01", 1)]
)
def test_a_stated_amount_counts_as_it_was_sent_and_the_price_where_none_is_stated(
    spark: SparkSession, tmp_path: Path, stated: str, worked_out: str, figure: int
) -> None:
    file = {"_file_sha256": "f", "_batch_id": 1}
    sent = [
        {"number": "1", "units": "3", "price": "3.33", "amount": "10.00"},
        {"number": "2", "units": "2", "price": "4"},
    ]
    write(tmp_path, BOTH.table("lines"), [file | row | {"_row_in_file": place} for place, row in enumerate(sent, 1)])
    amounts = [
        {"gross_revenue": Decimal(stated), "gross_amount": Decimal(stated), "_row_in_file": 1},
        {"gross_revenue": Decimal(worked_out), "_row_in_file": 2},
    ]
    write(tmp_path, ORDER_LINES, [file | {"source_system": "shop", "currency": "GBP"} | one for one in amounts])
    heads = Heads(Lake(spark, tmp_path, run_id="r", as_of=AS_OF), [BOTH], [1])
    assert money_as_sent(heads, "order_lines").figure == figure
