"""Which units a second batch derives again: those that any of its files speaks of, as a rebuild would."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.settings import Calendar
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LINEAGE, ORDER_LINES, QUARANTINE
from quality.rules import RULES
from tests.lakes import write

AS_OF = date(2024, 2, 1)
SOURCE = Source.model_validate({
    "name": "shop", "currency": "GBP", "time_zone": "UTC", "fingerprint": "f",
    "files": {
        "items": {"pattern": "items*", "columns": ["number", "sku"]},
        "orders": {"pattern": "orders*", "columns": ["number", "at", "branch", "changed"]},
        "towns": {"pattern": "towns*", "columns": ["branch", "town", "changed"]},
    },
    "feeds": {
        "order_lines": {
            "file": "items",
            "join": [
                {"file": "orders", "role": "header", "on": {"number": "number"}, "version": "changed"},
                {"file": "towns", "role": "lookup", "on": {"orders.branch": "branch"}, "version": "changed"},
            ],
            "columns": {
                "order_id": "number", "line_number": "if(sku = 'Q', 2, 1)", "product_id": "sku",
                "ordered_at": "orders.at", "quantity": "1", "unit_price": "2.5", "ship_city": "towns.town",
            },
        },
    },
})  # fmt: skip
"""Lines, the headers of their orders, and a look-up of the towns of its branches."""
Batch = dict[str, list[str]]
BATCHES: tuple[Batch, ...] = (
    {
        "items": ["1,P", "1,Q", "2,P", "3,P", "4,P"],
        "orders": ["1,2024-01-05,a,2024-01-05", "2,2024-01-06,b,2024-01-06", "4,2024-03-05,b,2024-01-06"],
        "towns": ["a,York,2024-01-01", "b,Leeds,2024-01-01"],
    },
    {"orders": ["2,2024-01-07,a,2024-01-07", "3,2024-01-08,b,2024-01-08"]},
    {"towns": ["a,Bath,2024-01-09"]},
)
"""All three files, order 4 in the future; then headers alone, of an order that changed and of one that waited; then a
town alone."""
Said = dict[str, list[str]]


def said(lake: Lake) -> Said:
    """The lines, and what became of the rows of every file."""
    lines = lake.read(ORDER_LINES).select("order_id", "order_date", "ship_city")
    became = lake.read(LINEAGE).select("file_kind", "unit_key", "outcome", "rows", "_batch_id")
    named = {"lines": lines, "became": became}
    return {name: sorted(" ".join(map(str, row)) for row in rows.collect()) for name, rows in named.items()}


def arrives(lake: Lake, number: int, batch: Batch) -> None:
    """The rows of the batch are in bronze, a file of each kind."""
    for kind, rows in batch.items():
        origin = {"_batch_id": number, "_file_delivery": f"{kind} {number}", "_file_sha256": f"{kind} {number}"}
        columns = SOURCE.files[kind].columns
        sent = [dict(zip(columns, row.split(","), strict=True)) for row in rows]
        placed = [row | origin | {"_row_in_file": place} for place, row in enumerate(sent, 1)]
        write(lake.root, SOURCE.table(kind), placed, mode="append")


@pytest.fixture(scope="module")
def told(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> list[Said]:
    """What silver says after each batch, after a rebuild of all of them, and once the day of order 4 is there."""
    lake = Lake(spark, tmp_path_factory.mktemp("feed"), run_id="r", as_of=AS_OF)
    for table in (ORDER_LINES, QUARANTINE, LINEAGE):
        lake.ensure(table)
    found, numbers = [], tuple(range(1, len(BATCHES) + 1))
    for number, batch in zip(numbers, BATCHES, strict=True):
        arrives(lake, number, batch)
        build(lake, BatchSelection(numbers[: number - 1], (number,)))
        found.append(said(lake))
    build(lake, BatchSelection(numbers, (), everything=True))
    found.append(said(lake))
    build(lake, BatchSelection(numbers, (), as_of_moved=True), date(2024, 4, 1))
    return [*found, said(lake)]


def build(lake: Lake, intake: BatchSelection, as_of: date = AS_OF) -> None:
    build_source(lake, SOURCE, RowCriteria(RULES, as_of, Calendar()), intake)


def test_a_line_waits_for_its_header(told: list[Said]) -> None:
    assert told[0]["lines"] == ["1 2024-01-05 York", "1 2024-01-05 York", "2 2024-01-06 Leeds"]
    assert {"items 3 pending 1 1", "items 4 quarantined 1 1"} <= set(told[0]["became"])


def test_the_header_of_two_lines_is_one_row(told: list[Said]) -> None:
    assert {"items 1 accepted 2 1", "orders 1 accepted 1 1"} <= set(told[0]["became"])


def test_headers_that_come_alone_derive_the_lines_of_their_orders_again(told: list[Said]) -> None:
    lines = ["1 2024-01-05 York", "1 2024-01-05 York", "2 2024-01-07 York", "3 2024-01-08 Leeds"]
    assert told[1]["lines"] == lines
    assert {"items 3 accepted 1 1", "orders 2 superseded 1 1"} <= set(told[1]["became"])


def test_a_look_up_that_comes_alone_derives_every_line_again(told: list[Said]) -> None:
    assert [line.split()[-1] for line in told[2]["lines"]] == ["Bath", "Bath", "Bath", "Leeds"]


def test_batch_by_batch_is_as_all_at_once(told: list[Said]) -> None:
    assert told[2] == told[3]


def test_a_line_that_lay_in_the_future_comes_in_once_its_day_is_there(told: list[Said]) -> None:
    assert told[4]["lines"] == [*told[3]["lines"], "4 2024-03-05 Leeds"]
    assert "items 4 accepted 1 1" in told[4]["became"]
