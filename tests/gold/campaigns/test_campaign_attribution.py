"""Paths and credits of campaigns: worked out by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest
from pyspark.sql import SparkSession

from lakehouse.gold.campaigns.campaign_rows import NO_GROUP, OPEN, campaign_rows
from lakehouse.gold.campaigns.journeys import transitions
from lakehouse.gold.campaigns.markov import NOTHING, ORDER, START
from lakehouse.tables.gold.campaigns import MODELS
from tests.gold.campaigns.given import RULES, Case, bought, evidence, on, touch
from tests.gold.stars import rows_of


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


def test_a_campaign_is_credited_with_its_contacts_from_the_first_to_the_last(spark: SparkSession) -> None:
    case = Case(spark, [touch("a", 0), touch("b", 7), touch("a", 14)], [bought("1", 22)])
    found = case.shares.select("campaign_id", "touches", "first_touched_at", "last_touched_at").toArrow().to_pylist()
    assert sorted(tuple(row.values()) for row in found) == [("a", 2, on(0), on(14)), ("b", 1, on(7), on(7))]


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


def test_a_contact_too_early_for_an_order_is_on_no_path_with_those_that_led_to_it(spark: SparkSession) -> None:
    case = Case(spark, [touch("a", 0), touch("b", 2), touch("c", 40), touch("d", 45)], [bought("1", 50)])
    assert rows_of(case.contacts, "campaign_id order_id place path_length previous") == [
        ("a", None, 1, 2, None),
        ("b", None, 2, 2, "a"),
        ("c", "1", 1, 2, None),
        ("d", "1", 2, 2, "c"),
    ]


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
