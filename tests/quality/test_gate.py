"""What the gate lets through, and what it does not: one thing broken at a time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from jobs.cli.options import REFUSED, exit_code_of
from lakehouse.published import open_published
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.campaigns import CAMPAIGN_ATTRIBUTION, MODELS
from lakehouse.tables.silver import CUSTOMERS, ORDER_LINES
from quality import gate
from quality.gate import Refused, check
from quality.heads import Heads
from tests.quality.star import FIRST, NOW, Star

Refusal = Callable[[Star], list[str]]


@pytest.fixture
def refusal(spark: SparkSession, tmp_path: Path) -> Refusal:
    """What the gate says of a star that it refuses. The publication before it goes on to answer."""

    def said(star: Star) -> list[str]:
        lake = star.staged_after_the_sound_one(spark, tmp_path)
        with pytest.raises(Refused) as refused:
            check(Heads(lake), now=NOW)
        assert exit_code_of(refused.value) == REFUSED
        with open_published(tmp_path) as published:
            assert published.sql("SELECT sum(net_revenue) FROM gold.fact_sales").fetchall() == [(Decimal(12),)]
        return [f"{failure} ({failure.rule})" for failure in refused.value.failures]

    return said


def test_a_sound_star_passes(spark: SparkSession, tmp_path: Path) -> None:
    verdicts = check(Heads(Star().staged(spark, tmp_path)), now=NOW)
    assert {verdict.outcome for verdict in verdicts} == {"passed"}
    assert {verdict.table for verdict in verdicts} == set(Star().rows)


def test_what_did_not_change_is_measured_again_only_against_what_did(spark: SparkSession, tmp_path: Path) -> None:
    lake = Star().change(ORDER_LINES, payment_method="another").staged_after_the_sound_one(spark, tmp_path)
    concerned = {one.table.name: one for one in gate._concerned(Heads(lake), {})}
    assert [name for name, one in concerned.items() if one.with_rows] == [ORDER_LINES.name]
    assert [one.code for one in concerned[FACT_SALES.name].checks] == ["same_sums"]
    assert DIM_CUSTOMER.name not in concerned


def test_a_negative_price_in_silver_is_refused(refusal: Refusal) -> None:
    wrong = {"unit_price": Decimal("-2.50"), "gross_revenue": Decimal("-5.00"), "net_revenue": Decimal("-6.00")}
    star = Star().change(ORDER_LINES, 1, **wrong).change(FACT_SALES, 1, **wrong)
    said = refusal(star)
    assert (
        "silver.order_lines: price not negative: unit_price >= 0: 1 row, for example shop, O2, 1"
        " (silver.order_lines.price_not_negative)"
    ) in said
    assert {one.rsplit("(", 1)[1] for one in said} == {
        "silver.order_lines.price_not_negative)",
        "gold.fact_sales.price_not_negative)",
        "gold.fact_sales.gross_not_negative)",
    }


def test_a_key_twice_is_refused(refusal: Refusal) -> None:
    said = refusal(Star().add(DIM_PRODUCT))
    assert (
        "gold.dim_product: unique key (product_key): 1 keys twice, for example 1 (gold.dim_product.unique_key)" in said
    )


def test_a_fact_that_is_bound_to_nothing_is_refused(refusal: Refusal) -> None:
    assert refusal(Star().change(FACT_SALES, 2, product_key=7)) == [
        "gold.fact_sales: (product_key) refers to gold.dim_product: 1 refer to nothing, for example 7"
        " (gold.fact_sales.reference_product_key)"
    ]


def test_a_return_of_a_line_that_was_not_sold_is_refused(refusal: Refusal) -> None:
    [said] = refusal(Star().change(FACT_RETURNS, order_id="O9"))
    assert "(source_system, order_id, line_number) refers to gold.fact_sales: 1 refer to nothing" in said
    assert "for example shop, O9, 1" in said


def test_a_total_that_is_off_by_a_cent_is_refused(refusal: Refusal) -> None:
    cent = {"gross_revenue": Decimal("5.01"), "net_revenue": Decimal("4.01"), "unit_price": Decimal("2.505")}
    [said] = refusal(Star().change(FACT_SALES, 0, **cent))
    assert "net_revenue of shop/GBP: 12.0100 is not 12.0000" in said
    assert said.endswith("(gold.fact_sales.same_sums)")


def test_a_value_that_is_missing_is_refused_and_its_column_named(refusal: Refusal) -> None:
    star = Star()
    star.rows[FACT_RETURNS.name][0].pop("date_key")
    said = refusal(star.change(FACT_RETURNS, 0, date_key=20240109))
    assert said == [
        "gold.fact_returns: date key of its day:"
        " date_key = year(return_date) * 10000 + month(return_date) * 100 + day(return_date): 1 row,"
        " for example shop, R1 (gold.fact_returns.date_key_of_its_day)"
    ]


def test_a_credit_that_is_taken_away_is_refused(refusal: Refusal) -> None:
    star = Star()
    star.rows[CAMPAIGN_ATTRIBUTION.name].pop()
    shares, revenue = sorted(refusal(star))
    assert "gold.campaign_attribution: the shares of every order add up to 1, by each model of attribution" in shares
    assert "1 orders whose credits do not add up to 1, for example shop, O1" in shares
    assert shares.endswith("(gold.campaign_attribution.credits_add_up)")
    assert revenue.endswith("(gold.campaign_roi.same_revenue)")


def test_a_credit_that_no_campaign_was_given_is_refused(refusal: Refusal) -> None:
    star = Star().add(CAMPAIGN_ATTRIBUTION, order_id="O2", **dict.fromkeys(MODELS, 1.0))
    [said] = refusal(star)
    assert "last_touch_revenue of shop/GBP: 4.0000 is not 8.0000" in said
    assert said.endswith("(gold.campaign_roi.same_revenue)")


def test_a_credit_of_one_model_that_is_too_large_is_refused(refusal: Refusal) -> None:
    [said] = refusal(Star().change(CAMPAIGN_ATTRIBUTION, 1, markov=0.6))
    assert said.endswith("(gold.campaign_attribution.credits_add_up)")


def test_versions_with_a_gap_between_them_are_refused(refusal: Refusal) -> None:
    star = Star().add(CUSTOMERS, valid_from=FIRST.replace(year=2024))
    star.change(CUSTOMERS, 0, valid_to=FIRST.replace(year=2023), is_current=False)
    [said] = refusal(star)
    assert "silver.customers: the versions of one (source_system, customer_id) follow each other" in said
    assert "for example shop, C, " in said


def test_two_current_versions_are_refused(refusal: Refusal) -> None:
    star = Star().add(DIM_CUSTOMER, customer_key=2)
    [said] = refusal(star)
    assert said.endswith("(gold.dim_customer.history)")
