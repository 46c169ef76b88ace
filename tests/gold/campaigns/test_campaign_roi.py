"""What campaigns brought beside what they cost, and the two groups of each: worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold.campaigns import arms
from lakehouse.gold.campaigns.campaign_rows import HELD_OUT, NO_GROUP, campaign_rows
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from tests.gold.campaigns.given import AS_OF, RULES, Case, bought, evidence, touch
from tests.gold.stars import Row, frame, rows_of


def test_lift_is_the_difference_of_means_times_the_contacted(spark: SparkSession) -> None:
    # Of 40 contacted every second buys for 100, of 40 held out every fourth; whoever bought before is in both.
    touches = [touch("a", 10, f"C{n}") for n in range(40)] + [touch("a", 10, f"H{n}", held=True) for n in range(40)]
    orders = [bought(f"c{n}", 11, customer=f"C{n}") for n in range(0, 40, 2)]
    orders += [bought(f"h{n}", 39, customer=f"H{n}") for n in range(0, 40, 4)]
    orders += [bought(f"late{n}", 41, customer=f"C{n}") for n in range(40)]
    orders += [bought(f"before{n}", 2, customer=f"{arm}{n}") for n in range(0, 40, 4) for arm in "C"]
    row, _ = campaign_rows(evidence(spark, Case(spark, touches, orders)), RULES)
    assert row["causal_basis"] == HELD_OUT
    assert (row["contacted"], row["held_out"], row["naive_orders"], row["naive_revenue"]) == (40, 40, 20, 2000)
    found = [row[f"incremental_{name}"] for name in ("orders", "revenue", "margin", "roi")]
    assert found == pytest.approx([10, 1000, 250, (250 - 50) / 50])
    assert row["incremental_revenue_low"] < 1000 < row["incremental_revenue_high"]
    assert row["adjusted_revenue"] != pytest.approx(1000)
    assert row["naive_roi"] == pytest.approx(2000 / 50 - 1)
    assert (row["roas"], row["roi"]) == (pytest.approx(2000 / 50), pytest.approx(500 / 50 - 1))


def test_a_window_holds_its_first_instant_and_not_its_last(spark: SparkSession) -> None:
    """So does the year before it, whose orders tell what the customer spends anyway."""
    an_instant = 1e-9
    orders = [
        bought("long before", 10 - 365 - an_instant, 1),
        bought("a year before", 10 - 365, 2),
        bought("just before", 10 - an_instant, 4),
        bought("at once", 10, 8),
        bought("in time", 40 - an_instant, 16),
        bought("too late", 40, 32),
    ]
    people = arms.members(frame(spark, CAMPAIGN_TOUCHES, [touch("a", 10)]), window_days=30, as_of=AS_OF)
    found = arms.outcomes(people, frame(spark, ORDER_TOTALS, orders), pre_period_days=365)
    assert rows_of(found, "orders revenue before costed") == [(2, 8 + 16, 2 + 4, 2)]


def test_without_a_held_out_group_nothing_is_said_of_causes_and_no_spend_has_no_ratio(spark: SparkSession) -> None:
    row, _ = campaign_rows(evidence(spark, Case(spark, [touch("a", 1)], [bought("1", 2)]), spend=0), RULES)
    assert row["causal_basis"] == NO_GROUP
    assert "incremental_revenue" not in row
    assert (row["roas"], row["roi"], row["naive_roi"]) == (None, None, None)


def without_cost(order: Row) -> Row:
    return order | {"margin_net_of_returns": None}


def test_the_margin_of_orders_of_no_campaign_is_unknown_where_no_cost_is(spark: SparkSession) -> None:
    reached, free, dear = bought("1", 2), bought("2", 2, customer=None), bought("3", 2, 300, customer=None)
    for orders, credited, of_none in (
        ([reached, free], 25, 25),
        ([reached, free, without_cost(dear)], 25, 25),
        ([reached, without_cost(free)], 25, None),
        ([without_cost(reached), without_cost(free)], None, None),
        ([without_cost(reached), free], None, 25),
        ([reached], 25, 0),
        ([without_cost(reached)], None, 0),
        ([without_cost(bought("4", 80))], 0, None),
    ):
        rows = campaign_rows(evidence(spark, Case(spark, [touch("a", 1)], orders)), RULES)
        assert [row["attributed_margin"] for row in rows] == [credited, of_none]


def test_orders_held_back_take_their_margin_with_them(spark: SparkSession) -> None:
    orders = [bought("1", 3), without_cost(bought("2", 3, customer=None))]
    as_of = date(2024, 1, 30)
    _, of_none = campaign_rows(evidence(spark, Case(spark, [touch("a", 0)], orders, as_of), as_of), RULES)
    assert (of_none["attributed_orders"], of_none["attributed_margin"]) == (1, None)


def test_a_margin_that_is_known_of_one_group_alone_tells_no_lift(spark: SparkSession) -> None:
    touches = [touch("a", 10, f"C{n}") for n in range(40)] + [touch("a", 10, f"H{n}", held=True) for n in range(40)]
    contacted = [bought(f"c{n}", 11, customer=f"C{n}") for n in range(0, 40, 2)]
    held_out = [bought(f"h{n}", 11, customer=f"H{n}") for n in range(0, 40, 4)]
    for orders, margin in (
        ([*contacted, *map(without_cost, held_out)], None),
        ([*map(without_cost, contacted), *held_out], None),
        (contacted, 500),
    ):
        row, _ = campaign_rows(evidence(spark, Case(spark, touches, orders)), RULES)
        assert row["incremental_orders"] is not None
        assert row.get("incremental_margin") == (None if margin is None else pytest.approx(margin))


def test_who_was_held_out_and_contacted_all_the_same_counts_as_held_out(spark: SparkSession) -> None:
    touches = [touch("a", 1), touch("a", 2, held=True), touch("a", 1, "D")]
    people = arms.members(frame(spark, CAMPAIGN_TOUCHES, touches), window_days=30, as_of=AS_OF)
    assert rows_of(people, "customer_id is_holdout is_over") == [("C", True, True), ("D", False, True)]
