"""Rows that a declaration leaves out are counted once, file by file, whenever they came."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.silver.intake import BatchSelection
from lakehouse.silver.left_out import count_left_out
from lakehouse.sources.model import Source
from lakehouse.tables.silver import LEFT_OUT
from tests.lakes import write

LEAVE_OUT = [
    {"where": "receipt = 'Total'", "why": "total of the file"},
    {"where": "item = 'TIP'", "why": "no sale"},
]
OTHER = ("other", "sales", "total of the file", 5, 1)


def source(leave_out: list[dict[str, str]]) -> Source:
    columns = {
        "order_id": "receipt", "line_number": "1", "product_id": "item", "ordered_at": "'2024-01-05'",
        "quantity": "1", "unit_price": "2.5",
    }  # fmt: skip
    files: dict[str, Any] = {
        "sales": {"pattern": "sales*", "columns": ["receipt", "item"], "leave_out": leave_out},
        "notes": {"pattern": "notes*", "columns": ["text"], "ignored": True},
    }
    feeds = {"order_lines": {"file": "sales", "version": "_file_modified_at", "columns": columns}}
    more = {"name": "cafe", "currency": "EUR", "time_zone": "UTC", "fingerprint": "f"}
    return Source.model_validate(more | {"files": files, "feeds": feeds})


def arrives(lake: Lake, number: int, *rows: str) -> None:
    origin = {"_batch_id": number, "_file_delivery": f"d{number}", "_file_sha256": f"s{number}"}
    sent = [dict(zip(("receipt", "item"), row.split(), strict=True)) for row in rows]
    placed = [row | origin | {"_row_in_file": place} for place, row in enumerate(sent, 1)]
    write(lake.root, source([]).table("sales"), placed, mode="append")


def counted(lake: Lake) -> list[tuple[Any, ...]]:
    names = ("source_system", "file_kind", "left_out_why", "rows", "_batch_id")
    return sorted(tuple(row) for row in lake.read(LEFT_OUT).select(*names).collect())


def test_what_is_left_out_is_counted_by_file_and_reason_and_counted_once(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 2, 1))
    names = ("source_system", "file_kind", "left_out_why", "rows", "_batch_id")
    before = ("cafe", "sales", "of a run that published nothing", 3, 1)
    write(tmp_path, LEFT_OUT, [dict(zip(names, row, strict=True)) for row in (OTHER, before)])
    arrives(lake, 1, "1 LATTE", "1 TIP", "Total LATTE", "Total TIP")
    arrives(lake, 2, "2 LATTE", "Total CAKE")
    cafe, kinds = source(LEAVE_OUT), {"sales": True, "notes": True}

    count_left_out(lake, cafe, BatchSelection((), (1,)), kinds)
    first = [("cafe", "sales", "no sale", 1, 1), ("cafe", "sales", "total of the file", 2, 1)]
    assert counted(lake) == [*first, OTHER]

    count_left_out(lake, cafe, BatchSelection((1,), (2,)), kinds)
    both = sorted([*first, ("cafe", "sales", "total of the file", 1, 2)])
    assert counted(lake) == [*both, OTHER]

    version = lake.version(LEFT_OUT)
    count_left_out(lake, cafe, BatchSelection((1, 2), ()), kinds)
    assert lake.version(LEFT_OUT) == version

    count_left_out(lake, cafe, BatchSelection((1, 2), (), everything=True), kinds)
    assert counted(lake) == [*both, OTHER]

    # A declaration that leaves out nothing any more.
    count_left_out(lake, source([]), BatchSelection((1, 2), (), everything=True), kinds)
    assert counted(lake) == [OTHER]


def test_where_nothing_is_and_was_left_out_nothing_is_written(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=date(2024, 2, 1))
    lake.ensure(LEFT_OUT)
    version = lake.version(LEFT_OUT)
    arrives(lake, 1, "1 LATTE")
    count_left_out(lake, source([]), BatchSelection((), (1,)), {"sales": True, "notes": True})
    assert lake.version(LEFT_OUT) == version
