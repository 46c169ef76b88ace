"""An increment builds again the months that a change reaches, and no others."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.gold.refresh import Months, in_months, months_changed, months_due, months_naming, restated
from lakehouse.gold.star import dim_customer, fact_returns, fact_sales
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.settings import Settings, load_settings
from lakehouse.step import Step
from lakehouse.tables.gold import DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES, RETURNS
from tests.gold.conftest import FIRST, LAST, day
from tests.gold.growing import NOW, Growing
from tests.gold.stars import frame, refund, sale

pytestmark = pytest.mark.spark

JANUARY, MARCH = date(2024, 1, 1), date(2024, 3, 1)


def build(lake: Lake, settings: Settings) -> None:
    for step in (dim_customer.STEP, fact_returns.STEP):
        step.build(lake, settings)


def build_sales(lake: Lake, settings: Settings) -> None:
    for step in (dim_customer.STEP, fact_sales.STEP):
        step.build(lake, settings)


# Only members that the published dimension holds are looked at.
CUSTOMERS_AND_RETURNS = Step(
    "customers and returns",
    fact_returns.STEP.reads,
    (*dim_customer.STEP.writes, *fact_returns.STEP.writes),
    build,
)


CUSTOMERS_AND_SALES = Step(
    "customers and sales",
    (*dim_customer.STEP.reads, *(one for one in fact_sales.STEP.reads if one not in dim_customer.STEP.reads)),
    (*dim_customer.STEP.writes, *fact_sales.STEP.writes),
    build_sales,
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


def test_a_table_that_did_not_change_has_no_changed_months(spark: SparkSession, tmp_path: Path) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=NOW.date())
    lake.overwrite(FACT_RETURNS, frame(spark, FACT_RETURNS, [refund("A", "2024-01-10", 1)]))
    publish(lake, batches=[], configuration={}, now=NOW)
    assert months_changed(Lake(spark, tmp_path, run_id="s", as_of=NOW.date()), FACT_RETURNS) == set()


def test_a_table_that_is_new_makes_all_that_is_written_with_it_from_everything(
    spark: SparkSession, tmp_path: Path
) -> None:
    lake = Lake(spark, tmp_path, run_id="r", as_of=NOW.date())
    lake.overwrite(FACT_RETURNS, frame(spark, FACT_RETURNS, [refund("A", "2024-01-10", 1)]))
    publish(lake, batches=[], configuration={}, now=NOW)
    lake = Lake(spark, tmp_path, run_id="s", as_of=NOW.date())
    assert months_due(lake, (FACT_RETURNS,), (FACT_RETURNS,), lambda _: {MARCH}) == Months(frozenset({MARCH}))
    assert months_due(lake, (FACT_RETURNS,), (FACT_RETURNS,), lambda _: set()) is None
    for writes, reads in (((FACT_RETURNS, FACT_SALES), ()), ((FACT_RETURNS,), (FACT_SALES,))):
        assert months_due(lake, writes, reads, lambda _: {MARCH}) == Months(None)


def test_members_are_restated_where_they_are_what_they_were_but_for_some_columns(
    spark: SparkSession, tmp_path: Path
) -> None:
    def products(**merchandise: bool) -> list[dict[str, Any]]:
        return [
            {"product_key": ord(name), "product_id": name, "is_merchandise": is_it}
            for name, is_it in merchandise.items()
        ]

    lake = Lake(spark, tmp_path, run_id="r", as_of=NOW.date())
    lake.overwrite(DIM_PRODUCT, frame(spark, DIM_PRODUCT, products(a=True, b=True)))
    days = {"a": "2024-01-10", "b": "2024-03-10"}
    returns = [refund(name, when, 1, product_key=ord(name)) for name, when in days.items()]
    lake.overwrite(FACT_RETURNS, frame(spark, FACT_RETURNS, returns))
    publish(lake, batches=[], configuration={}, now=NOW)
    lake = Lake(spark, tmp_path, run_id="s", as_of=NOW.date())
    assert restated(lake, DIM_PRODUCT, ["is_merchandise"]) is None
    wanted = [*products(b=False, c=True), products(a=True)[0] | {"product_name": "another"}]
    lake.replace_rows(DIM_PRODUCT, frame(spark, DIM_PRODUCT, wanted), lake.read(DIM_PRODUCT))
    found = restated(lake, DIM_PRODUCT, ["is_merchandise"])
    assert found is not None
    assert [row[0] for row in found.collect()] == [ord("b")]
    assert months_naming(lake, found, [FACT_RETURNS]) == {MARCH}
    assert months_naming(lake, found.limit(0), [FACT_RETURNS]) == months_naming(lake, None, [FACT_RETURNS]) == set()


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


def test_lines_are_built_again_where_they_changed_and_where_their_customer_was_another_one(
    spark: SparkSession, tmp_path: Path
) -> None:
    shop = Growing(spark, tmp_path, load_settings(), CUSTOMERS_AND_SALES)
    may = day("2024-05-01")
    shop.has(CUSTOMERS, [*lives("C", ("Bath", LAST)), *lives("E", ("Bath", may), ("Bonn", LAST))])
    days = {"C1": "2024-01-10", "C2": "2024-06-10", "D1": "2024-03-10", "D2": "2024-05-10", "E1": "2024-04-10"}
    shop.has(ORDER_LINES, (sold(order, when) for order, when in days.items()))
    shop.publish()
    # C never lived in Bath, E moved to York in between, and of D2 another amount is known.
    later = [*lives("C", ("York", LAST)), *lives("E", ("Bath", day("2024-03-20")), ("York", may), ("Bonn", LAST))]
    shop.rows[CUSTOMERS.name] = later
    shop.rows[ORDER_LINES.name] = [sold(order, when, 11 if order == "D2" else 10) for order, when in days.items()]
    lake = shop.publish()
    rows = DeltaTable(lake.path(FACT_SALES)).load_cdf(starting_version=lake.version(FACT_SALES)).read_all()
    assert {month.month for month in pa.table(rows)["order_month"].to_pylist()} == {1, 4, 5, 6}
    assert shop.content(lake) == shop.rebuilt()


def lives(customer: str, *places: tuple[str, datetime]) -> list[dict[str, Any]]:
    """The versions of a customer, each with its city and its end."""
    ends = [end for _, end in places]
    begins = [FIRST, *ends[:-1]]
    whole = {"source_system": "s", "customer_id": customer}
    return [
        whole | {"city": city, "valid_from": begin, "valid_to": end, "is_current": end == LAST}
        for (city, end), begin in zip(places, begins, strict=True)
    ]


def sold(order: str, when: str, revenue: int = 10) -> dict[str, Any]:
    bought = {"customer_id": order[0], "product_id": "P", "quantity": 1, "ordered_at": day(when)}
    return sale(order, 1, when, revenue, **bought)


def returned(name: str, when: str) -> dict[str, Any]:
    """A return of which the sold line is not known."""
    at, on = day(when), date.fromisoformat(when)
    times = {"returned_at": at, "return_date": on, "return_month": on.replace(day=1)}
    return {"return_id": name, "customer_id": "C", "order_id": None, "quantity": 1} | times
