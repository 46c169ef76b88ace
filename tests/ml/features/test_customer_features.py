"""Features say what was known of a customer before a day, worked out by hand."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tests.ml.features.shop import back, contact, days_before, features, order, version

pytestmark = pytest.mark.spark

AT = date(2024, 3, 1)
MONEY = {"acquisition_channel": "search", "customer_segment": "VIP", "country_code": "GB"}


@pytest.fixture(scope="module")
def anna(spark: SparkSession) -> dict[str, Any]:
    """Orders 100, 40, 40 and 10 days before the cut-off, and of the day itself."""
    orders = [
        order("1", days_before(AT, 100), "A", 100, discount=Decimal(25), gross_revenue=Decimal(125)),
        order("2", days_before(AT, 40), "A", 50, units=3),
        order("3", days_before(AT, 40), "A", 20, lines=2),
        order("4", days_before(AT, 10), "A", 30, margin=None),
        order("5", days_before(AT, 0), "A", 7_000, units=50),
    ]
    signed_up = date(2023, 11, 1)
    (row,) = features(
        spark,
        AT,
        orders=orders,
        returns=[back("R", days_before(AT, 5), "A", 40), back("S", days_before(AT, 0), "A", 500)],
        customers=[version("A", signed_up_on=signed_up, **MONEY)],
        touches=[
            contact("a", f"{days_before(AT, 30)} 09:00", "A"),
            contact("b", f"{days_before(AT, 91)} 09:00", "A"),
            contact("c", f"{days_before(AT, 31)} 09:00", "A"),
            contact("d", f"{days_before(AT, 3)} 09:00", "A", is_holdout=True),
        ],
    )
    return row


def test_days_count_from_the_first_and_the_last_order_before_the_cut_off(anna: dict[str, Any]) -> None:
    names = ("days_since_last_order", "age_days", "repeat_span_days", "tenure_days", "repeat_days")
    assert [anna[name] for name in names] == [10, 100, 90, 121, 2]


def test_gaps_lie_between_days_with_orders(anna: dict[str, Any]) -> None:
    assert (anna["mean_gap_days"], anna["sd_gap_days"]) == (45, 15)
    assert anna["last_gap_ratio"] == pytest.approx(10 / 45)


def test_orders_count_in_the_days_before_the_cut_off(anna: dict[str, Any]) -> None:
    assert [anna[f"orders_{days}d"] for days in (30, 90, 180, 365)] == [1, 3, 4, 4]
    assert (anna["orders_before"], anna["units_per_order"], anna["lines_per_order"]) == (4, 6 / 4, 5 / 4)


def test_amounts_are_those_of_orders_and_refunds_before_the_cut_off(anna: dict[str, Any]) -> None:
    names = ("revenue_before", "revenue_90d", "revenue_365d", "margin_365d", "mean_order_revenue")
    assert [anna[name] for name in names] == [200, 100, 200, 85, 50]
    assert anna["discount_share"] == pytest.approx(25 / 225)
    assert anna["refund_share"] == pytest.approx(40 / 200)
    assert (anna["return_lines_before"], anna["returned_units_before"]) == (1, 1)


def test_contacts_are_those_that_were_made(anna: dict[str, Any]) -> None:
    assert (anna["contacts_30d"], anna["contacts_90d"]) == (1, 2)


def test_attributes_and_season_are_those_of_the_day(anna: dict[str, Any]) -> None:
    assert {name: anna[name] for name in MONEY} == MONEY
    assert anna["season_sin"] == pytest.approx(math.sin(2 * math.pi * 61 / 365.25))


def test_a_customer_of_one_day_has_no_gaps_and_no_returns(spark: SparkSession) -> None:
    (row,) = features(spark, AT, orders=[order("1", days_before(AT, 1), "A")], customers=[version("A")])
    assert [row[name] for name in ("mean_gap_days", "sd_gap_days", "last_gap_ratio")] == [None] * 3
    assert (row["repeat_days"], row["refund_share"], row["contacts_90d"], row["tenure_days"]) == (0, 0, 0, 1)


def test_guests_and_customers_without_an_order_before_are_left_out(spark: SparkSession) -> None:
    orders = [order("1", days_before(AT, 1), None), order("2", days_before(AT, 0), "B")]
    assert features(spark, AT, orders=orders, customers=[version("B")]) == []


def test_customers_whose_last_order_is_longer_ago_are_told_of_where_everyone_is_asked_about(
    spark: SparkSession,
) -> None:
    orders = [order("1", days_before(AT, 11), "A"), order("2", days_before(AT, 10), "B")]
    customers = [version("A"), version("B")]
    later = date(2024, 4, 1)
    rows = features(spark, AT, later, orders=orders, customers=customers, look_back_days=10, everyone_at=[later])
    assert [(row["cut_off"], row["customer_durable_key"]) for row in rows] == [
        (AT, ord("B")),
        (later, ord("A")),
        (later, ord("B")),
    ]


def test_amounts_in_two_currencies_are_never_added_up(spark: SparkSession) -> None:
    orders = [
        order("1", days_before(AT, 9), "A", 1_000, currency="SEK"),
        order("2", days_before(AT, 9), "A", 20),
        order("3", days_before(AT, 4), "A", 30),
    ]
    returns = [back("R", days_before(AT, 2), "A", 5), back("S", days_before(AT, 2), "A", 900, currency="SEK")]
    (row,) = features(spark, AT, orders=orders, returns=returns, customers=[version("A")])
    assert (row["currency"], row["revenue_before"], row["mean_order_revenue"]) == ("GBP", 50, 25)
    assert (row["refund_share"], row["return_lines_before"]) == (pytest.approx(5 / 50), 2)
    assert (row["orders_before"], row["repeat_days"], row["mean_gap_days"]) == (3, 1, 5)


def test_of_two_currencies_with_equally_many_orders_the_later_in_the_alphabet_is_the_main_one(
    spark: SparkSession,
) -> None:
    orders = [order("1", days_before(AT, 9), "A", 1_000, currency="SEK"), order("2", days_before(AT, 4), "A", 30)]
    (row,) = features(spark, AT, orders=orders, customers=[version("A")])
    assert (row["currency"], row["revenue_before"]) == ("SEK", 1_000)


def test_a_contact_counts_once_its_day_is_over_everywhere(spark: SparkSession) -> None:
    touches = [contact("a", "2024-02-29 09:59", "A"), contact("b", "2024-02-29 10:00", "A")]
    (row,) = features(
        spark, AT, orders=[order("1", days_before(AT, 9), "A")], customers=[version("A")], touches=touches
    )
    assert row["contacts_30d"] == 1


def test_each_cut_off_sees_the_version_of_its_own_time(spark: SparkSession) -> None:
    moved = contact("x", "2024-02-15 12:00", "A")["touched_at"]
    customers = [
        version("A", valid_to=moved, country_code="GB"),
        version("A", key=1, valid_from=moved, country_code="FR"),
    ]
    returns = [back("R", "2024-01-20", "A"), back("S", "2024-02-20", "A", customer_key=1)]
    rows = features(
        spark,
        date(2024, 2, 1),
        AT,
        orders=[order("1", "2024-01-10", "A")],
        returns=returns,
        customers=customers,
    )
    assert [(row["country_code"], row["return_lines_before"]) for row in rows] == [("GB", 1), ("FR", 2)]


def test_a_sign_up_that_is_told_for_later_than_the_cut_off_is_not_known_yet(spark: SparkSession) -> None:
    customers = [version("A", signed_up_on=date(2024, 5, 1))]
    (row,) = features(spark, AT, orders=[order("1", days_before(AT, 9), "A")], customers=customers)
    assert row["tenure_days"] == 9


def test_sources_are_kept_apart(spark: SparkSession) -> None:
    orders = [order("1", days_before(AT, 9), "A"), order("1", days_before(AT, 4), "B", source_system="t")]
    customers = [version("A"), version("B", source_system="t")]
    touches = [contact("a", f"{days_before(AT, 8)} 09:00", "B")]
    rows = features(spark, AT, orders=orders, customers=customers, touches=touches)
    assert [(row["source_system"], row["contacts_30d"]) for row in rows] == [("s", 0), ("t", 0)]
