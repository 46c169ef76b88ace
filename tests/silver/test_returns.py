"""Returns beyond what was sold wait in quarantine, whatever came first: batch by batch is as all at once."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from lakehouse.lake import Lake
from lakehouse.settings import Calendar
from lakehouse.silver.beyond_sold import RETURN, beyond_sold
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LINEAGE, QUARANTINE, RETURNS, TABLES
from quality.rules import RULES
from tests.lakes import publish, write

AS_OF = date(2024, 2, 1)
SOURCE = Source.model_validate({
    "name": "shop", "currency": "GBP", "time_zone": "UTC", "fingerprint": "f",
    "files": {
        "sales": {"pattern": "sales*", "columns": ["number", "sku", "units", "changed"]},
        "backs": {"pattern": "backs*", "columns": ["id", "number", "sku", "at", "units", "changed"]},
    },
    "feeds": {
        "order_lines": {
            "file": "sales", "version": "changed",
            "columns": {
                "order_id": "number", "line_number": "1", "product_id": "sku", "ordered_at": "'2024-01-01'",
                "quantity": "units", "unit_price": "2.5",
            },
        },
        "returns": {
            "file": "backs", "version": "changed",
            "columns": {
                "return_id": "id", "order_id": "number", "product_id": "sku", "returned_at": "at", "quantity": "units",
            },
        },
    },
})  # fmt: skip
Batch = dict[str, list[str]]
BATCHES: tuple[Batch, ...] = (
    {
        "sales": ["1,P,3,1", "2,P,1,1", "3,P,2,1"],
        "backs": ["a,1,P,2024-01-05,2,1", "b,1,P,2024-01-06,2,1", "c,2,P,2024-01-05,1,1", "f,3,P,2024-01-05,2,1"],
    },
    {"sales": ["3,P,1,2"], "backs": ["d,1,P,2024-01-04,1,1", "e,1,P,2024-01-07,1,1"]},
    {"sales": ["1,P,4,2"]},
    {"backs": ["d,2,P,2024-01-04,1,2"]},
)
"""Of order 1 three are sold: the return b is one too many. Then an earlier return, d, takes what e would, and less of
order 3 turns out to be sold than came back as f. Then a fourth of order 1 is sold after all. Then d turns out to be of
order 2, where it comes before c."""
EXPECTED = (
    ("a c f", "b"),
    ("a c d", "b e f"),
    ("a c d e", "b f"),
    ("a b d", "c e f"),
)
"""After each batch: returns that are accepted, and those that wait."""


def arrives(lake: Lake, number: int, batch: Batch) -> None:
    for kind, rows in batch.items():
        origin = {"_batch_id": number, "_file_delivery": f"{kind} {number}", "_file_sha256": f"{kind} {number}"}
        sent = [dict(zip(SOURCE.files[kind].columns, row.split(","), strict=True)) for row in rows]
        placed = [row | origin | {"_row_in_file": place} for place, row in enumerate(sent, 1)]
        write(lake.root, SOURCE.table(kind), placed, mode="append")


def build(lake: Lake, selection: BatchSelection) -> None:
    build_source(lake, SOURCE, RowCriteria(RULES, AS_OF, Calendar()), selection)


def said(lake: Lake) -> tuple[str, str]:
    code = F.array_contains("reasons", "more_than_sold")
    texts = (
        sorted(row[0] for row in lake.read(RETURNS).select("return_id").collect()),
        sorted(row[0] for row in lake.read(QUARANTINE).where(code).select("unit_key").collect()),
    )
    return " ".join(texts[0]), " ".join(texts[1])


def accounts(lake: Lake) -> list[str]:
    return sorted(" ".join(map(str, row)) for row in lake.read(LINEAGE).drop("newest_at").collect())


@pytest.fixture(scope="module")
def folder(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return Lake(spark, tmp_path_factory.mktemp("returns"), run_id="r", as_of=AS_OF)


def test_what_is_beyond_a_line_follows_from_all_its_returns_whenever_they_came(folder: Lake) -> None:
    numbers = tuple(range(1, len(BATCHES) + 1))
    for table in TABLES:
        folder.ensure(table)
    for number, batch in zip(numbers, BATCHES, strict=True):
        lake = Lake(folder.spark, folder.root, run_id=f"r{number}", as_of=AS_OF)
        arrives(lake, number, batch)
        build(lake, BatchSelection(numbers[: number - 1], (number,)))
        assert (number, said(lake)) == (number, EXPECTED[number - 1])
        publish(lake.root, number, {table.name: lake.version(table) for table in TABLES})
    step_by_step = accounts(lake)
    build(lake, BatchSelection(numbers, (), everything=True))
    assert (said(lake), accounts(lake)) == (EXPECTED[-1], step_by_step)


@pytest.mark.parametrize(
    ("sold", "units", "refused"),
    [
        (3, (3,), ""),
        (3, (4,), "0"),
        (3, (2, 2, 1), "1"),
        (3, (4, 3), "0"),
        (2, (1, 1, 1), "2"),
    ],
)
def test_returns_are_taken_in_time_and_one_that_does_not_fit_leaves_room_for_the_next(
    spark: SparkSession, sold: int, units: tuple[int, ...], refused: str
) -> None:
    lines = spark.createDataFrame(
        [("shop", "1", 7, "P", sold)],
        "source_system string, order_id string, line_number int, product_id string, quantity int",
    )
    rows = [("shop", str(place), "1", None, "P", date(2024, 1, 1 + place), each) for place, each in enumerate(units)]
    types = ["string", "string", "string", "int", "string", "date", "int"]
    returns = spark.createDataFrame(rows[::-1], ", ".join(map(" ".join, zip(RETURN, types, strict=True))))
    assert "".join(sorted(row[0] for row in beyond_sold(returns, lines).collect())) == refused
