"""An increment builds again the months that a change reaches, and no others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.gold.refresh import in_months, months_changed
from lakehouse.gold.star import dim_customer, fact_returns
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.settings import Settings, load_settings
from lakehouse.step import Step
from lakehouse.tables.gold import FACT_RETURNS
from lakehouse.tables.silver import CUSTOMERS, RETURNS
from tests.gold.conftest import FIRST, LAST, day
from tests.gold.growing import NOW, Growing
from tests.gold.stars import frame, refund

JANUARY, MARCH = date(2024, 1, 1), date(2024, 3, 1)


def build(lake: Lake, settings: Settings) -> None:
    for step in (dim_customer.STEP, fact_returns.STEP):
        step.build(lake, settings)


# Only members that the published dimension holds are looked at.
CUSTOMERS_AND_RETURNS = Step(
    "customers and returns",
    fact_returns.STEP.reads,
    (*dim_customer.STEP.writes, *fact_returns.STEP.writes),
    build,
)


def test_months_that_are_written_again_as_they_were_are_no_change(spark: SparkSession, tmp_path: Path) -> None:
    returns = [refund("A", "2024-01-10", 1), refund("B", "2024-03-10", 1)]
    lake = Lake(spark, tmp_path, run_id="r", as_of=NOW.date())
    lake.overwrite(FACT_RETURNS, frame(spark, FACT_RETURNS, returns))
    publish(lake, batches=[], configuration={}, now=NOW)
    lake = Lake(spark, tmp_path, run_id="s", as_of=NOW.date())
    again = frame(spark, FACT_RETURNS, [returns[0], returns[1] | {"refund_amount": Decimal(2)}])
    lake.replace_where(FACT_RETURNS, again, in_months("return_month", {JANUARY, MARCH}))
    assert months_changed(lake, FACT_RETURNS) == {MARCH}


def test_a_new_version_of_a_customer_binds_returns_again_from_its_month_on(spark: SparkSession, tmp_path: Path) -> None:
    shop = Growing(spark, tmp_path, load_settings(), CUSTOMERS_AND_RETURNS)
    lived = {"source_system": "s", "customer_id": "C", "valid_from": FIRST, "valid_to": LAST, "is_current": True}
    shop.has(RETURNS, (returned(name, when) for name, when in (("A", "2024-01-10"), ("B", "2024-03-10"))))
    shop.has(CUSTOMERS, [lived])
    shop.publish()
    moved = day("2024-02-15")
    shop.rows[CUSTOMERS.name] = [lived | {"valid_to": moved, "is_current": False}, lived | {"valid_from": moved}]
    lake = shop.publish()
    rows = DeltaTable(lake.path(FACT_RETURNS)).load_cdf(starting_version=lake.version(FACT_RETURNS)).read_all()
    assert set(pa.table(rows)["return_month"].to_pylist()) == {MARCH}
    assert shop.content(lake) == shop.rebuilt()


def returned(name: str, when: str) -> dict[str, Any]:
    """A return of which the sold line is not known."""
    at, on = day(when), date.fromisoformat(when)
    times = {"returned_at": at, "return_date": on, "return_month": on.replace(day=1)}
    return {"return_id": name, "customer_id": "C", "order_id": None, "quantity": 1} | times
