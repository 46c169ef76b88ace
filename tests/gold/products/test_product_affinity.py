"""Pairs of products: counts and expectations by hand, planted pairs among random baskets."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold.products.baskets import baskets, last_whole_months
from lakehouse.gold.products.product_affinity import affinity_of, touched_sources
from lakehouse.lake import Lake
from lakehouse.pipeline.publication import publish
from lakehouse.settings.marts import Affinity
from lakehouse.tables.gold import DIM_PRODUCT, FACT_SALES
from tests.gold.stars import Row, frame, sale

RULES = Affinity(
    least_orders=2,
    least_support=0.0,
    false_discovery_rate=0.05,
    price_classes=1,
    products_per_class=1,
    most_companions=50,
)
AS_OF = date(2024, 3, 1)


def found(
    spark: SparkSession,
    orders: list[str],
    rules: Affinity = RULES,
    *,
    status: dict[int, str] | None = None,
    days: dict[int, str] | None = None,
    price: Mapping[str, int] | None = None,
    as_of: date = AS_OF,
) -> dict[str, Row]:
    """By pair, the rows for orders whose letters are their products; `z` is no merchandise.

    Orders are by number; those of which nothing is said are completed ones of the last day of January.
    """
    names = sorted({letter for order in orders for letter in order})
    products = [
        dict.fromkeys(("product_key", "product_durable_key"), ord(name))
        | {"product_id": name, "is_merchandise": name != "z", "is_current": True}
        for name in names
    ]
    products += [one | {"product_key": one["product_key"] + 1_000, "is_current": False} for one in products]
    lines = [
        sale(
            str(number),
            line,
            (days or {}).get(number, "2024-01-31"),
            (price or {}).get(name, 1),
            product_key=ord(name),
            order_status=(status or {}).get(number, "completed"),
        )
        for number, order in enumerate(orders)
        for line, name in enumerate(order)
    ]
    members, sales = frame(spark, DIM_PRODUCT, products), frame(spark, FACT_SALES, lines)
    items = baskets(sales, members, last_whole_months(sales, as_of))
    rows = affinity_of(items, members, rules).collect()
    by_pair = {row["product_id"] + row["companion_id"]: row.asDict() for row in rows}
    assert len(by_pair) == len(rows)
    return by_pair


def test_the_worked_example_of_the_docs(spark: SparkSession) -> None:
    rows = found(spark, ["ab", "ab", "ac", "c", "b"])
    assert set(rows) == {"ab", "ba"}
    row = rows["ab"]
    assert (row["orders_together"], row["orders_with_product"], row["orders_with_companion"]) == (2, 3, 3)
    assert [row[name] for name in ("support", "confidence", "lift")] == pytest.approx([2 / 5, 2 / 3, 10 / 9])
    assert [row[name] for name in ("expected_orders", "adjusted_lift")] == pytest.approx([1.0, 2.0])


def test_a_product_twice_in_an_order_postage_and_cancelled_orders_make_no_pair(spark: SparkSession) -> None:
    assert found(spark, ["aab", "az", "az", "ab", "ab"], status={3: "cancelled", 4: "pending"}) == {}


def test_a_shop_whose_orders_hold_one_product_each_has_no_pair(spark: SparkSession) -> None:
    assert found(spark, ["a", "b", "a"]) == {}


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


def test_only_completed_lines_of_months_that_are_over_touch_their_source(lake: Lake) -> None:
    lake.overwrite(
        FACT_SALES, frame(lake.spark, FACT_SALES, [sale("1", 1, "2024-01-10", 1), sale("2", 1, "2024-02-20", 1)])
    )
    lake.ensure(DIM_PRODUCT)
    publish(lake, batches=[], configuration={}, now=datetime(2024, 3, 1, tzinfo=UTC))
    lake = Lake(lake.spark, lake.root, run_id="next", as_of=lake.as_of)
    more = [sale("3", 1, "2024-01-11", 1, order_status="cancelled"), sale("4", 1, "2024-02-01", 1)]
    lake.append(FACT_SALES, frame(lake.spark, FACT_SALES, more))
    assert touched_sources(lake) == []
    lake.append(FACT_SALES, frame(lake.spark, FACT_SALES, [sale("5", 1, "2024-01-31", 1)]))
    assert touched_sources(lake) == ["s"]
    lake.release()


def test_only_the_best_companions_of_a_product_are_kept(spark: SparkSession) -> None:
    orders = ["ab"] * 6 + ["ac"] * 4 + ["ad"] * 3 + list("bcd") * 9
    rules = RULES.model_copy(update={"most_companions": 1})
    rows = found(spark, orders, rules)
    assert set(rows) == {"ab", "ba", "ca", "da"}
    # What is left out counted: no figure of the others is another one.
    assert rows == {pair: row for pair, row in found(spark, orders).items() if pair in rows}


def test_planted_pairs_are_found_and_hardly_any_other(spark: SparkSession) -> None:
    draw = random.Random(5)
    letters, popular = a_range()
    orders = [draw.choices(letters, popular, k=draw.choice([1, 1, 1, 2, 2, 3])) for _ in range(1500)]
    rows = found(spark, with_planted(orders, letters, draw), RULES.model_copy(update={"least_orders": 4}))
    called = significant(rows)
    assert planted(letters) <= called
    assert len(called - planted(letters)) <= 1
    # Popular products are together often, and plain lift alone does not tell that from affinity.
    assert all(row["q_value"] >= row["p_value"] for row in rows.values())


def test_products_that_the_same_customers_can_pay_for_are_no_pair(spark: SparkSession) -> None:
    """Half of the customers choose among the cheap products nearly always, half among the dear ones; all at random."""
    draw = random.Random(3)
    letters, popular = a_range()
    price = {letter: 50 if place % 2 else 5 for place, letter in enumerate(letters)}
    tastes = [
        [one if price[letter] == level else one / 20 for letter, one in zip(letters, popular, strict=True)]
        for level in (5, 50)
    ]
    chosen = [draw.choices(letters, draw.choice(tastes), k=draw.choice([1, 2, 2, 3])) for _ in range(1500)]
    orders, called = with_planted(chosen, letters, draw), {}
    for classes in (1, 2):
        rules = RULES.model_copy(update={"least_orders": 4, "price_classes": classes, "products_per_class": 10})
        called[classes] = significant(found(spark, orders, rules, price=price))
    assert len(called[1] - planted(letters)) > 5
    assert len(called[2] - planted(letters)) <= 1
    assert planted(letters) <= called[2]


def test_expected_orders_of_price_classes_are_what_plain_loops_say(spark: SparkSession) -> None:
    draw = random.Random(7)
    orders = ["".join(draw.sample("abcdefghi", draw.randint(1, 4))) for _ in range(200)]
    price = dict(zip("abcdefghi", (1, 1, 1, 2, 2, 3, 4, 4, 9), strict=True))
    rows = found(spark, orders, RULES.model_copy(update={"price_classes": 3, "products_per_class": 3}), price=price)
    partners = Counter(both for order in orders for both in permutations(order, 2))
    m = Counter(one for one, _ in partners.elements())
    # A class takes the products whose middle, among all partners by price, is in its third.
    below = {one: sum(m[other] for other in m if price[other] < price[one]) for one in m}
    level = {one: sum(m[other] for other in m if price[other] == price[one]) for one in m}
    of = {one: int(3 * (below[one] + level[one] / 2) / m.total()) for one in m}
    assert set(of.values()) == {0, 1, 2}
    w = Counter((of[one], of[other]) for one, other in partners.elements())
    k = Counter(of[one] for one, _ in partners.elements())
    expected = {a + b: m[a] * m[b] * w[of[a], of[b]] / k[of[a]] / k[of[b]] for a, b in permutations(m, 2)}
    assert len(rows) > 10
    assert {pair: row["expected_orders"] for pair, row in rows.items()} == pytest.approx(
        {pair: value for pair, value in expected.items() if partners[pair[0], pair[1]] > max(value, 1)}
    )


def a_range() -> tuple[list[str], list[float]]:
    """Forty products and how popular each is."""
    return [chr(code) for code in range(0x100, 0x128)], [1 / (place + 3) for place in range(40)]


def with_planted(orders: list[list[str]], letters: list[str], draw: random.Random) -> list[str]:
    """The orders, where the companion of a product in the first place often follows."""
    return [
        "".join(order) + (letters[letters.index(order[0]) + 15] if order[0] in letters[10:14] and follows else "")
        for order in orders
        for follows in [draw.random() < 0.4]
    ]


def planted(letters: list[str]) -> set[str]:
    return {letters[place] + letters[place + 15] for place in range(10, 14)}


def significant(rows: dict[str, Row]) -> set[str]:
    return {pair for pair, row in rows.items() if row["is_significant"] and pair[0] < pair[1]}
