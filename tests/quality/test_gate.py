"""What the gate lets through, and what it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.gold import DIM_CAMPAIGN, DIM_CUSTOMER, DIM_DATE, DIM_GEOGRAPHY, DIM_PRODUCT, FACT_SALES
from lakehouse.tables.model import Table
from lakehouse.tables.silver import ORDER_LINES
from quality.gate import Refused, check

WHEN = datetime(2024, 1, 1, tzinfo=UTC)
SAMPLES: dict[str, Any] = {
    "STRING": "x", "BIGINT": 1, "INT": 1, "DATE": date(2024, 1, 1), "TIMESTAMP": WHEN, "BOOLEAN": True,
    "DECIMAL(18,4)": Decimal(1), "ARRAY<STRING>": [], "MAP<STRING,STRING>": {},
}  # fmt: skip


@pytest.fixture
def lake(spark: SparkSession, tmp_path: Path) -> Lake:
    return Lake(spark, tmp_path, run_id="r", as_of=date(2024, 2, 1))


def put(lake: Lake, table: Table, **given: Any) -> None:
    """A row of the table: what is given, and any value for what else must be there."""
    row = {column.name: SAMPLES[column.type] for column in table.columns if not column.nullable} | given
    lake.append_rows(table, [row])


def put_star(lake: Lake, **line: Any) -> None:
    money = {"gross_revenue": Decimal(1), "net_revenue": Decimal(1), "discount": Decimal(0)} | line
    put(lake, ORDER_LINES, order_status="completed", **money)
    put(lake, FACT_SALES, order_status="completed", **money)
    for dimension in (DIM_CUSTOMER, DIM_PRODUCT, DIM_DATE, DIM_GEOGRAPHY, DIM_CAMPAIGN):
        put(lake, dimension)


def test_a_sound_star_passes(lake: Lake) -> None:
    put_star(lake)
    check(lake)
    assert lake.read(FACT_SALES).count() == 1


def test_a_key_twice_an_orphan_and_a_lost_penny_are_each_named(lake: Lake) -> None:
    put_star(lake)
    penny = Decimal("1.01")
    put(lake, ORDER_LINES, order_status="completed", order_id="y", gross_revenue=penny, net_revenue=penny, discount=Decimal(0))  # fmt: skip  # noqa: E501
    cheap = {"gross_revenue": Decimal(1), "net_revenue": Decimal(1), "discount": Decimal(0)}
    put(lake, FACT_SALES, order_status="completed", order_id="y", product_key=7, **cheap)
    put(lake, DIM_CUSTOMER)
    with pytest.raises(Refused) as refused:
        check(lake)
    said = [str(failure) for failure in refused.value.failures]
    assert any("gold.dim_customer: unique key (customer_key)" in one for one in said)
    assert any("gold.fact_sales: (product_key) refers to gold.dim_product" in one for one in said)
    assert any("net_revenue of x/x equals silver.order_lines: 2.0000 is not 2.0100" in one for one in said)
