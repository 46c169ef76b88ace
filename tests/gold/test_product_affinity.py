"""Pairs of products: counts and expectations by hand, planted pairs among random baskets."""

from __future__ import annotations

import random
from datetime import date

import pytest
from pyspark.sql import SparkSession

from lakehouse.analytics import Affinity
from lakehouse.gold._baskets import baskets, last_whole_months, product_counts
from lakehouse.gold.product_affinity import companions, eligible, judged, pairs, product_affinity
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from tests.gold.stars import Row, frame, sale

RULES = Affinity(least_orders=2, least_support=0.0, false_discovery_rate=0.05, most_companions=50)
AS_OF = date(2024, 3, 1)


def found(
    spark: SparkSession,
    orders: list[str],
    rules: Affinity = RULES,
    *,
    status: dict[int, str] | None = None,
    days: dict[int, str] | None = None,
    as_of: date = AS_OF,
) -> dict[str, Row]:
    """By pair, the rows for orders whose letters are their products; `z` is no merchandise.

    Orders are by number; those of which nothing is said are completed ones of the last day of January.
    """
    names = sorted({letter for order in orders for letter in order})
    products = [
        {
            "product_key": ord(name),
            "product_durable_key": ord(name),
            "product_id": name,
            "product_name": name.upper(),
            "is_merchandise": name != "z",
            "is_current": True,
        }
        for name in names
    ]
    lines = [
        sale(
            str(number),
            line,
            (days or {}).get(number, "2024-01-31"),
            1,
            product_key=ord(name),
            order_status=(status or {}).get(number, "completed"),
        )
        for number, order in enumerate(orders)
        for line, name in enumerate(order)
    ]
    members, sales = frame(spark, DIM_PRODUCT, products), frame(spark, FACT_SALES, lines)
    items = baskets(sales, members, last_whole_months(sales, as_of))
    counts = product_counts(items)
    kept = companions(judged(pairs(items, eligible(counts, rules)), rules), rules)
    rows = product_affinity(kept, counts, members).collect()
    return {row["product_id"] + row["companion_id"]: row.asDict() for row in rows}


def test_the_worked_example_of_the_docs(spark: SparkSession) -> None:
    rows = found(spark, ["ab", "ab", "ac", "c", "b"])
    assert set(rows) == {"ab", "ba"}
    row = rows["ab"]
    assert (row["orders_together"], row["orders_with_product"], row["orders_with_companion"]) == (2, 3, 3)
    assert [row[name] for name in ("support", "confidence", "lift")] == pytest.approx([2 / 5, 2 / 3, 10 / 9])
    assert [row[name] for name in ("expected_orders", "adjusted_lift")] == pytest.approx([1.0, 2.0])


def test_a_product_twice_in_an_order_postage_and_cancelled_orders_make_no_pair(spark: SparkSession) -> None:
    assert found(spark, ["aab", "az", "az", "ab", "ab"], status={3: "cancelled", 4: "pending"}) == {}


def test_only_months_that_are_over_count(spark: SparkSession) -> None:
    orders = ["ab", "ab", "ab", "ab", "c"]
    days = {1: "2023-12-05", 2: "2024-02-01", 3: "2024-02-02"}
    by_end = {"2024-02-28": 2, "2024-02-29": 4}
    for end, together in by_end.items():
        # The last order says how far the data go, whatever its status.
        rows = found(spark, orders, days=days | {4: end}, status={4: "cancelled"})
        assert rows["ab"]["orders_together"] == together
    assert found(spark, orders, days=days | {4: "2024-02-29"}, as_of=date(2024, 2, 29))["ab"]["orders_together"] == 2
    assert found(spark, ["ab", "ab"], days={0: "2024-01-01", 1: "2024-01-30"}) == {}


def test_only_the_best_companions_of_a_product_are_kept(spark: SparkSession) -> None:
    orders = ["ab"] * 6 + ["ac"] * 4 + ["ad"] * 3 + list("bcd") * 9
    rules = RULES.model_copy(update={"most_companions": 1})
    rows = found(spark, orders, rules)
    assert set(rows) == {"ab", "ba", "ca", "da"}
    # What is left out counted: no figure of the others is another one.
    assert rows == {pair: row for pair, row in found(spark, orders).items() if pair in rows}


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
    rows = found(spark, orders, RULES.model_copy(update={"least_orders": 4}))
    called = {pair for pair, row in rows.items() if row["is_significant"] and pair[0] < pair[1]}
    planted = {letters[place] + letters[place + 15] for place in range(10, 14)}
    assert planted <= called
    assert len(called - planted) <= 1
    # Popular products are together often, and plain lift alone does not tell that from affinity.
    assert all(row["q_value"] >= row["p_value"] for row in rows.values())
