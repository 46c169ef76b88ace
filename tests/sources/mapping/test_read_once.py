"""What a text reads as is said to the engine once, however many ask for it: value, reasons, and what follows."""

from __future__ import annotations

from typing import Any

from pyspark.sql import SparkSession

from lakehouse.silver.derive import units_of
from lakehouse.sources.mapping.canonical import evaluated
from lakehouse.sources.mapping.expressions import empty_rows, with_joined, with_position
from lakehouse.sources.mapping.prepared import prepared
from lakehouse.sources.model import Source

SOURCE = Source.model_validate({
    "name": "cafe", "currency": "EUR", "time_zone": "Europe/Vienna", "fingerprint": "f",
    "files": {
        "sales": {
            "pattern": "*", "columns": ["receipt", "item", "at", "n", "price"],
            "date_formats": ["yyyy/MM/dd HH:mm", "dd.MM.yyyy"],
        },
    },
    "feeds": {
        "order_lines": {
            "file": "sales",
            "columns": {
                "order_id": "receipt", "line_number": "1", "product_id": "item", "ordered_at": "at", "quantity": "n",
                "unit_price": "price",
            },
        },
    },
})  # fmt: skip


def said_of(rows: Any) -> str:
    """The plan as it is sent to the engine."""
    return str(rows._plan.to_proto(rows.sparkSession.client))


def test_numbers_and_times_are_each_read_once(spark: SparkSession) -> None:
    feed = SOURCE.feeds["order_lines"]
    ready = with_position(prepared(empty_rows(spark, SOURCE, "sales"), SOURCE, "sales"), feed, SOURCE)
    said = said_of(evaluated(with_joined(ready, SOURCE, feed, {}), SOURCE, "order_lines"))
    for number in ("quantity", "unit_price"):
        assert said.count(f"try_cast(_x_{number} AS DECIMAL(38,12))") == 1
    patterns = SOURCE.files["sales"].time_patterns
    assert said.count('function_name: "try_to_timestamp"') == len(patterns) > 1


def test_of_units_nothing_is_read_but_what_names_them(spark: SparkSession) -> None:
    said = said_of(
        units_of({"sales": empty_rows(spark, SOURCE, "sales")}, "sales", SOURCE, "order_lines", {"sales": False})
    )
    assert "_x_order_id" in said
    assert "_x_quantity" not in said
    assert "try_to_timestamp" not in said
