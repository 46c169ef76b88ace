"""What the gate measures is the same whichever engine answers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakehouse.lake.query import ONE_PROCESS
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, MODELS
from lakehouse.tables.gold.customers import CUSTOMER_RFM
from lakehouse.tables.gold.sales import DAILY_SALES, MART_CURRENCIES
from quality.checks.every import checks_by_table
from quality.heads import Heads
from quality.verdicts import Measured
from tests.lakes import write
from tests.quality.star import Star

SHOP = {"source_system": "shop", "currency": "GBP"}


def measures(heads: Heads) -> dict[str, Measured]:
    checks = (check for of_table in checks_by_table({}).values() for check in of_table)
    found = {check.rule: check.measure(heads) for check in checks}
    heads.release()
    return found


def test_duckdb_and_spark_measure_the_same(spark: SparkSession, tmp_path: Path) -> None:
    star = Star().add(DIM_CUSTOMER, customer_key=2).add(DIM_PRODUCT).change(FACT_SALES, 2, product_key=7)
    star.change(FACT_RETURNS, quantity=9).change(FACT_SALES, 0, net_revenue=Decimal("4.01"))
    lake = star.staged(spark, tmp_path)
    converted = {"source_system": "shop", "reporting_currency": "EUR", "is_converted": True}
    write(tmp_path, MART_CURRENCIES, [converted])
    write(tmp_path, DAILY_SALES, [SHOP | {"units": 6, "gross_revenue": Decimal(15), "net_revenue": Decimal(12)}])
    write(tmp_path, CUSTOMER_RFM, [SHOP | {"customer_durable_key": 1, "monetary": Decimal(12)}])
    write(tmp_path, CAMPAIGN_ATTRIBUTION, [SHOP | dict.fromkeys(MODELS, 0.5)])
    by_duckdb = measures(Heads(lake, batches=[1]))
    by_spark = measures(Heads(lake, batches=[1], one_process=-1))
    assert len(by_duckdb) > 100
    assert {rule: (one.figure, one.observed, len(one.examples)) for rule, one in by_duckdb.items()} == {
        rule: (one.figure, one.observed, len(one.examples)) for rule, one in by_spark.items()
    }
    assert by_duckdb["gold.campaign_attribution.credits_add_up"].figure == 1


@pytest.mark.parametrize("one_process", [ONE_PROCESS, -1], ids=["by DuckDB", "by Spark"])
def test_what_is_published_answers_where_it_is_asked(spark: SparkSession, tmp_path: Path, one_process: int) -> None:
    lake = Star().change(FACT_SALES, 0, net_revenue=Decimal(5)).staged_after_the_sound_one(spark, tmp_path)
    sold = "SELECT sum(net_revenue) FROM gold.fact_sales"
    answers = []
    for published in (True, False):
        heads = Heads(lake, one_process=one_process, published=published)
        answers += heads.ask(sold)
        heads.release()
    assert answers == [(Decimal(12),), (Decimal(13),)]
