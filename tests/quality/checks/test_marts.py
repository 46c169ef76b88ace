"""Marts that do not add up to what they are made of are found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake import Lake
from lakehouse.tables.gold import FACT_SALES
from lakehouse.tables.gold.customers import CUSTOMER_RFM, RFM_SEGMENTS
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import DAILY_SALES, MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.model import Table
from quality.checks.marts import mart_checks
from quality.heads import Heads
from tests.lakes import write
from tests.quality.star import AS_OF

GBP = {"source_system": "s", "currency": "GBP"}
LINE = GBP | {
    "order_status": "completed", "quantity": 2, "gross_revenue": Decimal(8), "net_revenue": Decimal(8),
    "reporting_rate": Decimal(1), "reporting_currency": "GBP",
}  # fmt: skip
SUM = GBP | {"units": 4, "gross_revenue": Decimal(12), "net_revenue": Decimal(12)}
SOUND: list[tuple[Table, list[dict[str, object]]]] = [
    (
        FACT_SALES,
        [
            LINE,
            LINE | {"currency": "EUR", "reporting_rate": Decimal("0.5")},
            LINE | {"order_status": "cancelled", "quantity": 99},
        ],
    ),
    (MART_CURRENCIES, [{"source_system": "s", "reporting_currency": "GBP", "is_converted": True}]),
    (DAILY_SALES, [SUM]),
    (ORDER_TOTALS, [SUM]),
    (PRODUCT_DAYS, [SUM]),
    (CUSTOMER_RFM, [GBP | {"customer_durable_key": number, "monetary": Decimal(6)} for number in (1, 2)]),
    (RFM_SEGMENTS, [GBP | {"customers": 2, "monetary": Decimal(12)}]),
]


@pytest.mark.parametrize(
    ("broken", "values", "rules"),
    [
        (None, {}, set()),
        (DAILY_SALES, {"units": 5}, {"gold.daily_sales", "gold.order_totals", "gold.product_days"}),
        (PRODUCT_DAYS, {"net_revenue": Decimal("11.9999")}, {"gold.product_days"}),
        (RFM_SEGMENTS, {"customers": 1}, {"gold.rfm_segments"}),
    ],
    ids=["sound", "a unit too many", "a hundredth of a penny", "a customer lost"],
)
def test_a_mart_that_does_not_add_up_is_found(
    spark: SparkSession, tmp_path: Path, broken: object, values: dict[str, object], rules: set[str]
) -> None:
    for table, rows in SOUND:
        write(tmp_path, table, [row | values for row in rows] if table is broken else rows)
    heads = Heads(Lake(spark, tmp_path, run_id="r", as_of=AS_OF))
    found = {check.table.name for check in mart_checks() if check.measure(heads).figure}
    heads.release()
    assert found == rules
