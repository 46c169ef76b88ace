"""The table of features follows what changed and the day it is seen from, and equals one that is made anew."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from lakehouse.delta.log import table_path
from lakehouse.delta.rows import partition_values
from lakehouse.lake import Lake
from lakehouse.settings import Settings, load_settings
from lakehouse.settings.models import Churn, Models
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.features import CUSTOMER_FEATURES
from lakehouse.tables.gold.sales import MART_CURRENCIES, ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from ml.features.step import STEP, wanted_cut_offs
from tests.gold.growing import Growing
from tests.ml.features.shop import back, contact, order, version

FEBRUARY, MARCH, APRIL = (date(2024, month, 1) for month in (2, 3, 4))
AS_OF = date(2024, 4, 10)


def settings() -> Settings:
    return load_settings(models=Models(churn=Churn(cut_offs=4, look_back_days=60)))


class Shop(Growing):
    """Three customers since January 2024, seen from 10 April."""

    def __init__(self, spark: SparkSession, root: Path) -> None:
        super().__init__(spark, root, settings(), STEP)
        self.as_of = AS_OF
        self.has(ORDER_TOTALS, [order("1", "2024-01-05", "A"), order("2", "2024-02-20", "B", 40)])
        self.has(ORDER_TOTALS, [order("3", "2024-03-20", "A"), order("4", "2024-04-02", "C")])
        self.has(DIM_CUSTOMER, [version(name) for name in "ABC"])
        self.has(MART_CURRENCIES, [{"source_system": "s", "reporting_currency": "GBP", "is_converted": False}])

    def written(self) -> set[date]:
        """Publishes; the cut-offs that were written anew."""
        lake = Lake(self.spark, self.root / "increments", run_id="look", as_of=self.as_of)
        before = _files(lake)
        return {cut_off for cut_off, files in _files(self.publish()).items() if before.get(cut_off) != files}

    def check(self) -> None:
        """What the increments led to is what a rebuild gives."""
        lake = Lake(self.spark, self.root / "increments", run_id="look", as_of=self.as_of)
        assert self.content(lake) == self.rebuilt()


def _files(lake: Lake) -> dict[date, set[str]]:
    found: dict[date, set[str]] = {}
    for file in DeltaTable(table_path(lake.root, CUSTOMER_FEATURES)).file_uris():
        (part,) = [part for part in file.split("/") if part.startswith("cut_off=")]
        found.setdefault(date.fromisoformat(part.removeprefix("cut_off=")), set()).add(file)
    return found


@pytest.fixture
def shop(spark: SparkSession, tmp_path: Path) -> Shop:
    shop = Shop(spark, tmp_path)
    shop.publish()
    return shop


def test_cut_offs_are_month_starts_and_the_day_itself() -> None:
    assert wanted_cut_offs(AS_OF, 3) == [FEBRUARY, MARCH, APRIL, AS_OF]
    assert wanted_cut_offs(date(2024, 1, 1), 2) == [date(2023, 12, 1), date(2024, 1, 1)]


def test_month_starts_hold_who_ordered_lately_and_as_of_everyone(shop: Shop) -> None:
    lake = Lake(shop.spark, shop.root / "increments", run_id="look", as_of=AS_OF)
    rows = lake.read(CUSTOMER_FEATURES).select("cut_off", "customer_durable_key").collect()
    found = sorted((row[0], chr(row[1])) for row in rows)
    asked = {FEBRUARY: "A", MARCH: "AB", APRIL: "AB", AS_OF: "ABC"}
    assert found == [(cut_off, name) for cut_off, names in asked.items() for name in names]


def test_a_second_run_commits_nothing(shop: Shop) -> None:
    lake = Lake(shop.spark, shop.root / "increments", run_id="look", as_of=AS_OF)
    before = lake.version(CUSTOMER_FEATURES)
    assert shop.publish().version(CUSTOMER_FEATURES) == before


def test_nothing_is_committed_where_what_changed_plays_no_part(shop: Shop) -> None:
    lake = Lake(shop.spark, shop.root / "increments", run_id="look", as_of=AS_OF)
    before = lake.version(CUSTOMER_FEATURES)
    shop.has(CAMPAIGN_TOUCHES, [contact("t", "2024-02-10 09:00", "A", is_holdout=True)])
    shop.has(DIM_CUSTOMER, [version("D", country_code="GB")])
    assert shop.publish().version(CUSTOMER_FEATURES) == before


LATE: dict[str, tuple[Any, list[dict[str, Any]], set[date]]] = {
    "an order of yesterday": (ORDER_TOTALS, [order("6", "2024-04-09", "B")], {AS_OF}),
    "an order of a cut-off's own day": (ORDER_TOTALS, [order("5", "2024-03-01", "C")], {APRIL, AS_OF}),
    "a late order": (ORDER_TOTALS, [order("7", "2024-02-29", "C")], {MARCH, APRIL, AS_OF}),
    "a late return": (FACT_RETURNS, [back("R", "2024-03-31", "B")], {APRIL, AS_OF}),
    "a late contact": (CAMPAIGN_TOUCHES, [contact("t", "2024-02-10 09:00", "A")], {MARCH, APRIL, AS_OF}),
}


def test_cut_offs_after_the_earliest_change_are_built_again_and_no_others(shop: Shop) -> None:
    written = {}
    for name, (table, rows, _) in LATE.items():
        shop.has(table, rows)
        written[name] = shop.written()
    assert written == {name: cut_offs for name, (*_, cut_offs) in LATE.items()}
    shop.check()


def test_what_is_gone_or_another_counts_as_changed(shop: Shop) -> None:
    orders = shop.rows[ORDER_TOTALS.name]
    orders[1] = orders[1] | {"units": 7}
    assert shop.written() == {MARCH, APRIL, AS_OF}
    del orders[2]
    assert shop.written() == {APRIL, AS_OF}
    shop.check()


def test_a_refund_of_an_old_order_is_no_change_of_the_order(shop: Shop) -> None:
    orders = shop.rows[ORDER_TOTALS.name]
    orders[0] = orders[0] | {"refund_amount": Decimal(7)}
    assert shop.written() == set()


def test_other_attributes_concern_the_cut_offs_from_then_on(shop: Shop) -> None:
    moved = datetime.fromisoformat("2024-03-10T12:00:00+00:00")
    customers = shop.rows[DIM_CUSTOMER.name]
    customers[0] = customers[0] | {"valid_to": moved}
    customers.append(version("A", key=1, valid_from=moved, country_code="FR"))
    assert shop.written() == {APRIL, AS_OF}
    shop.check()


def test_the_next_day_takes_the_place_of_the_day_before(shop: Shop) -> None:
    shop.as_of = date(2024, 4, 11)
    assert shop.written() == {date(2024, 4, 11)}
    path = Lake(shop.spark, shop.root / "increments", run_id="look", as_of=AS_OF).path(CUSTOMER_FEATURES)
    assert sorted(partition_values(path, "cut_off")) == ["2024-02-01", "2024-03-01", "2024-04-01", "2024-04-11"]
    shop.check()


@pytest.mark.long
def test_everyone_is_asked_about_at_a_month_start_only_while_it_is_today(shop: Shop) -> None:
    shop.as_of = date(2024, 5, 1)
    shop.publish()
    shop.as_of = date(2024, 5, 2)
    assert shop.written() == {date(2024, 5, 1), date(2024, 5, 2)}
    shop.check()
    shop.as_of = date(2024, 5, 1)
    shop.publish()
    shop.check()
