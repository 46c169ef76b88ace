"""gold.product_affinity over several publications: what makes it anew, what leaves it as it is; always as rebuilt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold.products.product_affinity import STEP
from lakehouse.lake import Lake
from lakehouse.settings import load_settings
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from lakehouse.tables.gold.products import PRODUCT_AFFINITY
from tests.gold.growing import Growing
from tests.gold.stars import Row, sale

pytestmark = pytest.mark.long
KEYS_FROM = {"s": 0, "t": 1000}
ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


def product(letter: str, source: str = "s", **more: Any) -> Row:
    number = KEYS_FROM[source] + ord(letter)
    key = {"source_system": source, "product_id": letter, "product_key": number, "product_durable_key": number}
    usual = {"product_name": f"{letter} of old", "is_merchandise": True, "is_current": True, "valid_from": ALWAYS}
    return key | usual | more


class Shop(Growing):
    """Products and sales of two sources."""

    def sold(self, day: str, *orders: str, status: str = "completed", source: str = "s") -> None:
        more = {"order_status": status, "source_system": source}
        first = len(self.rows[FACT_SALES.name])
        self.has(
            FACT_SALES,
            (
                sale(f"{day} {first} {number}", line, day, 1, product_key=KEYS_FROM[source] + ord(name), **more)
                for number, order in enumerate(orders)
                for line, name in enumerate(order)
            ),
        )

    def tells(self, letter: str, **more: Any) -> None:
        """Another thing of a product of source s."""
        others = [
            row for row in self.rows[DIM_PRODUCT.name] if (row["source_system"], row["product_id"]) != ("s", letter)
        ]
        self.rows[DIM_PRODUCT.name] = [*others, product(letter, **more)]

    def found(self, lake: Lake) -> list[Any]:
        return self.content(lake)[PRODUCT_AFFINITY.name]


def together(rows: Iterable[Any]) -> dict[str, int]:
    place = PRODUCT_AFFINITY.column_names.index("orders_together")
    return {row[1] + row[2]: row[place] for row in rows}


@pytest.fixture
def shop(spark: SparkSession, tmp_path: Path) -> Shop:
    settings = load_settings()
    few = {"least_orders": 2, "products_per_class": 1, "price_classes": 2, "most_companions": 3}
    rules = settings.analytics.affinity.model_copy(update=few)
    analytics = settings.analytics.model_copy(update={"affinity": rules})
    shop = Shop(spark, tmp_path, settings.model_copy(update={"analytics": analytics}), STEP)
    shop.has(DIM_PRODUCT, (product(letter, source) for source in KEYS_FROM for letter in "abcdefgh"))
    shop.sold("2024-03-05", "ab", "ab", "cd", "cd", "c", "d", "ef", "eh", "fg")
    shop.sold("2024-04-02", "ab", "c")
    return shop


def test_days_of_a_running_month_and_orders_that_do_not_count_make_no_commit(shop: Shop) -> None:
    first = shop.publish()
    version = first.version(PRODUCT_AFFINITY)
    assert together(shop.found(first)) == {"ab": 2, "ba": 2, "cd": 2, "dc": 2}
    shop.sold("2024-04-20", "ab", "ef")
    shop.sold("2024-03-30", "ab", status="cancelled")
    shop.tells("x")
    shop.tells("a", product_name="a, renamed")
    assert shop.publish().version(PRODUCT_AFFINITY) == version
    assert shop.content(first) == shop.rebuilt()


def test_a_month_that_is_over_counts_whoever_closed_it(shop: Shop) -> None:
    shop.publish()
    shop.sold("2024-05-01", "c")
    by_data = shop.found(shop.publish())
    assert together(by_data) == {"ab": 3, "ba": 3, "cd": 2, "dc": 2}
    # Seen from an earlier day, the order of May is not known yet.
    assert together(shop.found(shop.publish(as_of=date(2024, 5, 1)))) == {"ab": 2, "ba": 2, "cd": 2, "dc": 2}
    by_day = shop.publish(as_of=date(2024, 5, 2))
    assert shop.found(by_day) == by_data
    assert shop.content(by_day) == shop.rebuilt()


def test_what_changes_in_months_that_are_over_is_followed_source_by_source(shop: Shop) -> None:
    shop.sold("2024-02-01", "ab", "ab", "c", source="t")
    shop.sold("2024-03-01", "c", source="t")
    shop.publish()
    shop.sold("2024-01-15", "ef", "ef")
    shop.tells("d", is_merchandise=False)
    changed = shop.publish()
    rows = shop.found(changed)
    assert together(row for row in rows if row[0] == "s") == {"ab": 2, "ba": 2, "ef": 3, "fe": 3}
    assert len([row for row in rows if row[0] == "t"]) == 2
    assert shop.content(changed) == shop.rebuilt()
    shop.rows[FACT_SALES.name] = [row for row in shop.rows[FACT_SALES.name] if row["source_system"] == "s"]
    assert {row[0] for row in shop.found(shop.publish())} == {"s"}
