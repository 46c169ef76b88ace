"""Rows that a person discards are as if they had never been good, in increments as in a rebuild."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.bronze.ingest import ingest
from lakehouse.lake import Lake
from lakehouse.settings import Calendar
from lakehouse.silver.build import build_source
from lakehouse.silver.derive import RowCriteria
from lakehouse.silver.intake import BatchSelection
from lakehouse.sources.model import Source
from lakehouse.tables.silver import CUSTOMERS, LINEAGE, ORDER_LINES, QUARANTINE, TABLES
from quality.rules import RULES

AS_OF, NOW = date(2024, 2, 1), datetime(2024, 2, 1, tzinfo=UTC)
FILES = {
    "people.csv": "who,town,changed\nA,York,2024-01-01\nA,Leeds,2024-01-01\nB,York,2024-01-01\n",
    "orders.csv": "number,at\n1,2024-01-05\n1,2024-01-06\n2,2024-01-05\n",
    "items.csv": "number,place,sku,units,price\n1,1,P,1,2.50\n2,1,P,1,2.50\n",
}
"""Two towns of A at one instant, and two headers of order 1: nothing says which is right."""
SOURCE: dict[str, Any] = {
    "name": "shop", "currency": "GBP", "time_zone": "UTC", "fingerprint": "f",
    "files": {
        "people": {"pattern": "people*", "columns": ["who", "town", "changed"]},
        "orders": {"pattern": "orders*", "columns": ["number", "at"]},
        "items": {"pattern": "items*", "columns": ["number", "place", "sku", "units", "price"]},
    },
    "feeds": {
        "customers": {"file": "people", "version": "changed", "columns": {"customer_id": "who", "city": "town"}},
        "order_lines": {
            "file": "items", "join": [{"file": "orders", "role": "header", "on": {"number": "number"}}],
            "columns": {
                "order_id": "number", "line_number": "place", "product_id": "sku", "ordered_at": "orders.at",
                "quantity": "units", "unit_price": "price",
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def built(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, Source]:
    folder = tmp_path_factory.mktemp("discards")
    lake = Lake(spark, folder / "lake", run_id="r", as_of=AS_OF)
    for table in TABLES:
        lake.ensure(table)
    (folder / "landing" / "shop").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / "landing" / "shop" / name).write_text(text, encoding="utf-8")
    source = Source.model_validate(SOURCE)
    ingest(lake, source, folder / "landing", batch_id=1, now=NOW)
    build_source(lake, source, judge(None), BatchSelection((), (1,)))
    return lake, source


def judge(discards: DataFrame | None) -> RowCriteria:
    return RowCriteria(RULES, AS_OF, Calendar(), discards)


def silver(lake: Lake) -> dict[str, list[str]]:
    """What each table says, as texts."""
    lines = lake.read(ORDER_LINES).select("order_id", "order_date")
    people = lake.read(CUSTOMERS).select("customer_id", "city")
    waiting = lake.read(QUARANTINE).select("file_kind", "_row_in_file", "status", F.array_join("reasons", " "))
    became = lake.read(LINEAGE).groupBy("feed", "file_kind", "outcome").agg(F.sum("rows"))
    named = {"lines": lines, "people": people, "waiting": waiting, "became": became}
    return {name: sorted(" ".join(map(str, row)) for row in rows.collect()) for name, rows in named.items()}


@pytest.mark.long
def test_of_two_contents_that_nothing_orders_the_other_comes_in(
    spark: SparkSession, tmp_path: Path, built: tuple[Lake, Source]
) -> None:
    lake, source = built
    before = silver(lake)
    assert (before["people"], before["lines"]) == (["B York"], ["2 2024-01-05"])
    assert before["waiting"] == [
        "orders 1 open ambiguous_version", "orders 2 open ambiguous_version",
        "people 1 open ambiguous_version", "people 2 open ambiguous_version",
    ]  # fmt: skip

    waiting = lake.read(QUARANTINE).where("_row_in_file = 2")
    discards = waiting.select("feed", "file_kind", "_file_delivery", "_row_in_file").localCheckpoint()
    build_source(lake, source, judge(discards), BatchSelection((1,), (), decisions_changed=True))
    after = silver(lake)
    assert after["people"] == ["A York", "B York"]
    assert after["lines"] == ["1 2024-01-05", "2 2024-01-05"]
    assert after["waiting"] == ["orders 2 discarded discarded", "people 2 discarded discarded"]

    build_source(lake, source, judge(discards), BatchSelection((1,), (), everything=True))
    assert silver(lake) == after
    build_source(lake, source, judge(None), BatchSelection((1,), (), decisions_changed=True))
    assert silver(lake) == before
