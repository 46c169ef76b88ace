"""gold.product_affinity over several publications: what makes it anew, what leaves it as it is; always as rebuilt."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rich.console import Console

from lakehouse.events import Events
from lakehouse.gold.product_affinity import STEP
from lakehouse.lake import Lake
from lakehouse.publication import publish
from lakehouse.run import run_steps
from lakehouse.settings import Settings, load_settings
from lakehouse.tables.campaign_marts import PRODUCT_AFFINITY
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from tests.gold.stars import Row, frame, sale

KEYS_FROM = {"s": 0, "t": 1000}
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


class Shop:
    """A star of products and sales that changes, and the table that follows from it."""

    def __init__(self, spark: SparkSession, root: Path, settings: Settings) -> None:
        self.spark, self.root, self.settings = spark, root, settings
        self.products = {source + letter: self.product(letter, source) for source in KEYS_FROM for letter in "abcdefgh"}
        self.lines: list[Row] = []
        self.as_of = date(2024, 7, 1)

    @staticmethod
    def product(letter: str, source: str = "s", **more: Any) -> Row:
        number = KEYS_FROM[source] + ord(letter)
        key = {"source_system": source, "product_id": letter, "product_key": number, "product_durable_key": number}
        usual = {"product_name": f"{letter} of old", "is_merchandise": True, "is_current": True, "valid_from": ALWAYS}
        return key | usual | more

    def sold(self, day: str, *orders: str, status: str = "completed", source: str = "s") -> None:
        more = {"order_status": status, "source_system": source}
        for order in orders:
            number = f"{day} {len(self.lines)}"
            self.lines += [
                sale(number, line, day, 1, product_key=KEYS_FROM[source] + ord(name), **more)
                for line, name in enumerate(order)
            ]

    def lake(self, name: str) -> Lake:
        lake = Lake(self.spark, self.root / name, run_id="test", as_of=self.as_of)
        for table, rows in ((DIM_PRODUCT, self.products.values()), (FACT_SALES, self.lines)):
            lake.ensure(table)
            lake.replace_rows(table, frame(self.spark, table, rows), lake.read(table))
        return lake

    def publish(self, name: str = "increments") -> Lake:
        lake = self.lake(name)
        lake.ensure(PRODUCT_AFFINITY)
        with Events(lake.root, "test", progress=Console(file=io.StringIO())) as events:
            run_steps((STEP,), lake, self.settings, events)
        publish(lake, batches=[], configuration={}, now=datetime(2024, 7, 1, tzinfo=UTC))
        return lake

    def rebuilt(self) -> list[Any]:
        return rows_of(self.publish("rebuilt"))


def rows_of(lake: Lake) -> list[Any]:
    return sorted((tuple(row) for row in lake.read(PRODUCT_AFFINITY).collect()), key=str)


def together(rows: Iterable[Any]) -> dict[str, int]:
    place = PRODUCT_AFFINITY.column_names.index("orders_together")
    return {row[1] + row[2]: row[place] for row in rows}


@pytest.fixture
def shop(spark: SparkSession, tmp_path: Path) -> Shop:
    settings = load_settings()
    few = {"least_orders": 2, "products_per_class": 1, "price_classes": 2, "most_companions": 3}
    rules = settings.analytics.affinity.model_copy(update=few)
    analytics = settings.analytics.model_copy(update={"affinity": rules})
    shop = Shop(spark, tmp_path, settings.model_copy(update={"analytics": analytics}))
    shop.sold("2024-03-05", "ab", "ab", "cd", "cd", "c", "d", "ef", "eh", "fg")
    shop.sold("2024-04-02", "ab", "c")
    return shop


@pytest.mark.long
def test_days_of_a_running_month_and_orders_that_do_not_count_make_no_commit(shop: Shop) -> None:
    first = shop.publish()
    assert together(rows_of(first)) == {"ab": 2, "ba": 2, "cd": 2, "dc": 2}
    shop.sold("2024-04-20", "ab", "ef")
    shop.sold("2024-03-30", "ab", status="cancelled")
    shop.products["sx"] = Shop.product("x")
    assert shop.publish().version(PRODUCT_AFFINITY) == first.version(PRODUCT_AFFINITY)
    assert rows_of(first) == shop.rebuilt()


@pytest.mark.long
def test_a_month_that_is_over_counts_whoever_closed_it(shop: Shop) -> None:
    shop.publish()
    shop.sold("2024-05-01", "c")
    by_data = rows_of(shop.publish())
    assert together(by_data) == {"ab": 3, "ba": 3, "cd": 2, "dc": 2}
    # Seen from an earlier day, the order of May is not known yet.
    shop.as_of = date(2024, 5, 1)
    assert together(rows_of(shop.publish())) == {"ab": 2, "ba": 2, "cd": 2, "dc": 2}
    shop.as_of = date(2024, 5, 2)
    by_day = shop.publish()
    assert rows_of(by_day) == by_data == shop.rebuilt()


@pytest.mark.long
def test_what_changes_in_months_that_are_over_is_followed_source_by_source(shop: Shop) -> None:
    shop.sold("2024-02-01", "ab", "ab", "c", source="t")
    shop.sold("2024-03-01", "c", source="t")
    shop.publish()
    shop.sold("2024-01-15", "ef", "ef")
    shop.products["sd"] = Shop.product("d", is_merchandise=False)
    changed = shop.publish()
    rows = rows_of(changed)
    assert together(row for row in rows if row[0] == "s") == {"ab": 2, "ba": 2, "ef": 3, "fe": 3}
    assert len([row for row in rows if row[0] == "t"]) == 2
    assert rows == shop.rebuilt()
    shop.lines = [row for row in shop.lines if row["source_system"] == "s"]
    assert {row[0] for row in rows_of(shop.publish())} == {"s"}
