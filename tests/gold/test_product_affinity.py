"""Pairs of products: counts and expectations by hand, planted pairs among random baskets."""

from __future__ import annotations

import random

import pytest
from pyspark.sql import SparkSession

from lakehouse.analytics import Affinity
from lakehouse.gold.product_affinity import baskets, judged, pairs, product_affinity, product_counts
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from tests.gold.stars import Row, frame, sale

RULES = Affinity(least_orders=2, least_support=0.0, false_discovery_rate=0.05)


def found(spark: SparkSession, orders: list[str], rules: Affinity = RULES, **status: str) -> dict[str, Row]:
    """By pair, the rows for orders whose letters are their products; `z` is no merchandise."""
    names = sorted({letter for order in orders for letter in order})
    products = [
        {"product_key": ord(name), "product_id": name, "is_merchandise": name != "z", "is_current": True}
        for name in names
    ]
    lines = [
        sale(
            str(number),
            line,
            "2024-01-01",
            1,
            product_key=ord(name),
            **({"order_status": status[str(number)]} if str(number) in status else {}),
        )
        for number, order in enumerate(orders)
        for line, name in enumerate(order)
    ]
    members = frame(spark, DIM_PRODUCT, products)
    items = baskets(frame(spark, FACT_SALES, lines), members)
    rows = product_affinity(judged(pairs(items, product_counts(items), rules), rules), members).collect()
    return {row["product_id"] + row["companion_id"]: row.asDict() for row in rows}


def test_the_worked_example_of_the_docs(spark: SparkSession) -> None:
    rows = found(spark, ["ab", "ab", "ac", "c", "b"])
    assert set(rows) == {"ab", "ba"}
    row = rows["ab"]
    assert (row["orders_together"], row["orders_with_product"], row["orders_with_companion"]) == (2, 3, 3)
    assert [row[name] for name in ("support", "confidence", "lift")] == pytest.approx([2 / 5, 2 / 3, 10 / 9])
    assert [row[name] for name in ("expected_orders", "adjusted_lift")] == pytest.approx([1.0, 2.0])


def test_a_product_twice_in_an_order_postage_and_cancelled_orders_make_no_pair(spark: SparkSession) -> None:
    assert found(spark, ["aab", "az", "az", "ab", "ab"], **{"3": "cancelled", "4": "pending"}) == {}


def test_planted_pairs_are_found_and_hardly_any_other(spark: SparkSession) -> None:
    draw = random.Random(5)
    letters = [chr(code) for code in range(0x100, 0x128)]
    popular = [1 / (place + 3) for place in range(40)]
    orders = []
    for _ in range(1500):
        basket = draw.choices(letters, popular, k=draw.choice([1, 1, 1, 2, 2, 3]))
        if basket[0] in letters[10:14] and draw.random() < 0.4:
            basket.append(letters[letters.index(basket[0]) + 15])
        orders.append("".join(basket))
    rules = Affinity(least_orders=4, least_support=0.0, false_discovery_rate=0.05)
    rows = found(spark, orders, rules)
    called = {pair for pair, row in rows.items() if row["is_significant"] and pair[0] < pair[1]}
    planted = {letters[place] + letters[place + 15] for place in range(10, 14)}
    assert planted <= called
    assert len(called - planted) <= 1
    # Popular products are together often, and plain lift alone does not tell that from affinity.
    assert all(row["q_value"] >= row["p_value"] for row in rows.values())
