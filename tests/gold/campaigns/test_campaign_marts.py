"""Paths, credits and the two groups of campaigns: worked out by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.campaigns import arms
from lakehouse.gold.campaigns.campaign_attribution import campaign_attribution, credits, effects_by_source
from lakehouse.gold.campaigns.campaign_roi import all_orders, attributed
from lakehouse.gold.campaigns.campaign_rows import HELD_OUT, NO_GROUP, OPEN, Evidence, campaign_rows
from lakehouse.gold.campaigns.journeys import journeys, transitions
from lakehouse.gold.campaigns.markov import NOTHING, ORDER, START
from lakehouse.settings import load_settings
from lakehouse.tables.gold import DIM_CAMPAIGN
from lakehouse.tables.gold.campaigns import MODELS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from tests.gold.stars import Row, frame, rows_of, total

AS_OF = date(2024, 6, 1)
NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)
RULES = load_settings().analytics


def on(day: float) -> datetime:
    """So many days after New Year."""
    return NEW_YEAR + timedelta(days=day)


def touch(campaign: str, day: float, customer: str = "C", *, held: bool = False) -> Row:
    name = f"{campaign}{customer}{day}"
    return {
        "touch_id": name,
        "campaign_id": campaign,
        "customer_id": customer,
        "touched_at": on(day),
        "is_holdout": held,
    }


def bought(order: str, day: float, revenue: int = 100, customer: str | None = "C") -> Row:
    when = on(day)
    money = {"margin_net_of_returns": Decimal(revenue) / 4}
    return total(order, f"{when:%Y-%m-%d}", customer, revenue, ordered_at=when, **money)


class Case:
    """Contacts and orders of one test, and what is made of them."""

    def __init__(self, spark: SparkSession, touches: list[Row], orders: list[Row], as_of: date = AS_OF) -> None:
        self.touches = frame(spark, CAMPAIGN_TOUCHES, touches)
        self.orders = frame(spark, ORDER_TOTALS, orders)
        self.contacts = journeys(self.touches, self.orders, window_days=30, as_of=as_of).cache()
        self.effects = effects_by_source(transitions(self.contacts))
        known = [("s", name, effect) for name, effect in self.effects.get("s", {}).items()]
        effects = spark.createDataFrame(known, "source_system STRING, campaign_id STRING, removal_effect DOUBLE")
        shares = credits(self.contacts, effects, half_life_days=7)
        self.shares: DataFrame = campaign_attribution(shares, self.orders)

    def by_campaign(self, order: str) -> dict[str, list[float]]:
        rows = self.shares.where(f"order_id = '{order}'").collect()
        return {row["campaign_id"]: [row[name] for name in MODELS] for row in rows}


def test_each_model_shares_an_order_as_worked_out_by_hand(spark: SparkSession) -> None:
    case = Case(
        spark,
        [touch("a", 0), touch("b", 7), touch("a", 14), touch("c", 21), touch("b", 10, "D")],
        [bought("1", 22), bought("2", 11, customer="E")],
    )
    found = case.by_campaign("1")
    decay = {"a": 1 / 8 + 1 / 2, "b": 1 / 4, "c": 1.0}
    whole = sum(decay.values())
    # Without a or c nothing is bought, without b half as often: removal effects of 1, 1/2 and 1.
    assert found["a"] == pytest.approx([0, 1, 0.5, 0.4 + 0.1, decay["a"] / whole, 0.4])
    assert found["b"] == pytest.approx([0, 0, 0.25, 0.1, decay["b"] / whole, 0.2])
    assert found["c"] == pytest.approx([1, 0, 0.25, 0.4, decay["c"] / whole, 0.4])
    assert case.by_campaign("2") == {}


def test_one_contact_has_all_and_two_have_half_by_position(spark: SparkSession) -> None:
    case = Case(
        spark, [touch("a", 0), touch("b", 1), touch("a", 2, "D")], [bought("1", 3), bought("2", 3, customer="D")]
    )
    place = MODELS.index("position_based")
    assert [case.by_campaign("1")[name][place] for name in "ab"] == [0.5, 0.5]
    assert case.by_campaign("2")["a"] == [1.0] * 6


def test_a_path_starts_again_after_an_order_and_ends_with_the_window(spark: SparkSession) -> None:
    touches = [touch("a", 0), touch("b", 5), touch("c", 10), touch("d", 60), touch("held", 9, held=True)]
    case = Case(spark, touches, [bought("1", 5), bought("2", 40 - 1e-9), bought("3", 90)])
    paths = rows_of(case.contacts, "campaign_id order_id place path_length previous is_open")
    # An order in the instant of a contact comes after it; after thirty days to the instant it comes too late.
    assert paths == [
        ("a", "1", 1, 2, None, False),
        ("b", "1", 2, 2, "a", False),
        ("c", "2", 1, 1, None, False),
        ("d", None, 1, 1, None, False),
    ]
    steps = {(row["step_from"], row["step_to"]): row["steps"] for row in transitions(case.contacts).collect()}
    assert steps == {
        (START, "a"): 1, ("a", "b"): 1, ("b", ORDER): 1, (START, "c"): 1, ("c", ORDER): 1, (START, "d"): 1,
        ("d", NOTHING): 1,
    }  # fmt: skip


def test_shares_of_every_order_add_up_to_one(spark: SparkSession) -> None:
    touches = [touch("abcdefg"[n % 7], n * 1.7 % 31, f"C{n % 4}") for n in range(60)]
    case = Case(spark, touches, [bought(str(n), n * 3.1 % 50, customer=f"C{n % 4}") for n in range(30)])
    totals: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * 6)
    for row in case.shares.collect():
        totals[row["order_id"]] = [one + row[name] for one, name in zip(totals[row["order_id"]], MODELS, strict=True)]
    assert len(totals) > 5
    assert all(abs(share - 1) < 1e-9 for shares in totals.values() for share in shares)


def test_while_nothing_is_known_of_its_campaigns_an_order_is_shared_evenly_by_markov(spark: SparkSession) -> None:
    touches = [touch("a", 40), touch("b", 41), touch("a", 42), touch("c", 41, "D"), touch("d", 42, "D")]
    touches += [touch("c", 0, "E"), touch("x", 0, "F")]
    orders = [bought("1", 43), bought("2", 43, customer="D"), bought("3", 1, customer="E")]
    case = Case(spark, touches, orders, as_of=date(2024, 2, 20))
    markov = MODELS.index("markov")
    assert case.effects == {"s": {"c": 1.0, "x": 0.0}}
    # By campaign, however many contacts it had; one of which something is known has all.
    assert {name: shares[markov] for name, shares in case.by_campaign("1").items()} == {"a": 0.5, "b": 0.5}
    assert {name: shares[markov] for name, shares in case.by_campaign("2").items()} == {"c": 1.0, "d": 0.0}


def test_an_order_is_held_back_while_the_window_of_its_last_contact_is_open(spark: SparkSession) -> None:
    touches, orders = [touch("a", 0)], [bought("1", 3), bought("2", 3, customer=None)]
    for as_of, is_open in ((date(2024, 1, 30), True), (date(2024, 1, 31), False)):
        case = Case(spark, touches, orders, as_of)
        assert rows_of(case.shares, "order_id is_open") == [("1", is_open)]
        rows = campaign_rows(evidence(spark, case, as_of), RULES)
        credited, of_none = rows
        assert (credited["attributed_orders"], credited["held_back_orders"]) == ((0, 1) if is_open else (1, 0))
        assert (of_none["campaign_id"], of_none["attributed_orders"], of_none["attributed_revenue"]) == (
            "(none)",
            1,
            100,
        )
        assert credited["causal_basis"] == (OPEN if is_open else NO_GROUP)


def evidence(spark: SparkSession, case: Case, as_of: date = AS_OF, spend: int = 50) -> Evidence:
    people = arms.members(case.touches, window_days=30, as_of=as_of)
    names = sorted({row["campaign_id"] for row in case.touches.select("campaign_id").collect()})
    frames = {
        "attributed": attributed(case.shares, "last_touch"),
        "sizes": arms.sizes(people),
        "sums": arms.sums(arms.outcomes(people, case.orders, pre_period_days=365)),
        "orders": all_orders(case.orders),
        "campaigns": frame(spark, DIM_CAMPAIGN, [{"campaign_id": name} for name in names]),
    }
    cost: list[dict[str, Any]] = [
        {"source_system": "s", "campaign_id": name, "currency": "GBP", "spend": Decimal(spend)} for name in names
    ]
    rows = {name: [row.asDict() for row in one.collect()] for name, one in frames.items()}
    return Evidence(**rows, spend=cost, effects=case.effects)


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
