"""Cohorts by hand: a fixed denominator, zero within what is known, NULL beyond it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pyspark.sql import DataFrame, SparkSession

from lakehouse.gold.customers.cohort_retention import WHOLE, cohort_cells, cohorts, of_dimensions
from lakehouse.gold.days import last_days
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_PRODUCT, FACT_SALES
from lakehouse.tables.gold.sales import ORDER_TOTALS
from tests.gold.stars import frame, rows_of, sale, total

AS_OF = date(2024, 4, 20)
# Ann and ben begin in January, carl in March; a guest never counts, nor what comes on as_of or later.
ORDERS = [
    total("1", "2024-01-05", "a", 10, first_product_key=1, margin=4),
    total("2", "2024-01-09", "a", 20, first_product_key=2, margin=5),
    total("3", "2024-01-31", "b", 30, first_product_key=2),
    total("4", "2024-03-01", "a", 40, first_product_key=2, margin=6),
    total("5", "2024-03-02", "c", 50, first_product_key=1),
    total("6", "2024-02-02", None, 99, first_product_key=1),
    total("7", "2024-04-20", "b", 99, first_product_key=1),
]


@pytest.fixture(scope="module")
def cells(spark: SparkSession) -> DataFrame:
    customers = [
        {"customer_durable_key": ord(name), "acquisition_channel": channel, "is_current": True}
        for name, channel in (("a", "search"), ("b", None), ("c", "search"))
    ]
    customers.append(customers[0] | {"acquisition_channel": "what it was before", "is_current": False})
    products = [{"product_key": 1, "category": "Cups"}, {"product_key": 2, "category": "Plates"}]
    return cohort_cells(
        frame(spark, ORDER_TOTALS, ORDERS),
        frame(spark, DIM_CUSTOMER, customers),
        frame(spark, DIM_PRODUCT, products),
        as_of=AS_OF,
    ).cache()


@pytest.fixture(scope="module")
def last(spark: SparkSession) -> DataFrame:
    lines = [sale("8", 1, "2024-04-15", 1, order_status="cancelled"), sale("7", 1, "2024-04-20", 1)]
    return last_days(frame(spark, FACT_SALES, lines), AS_OF).cache()


def test_retention_is_the_share_of_the_whole_cohort_and_null_beyond_what_is_known(
    cells: DataFrame, last: DataFrame
) -> None:
    found = cohorts(cells, last).selectExpr("month(cohort_month) AS m", "*")
    assert rows_of(found, "m month_number cohort_size customers retention orders is_partial") == [
        (1, 0, 2, 2, 1.0, 3, False),
        (1, 1, 2, 0, 0.0, 0, False),
        (1, 2, 2, 1, 0.5, 1, False),
        (1, 3, 2, 0, 0.0, 0, True),
        (3, 0, 1, 1, 1.0, 1, False),
        (3, 1, 1, 0, 0.0, 0, True),
        (3, 2, 1, None, None, None, False),
        (3, 3, 1, None, None, None, False),
    ]


@pytest.mark.parametrize(("newest", "is_partial"), [("2024-04-29", True), ("2024-04-30", False)])
def test_a_month_is_whole_once_there_was_an_order_on_its_last_day(
    spark: SparkSession, cells: DataFrame, newest: str, is_partial: bool
) -> None:
    lines = [sale("8", 1, newest, 1), sale("9", 1, "2024-05-01", 1)]
    last = last_days(frame(spark, FACT_SALES, lines), date(2024, 5, 1))
    found = cohorts(cells, last).selectExpr("month(cohort_month) AS m", "*").where("is_partial")
    assert rows_of(found, "m month_number") == ([(1, 3), (3, 1)] if is_partial else [])


def test_revenue_and_margin_add_up_over_the_months_per_customer_of_the_cohort(
    cells: DataFrame, last: DataFrame
) -> None:
    found = cohorts(cells, last).selectExpr("month(cohort_month) AS m", "*")
    names = "m month_number net_revenue cumulative_revenue revenue_per_customer margin cumulative_margin"
    assert rows_of(found, names) == [
        (1, 0, 60, 60, 30, 9, 9),
        (1, 1, 0, 60, 30, 0, 9),
        (1, 2, 40, 100, 50, 6, 15),
        (1, 3, 0, 100, 50, 0, 15),
        (3, 0, 50, 50, 50, None, None),  # What carl bought has no known cost; in April nobody of March bought.
        (3, 1, 0, 50, 50, 0, None),
        (3, 2, None, None, None, None, None),
        (3, 3, None, None, None, None, None),
    ]


def test_breakdowns_take_the_channel_of_the_customer_and_the_category_of_his_first_line(
    cells: DataFrame, last: DataFrame
) -> None:
    found = cohorts(of_dimensions(cells), last, WHOLE).where("month_number = 2 AND customers IS NOT NULL")
    assert rows_of(found, "dimension dimension_value cohort_size customers") == [
        ("acquisition_channel", "search", 1, 1),
        ("acquisition_channel", "unknown", 1, 0),
        ("first_category", "Cups", 1, 1),
        ("first_category", "Plates", 1, 0),
    ]


@pytest.mark.parametrize(
    ("orders", "category"),
    [
        ([("9", 8, 1), ("1", 9, 2)], "Cups"),  # the earlier one, whatever its number
        ([("9", 8, 1), ("1", 8, 2)], "Plates"),  # of two at one instant the one with the lesser number
        ([("9", 8, None), ("1", 9, 2)], "unknown"),
    ],
)
def test_the_first_order_is_the_earliest_and_of_two_at_one_instant_the_one_of_the_lesser_number(
    spark: SparkSession, orders: list[tuple[str, int, int | None]], category: str
) -> None:
    rows = [
        total(
            number, "2024-01-05", "a", 1, first_product_key=key or 0, ordered_at=datetime(2024, 1, 5, hour, tzinfo=UTC)
        )
        for number, hour, key in orders
    ]
    products = [{"product_key": 1, "category": "Cups"}, {"product_key": 2, "category": "Plates"}]
    found = cohort_cells(
        frame(spark, ORDER_TOTALS, rows),
        frame(spark, DIM_CUSTOMER, []),
        frame(spark, DIM_PRODUCT, products),
        as_of=AS_OF,
    )
    assert rows_of(found, "first_category customers orders") == [(category, 1, 2)]


def test_an_order_of_two_days_of_a_month_is_one_order_of_it(spark: SparkSession) -> None:
    rows = [total("1", day, "a", 10, margin=2) for day in ("2024-01-05", "2024-01-06", "2024-02-01")]
    found = cohort_cells(
        frame(spark, ORDER_TOTALS, rows), frame(spark, DIM_CUSTOMER, []), frame(spark, DIM_PRODUCT, []), as_of=AS_OF
    )
    assert rows_of(found, "month_number orders net_revenue margin") == [(0, 1, 20, 4), (1, 1, 10, 2)]
