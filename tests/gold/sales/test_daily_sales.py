"""Cells of a day, worked out by hand: who counts where, and what adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.sales.daily_sales import Star, all_cells, daily_sales, geography_sales
from lakehouse.gold.sales.payment_mix import payment_mix
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_GEOGRAPHY, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from tests.gold.stars import frame, refund, rows_of, sale

JANUARY = "2024-01-10"
SALES = [
    sale("A", 1, JANUARY, 10, product_key=1, customer_key=1, geography_key=1, payment_method="card", cost=Decimal(4),
         sales_channel="web", margin=Decimal(6)),
    sale("A", 2, JANUARY, 20, product_key=2, customer_key=1, geography_key=1, payment_method="card",
         sales_channel="web"),
    sale("A", 3, JANUARY, 30, product_key=2, customer_key=1, geography_key=1, payment_method="card",
         sales_channel="web"),
    sale("B", 1, JANUARY, 40, product_key=2, customer_key=2, geography_key=2),
    sale("C", 1, JANUARY, 99, product_key=1, customer_key=1, geography_key=1, order_status="cancelled"),
]  # fmt: skip
RETURNS = [
    refund("1", "2024-02-03", 15, order_id="A", line_number=2, product_key=2, customer_key=1),
    refund("2", "2024-02-03", None, product_key=2, customer_key=1),
    refund("3", "2024-02-03", 99, order_id="C", line_number=1, product_key=1, customer_key=1,
           order_status="cancelled"),
]  # fmt: skip


@pytest.fixture(scope="module")
def cells(spark: SparkSession) -> DataFrame:
    sales = frame(spark, FACT_SALES, SALES)
    customers = [
        {"customer_key": 1, "customer_durable_key": 1, "customer_id": "c", "customer_segment": "VIP",
         "country_name": "Italy", "country_code": "IT"},
        {"customer_key": 2, "customer_durable_key": 9},
    ]  # fmt: skip
    products = [{"product_key": 1, "category": "Cups"}, {"product_key": 2}]
    places = [{"geography_key": 1, "country_name": "France", "country_code": "FR"}, {"geography_key": 2}]
    star = Star(
        sales, frame(spark, FACT_RETURNS, RETURNS), sales, frame(spark, DIM_CUSTOMER, customers),
        frame(spark, DIM_PRODUCT, products), frame(spark, DIM_GEOGRAPHY, places),
    )  # fmt: skip
    return all_cells(star, ()).cache()


@pytest.fixture(scope="module")
def daily(cells: DataFrame) -> DataFrame:
    return daily_sales(cells).cache()


def test_an_order_counts_in_each_of_its_cells_and_leads_in_that_of_its_first_line(daily: DataFrame) -> None:
    names = "category country_name sales_channel customer_segment payment_method orders leading_orders lines units"
    assert rows_of(daily.where("lines > 0"), names) == [
        ("Cups", "France", "web", "VIP", "card", 1, 1, 1, 1),
        ("unknown", "France", "web", "VIP", "card", 1, 0, 2, 2),
        ("unknown", "unknown", "unknown", "unknown", "unknown", 1, 1, 1, 1),
    ]


def test_amounts_are_those_of_completed_lines_and_a_margin_that_nobody_knows_is_null(daily: DataFrame) -> None:
    assert rows_of(daily.where("lines > 0"), "category payment_method net_revenue costed_revenue cost margin") == [
        ("Cups", "card", 10, 10, 4, 6),
        ("unknown", "card", 50, 0, None, None),
        ("unknown", "unknown", 40, 0, None, None),
    ]


def test_a_return_counts_on_its_day_where_its_line_was_sold_else_at_its_customers_home(daily: DataFrame) -> None:
    names = "country_name payment_method return_lines returned_units unpriced_returns refund_amount net_of_returns"
    assert rows_of(daily.where("return_lines > 0"), names) == [
        ("France", "card", 1, 1, 0, 15, -15),
        ("Italy", "unknown", 1, 1, 1, 0, 0),
    ]


def test_countries_count_their_customers_without_guests_and_share_the_month(cells: DataFrame, daily: DataFrame) -> None:
    found = geography_sales(cells, daily).where("lines > 0")
    assert rows_of(found, "country_name country_code customers orders order_share net_revenue revenue_share") == [
        ("France", "FR", 1, 1, 0.5, 60, 0.6),
        ("unknown", None, 0, 1, 0.5, 40, 0.4),
    ]


def test_the_mix_of_payments_counts_an_order_once(daily: DataFrame) -> None:
    found = payment_mix(daily).where("lines > 0")
    assert rows_of(found, "payment_method orders order_share net_revenue revenue_share") == [
        ("card", 1, 0.5, 60, 0.6),
        ("unknown", 1, 0.5, 40, 0.4),
    ]


def test_an_order_of_two_customers_counts_once_in_their_cell_and_again_on_another_day(spark: SparkSession) -> None:
    lines = [
        sale("A", 1, JANUARY, 10, customer_key=1),
        sale("A", 2, JANUARY, 20, customer_key=2),
        sale("A", 3, "2024-01-11", 30, customer_key=2),
    ]
    customers = [{"customer_key": key, "customer_durable_key": key, "customer_id": str(key)} for key in (1, 2)]
    sales, nothing = frame(spark, FACT_SALES, lines), frame(spark, FACT_RETURNS, [])
    members = frame(spark, DIM_CUSTOMER, customers)
    star = Star(sales, nothing, sales, members, frame(spark, DIM_PRODUCT, []), frame(spark, DIM_GEOGRAPHY, []))
    found = daily_sales(all_cells(star, ()))
    assert rows_of(found, "full_date orders leading_orders lines") == [
        (date(2024, 1, 10), 1, 1, 2),
        (date(2024, 1, 11), 1, 1, 1),
    ]
