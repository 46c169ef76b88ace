"""Products by hand: what they bring, their class and trend, and how often they come back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from statsmodels.stats.proportion import proportion_confint

from lakehouse.gold.products.product_days import product_days
from lakehouse.gold.products.product_performance import product_performance
from lakehouse.gold.products.return_rates import return_rates, wilson
from lakehouse.settings.marts import Products
from lakehouse.tables.gold import DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from tests.gold.stars import frame, refund, rows_of, sale

AS_OF = date(2024, 3, 1)
RULES = Products(abc_a=0.8, abc_b=0.95, trend_days=30)
# Product 1 has two versions.
SALES = [
    sale("A", 1, "2024-01-15", 50, product_key=11, cost=Decimal(20), margin=Decimal(30)),
    sale("A", 2, "2024-01-15", 30, product_key=11),
    sale("B", 1, "2024-02-20", 40, product_key=12, quantity=3),
    sale("B", 2, "2024-02-20", 15, product_key=20),
    sale("C", 1, "2024-02-21", 15, product_key=30),
    sale("D", 1, "2024-02-21", 900, product_key=40),
]
RETURNS: list[dict[str, Any]] = [
    refund("1", "2024-02-10", 5, order_id="A", line_number=1, product_key=11, reason="late"),
    refund("2", "2024-02-11", 5, order_id="A", line_number=1, product_key=11, reason="late"),
    refund("3", "2024-02-11", None, product_key=20, reason="broken"),
    refund("4", "2024-02-11", 7, product_key=20),
]


@pytest.fixture(scope="module")
def products(spark: SparkSession) -> DataFrame:
    versions = [(11, 1, False), (12, 1, True), (20, 2, True), (30, 3, True), (40, 4, True)]
    return frame(
        spark,
        DIM_PRODUCT,
        [
            {"product_key": key, "product_durable_key": durable, "product_id": f"p{durable}", "is_current": current,
             "category": "Cups" if durable == 1 else None, "is_merchandise": durable != 4}
            for key, durable, current in versions
        ],
    ).cache()  # fmt: skip


@pytest.fixture(scope="module")
def returns(spark: SparkSession) -> DataFrame:
    return frame(spark, FACT_RETURNS, RETURNS).cache()


@pytest.fixture(scope="module")
def days(spark: SparkSession, products: DataFrame, returns: DataFrame) -> DataFrame:
    return product_days(frame(spark, FACT_SALES, SALES), returns, products, converted=()).cache()


def test_a_day_of_a_product_counts_an_order_once_and_returns_on_their_own_day(days: DataFrame) -> None:
    found = days.where("product_durable_key = 1").selectExpr("string(full_date) AS day", "*")
    assert rows_of(
        found, "day orders lines units net_revenue cost margin costed_revenue return_lines refund_amount"
    ) == [
        ("2024-01-15", 1, 2, 2, 80, 20, 30, 50, 0, 0),
        ("2024-02-10", 0, 0, 0, 0, None, None, 0, 1, 5),
        ("2024-02-11", 0, 0, 0, 0, None, None, 0, 1, 5),
        ("2024-02-20", 1, 1, 3, 40, None, None, 0, 0, 0),
    ]


def test_products_are_ranked_and_classed_among_merchandise_and_equals_alike(
    days: DataFrame, products: DataFrame
) -> None:
    later = days.where("product_durable_key = 1").withColumn("full_date", F.lit(AS_OF))  # is not over yet
    found = product_performance(days.unionByName(later), products, RULES, as_of=AS_OF).cache()
    # 120 of 150 are 80 %: what comes after these is no longer A.
    assert rows_of(found, "product_id net_revenue revenue_rank abc_class days_since_last_sale") == [
        ("p1", 120, 1, "A", 10),
        ("p2", 15, 2, "B", 10),
        ("p3", 15, 2, "B", 9),
        ("p4", 900, None, None, 9),
    ]
    names = "product_id orders units return_rate margin_rate recent_revenue previous_revenue revenue_trend"
    [first, *_] = rows_of(found, names)
    assert first == ("p1", 2, 5, 0.4, 0.6, 40, 80, -0.5)
    assert rows_of(found.where("product_id = 'p2'"), "revenue_trend unpriced_returns net_of_returns") == [(None, 1, 8)]


def test_what_is_sold_without_a_product_counts_and_is_not_ranked(spark: SparkSession, products: DataFrame) -> None:
    unknown = {"product_key": 50, "product_durable_key": 5, "product_id": None, "is_current": True}
    members = products.unionByName(frame(spark, DIM_PRODUCT, [unknown | {"is_merchandise": True}]))
    sales = [*SALES, sale("E", 1, "2024-02-21", 500, product_key=50)]
    nothing = frame(spark, FACT_RETURNS, RETURNS).limit(0)
    days = product_days(frame(spark, FACT_SALES, sales), nothing, members, converted=())
    found = product_performance(days, members, RULES, as_of=AS_OF).where("product_id IS NULL OR product_id = 'p1'")
    assert rows_of(found.orderBy("product_durable_key"), "net_revenue is_merchandise revenue_rank abc_class") == [
        (120, True, 1, "A"),
        (500, False, None, None),
    ]


def test_a_line_that_comes_back_in_parts_counts_once_in_the_rate(
    days: DataFrame, returns: DataFrame, products: DataFrame
) -> None:
    found = return_rates(days, returns, products, confidence=0.95).cache()
    names = "dimension dimension_value lines returned_lines line_return_rate"
    assert rows_of(found, names) == [
        ("all", "all", 6, 3, 0.5),
        ("category", "Cups", 3, 1, 1 / 3),
        ("category", "unknown", 3, 2, 2 / 3),
        ("product", "p1", 3, 1, 1 / 3),
        ("product", "p2", 1, 2, None),
        ("product", "p3", 1, 0, 0.0),
        ("product", "p4", 1, 0, 0.0),
        ("reason", "broken", 6, 1, 1 / 6),
        ("reason", "late", 6, 1, 1 / 6),
        ("reason", "unknown", 6, 1, 1 / 6),
    ]
    assert rows_of(found.where("line_return_rate IS NULL"), "rate_low rate_high") == [(None, None)]


def test_of_a_product_of_which_all_lines_came_back_the_rate_is_one(spark: SparkSession, products: DataFrame) -> None:
    sold = [sale("A", line, "2024-01-15", 50, product_key=20) for line in (1, 2)]
    back = [refund(str(line), "2024-02-10", 5, order_id="A", line_number=line, product_key=20) for line in (1, 2)]
    returns = frame(spark, FACT_RETURNS, back)
    days = product_days(frame(spark, FACT_SALES, sold), returns, products, converted=())
    found = return_rates(days, returns, products, confidence=0.95).where("dimension = 'product'")
    assert rows_of(found, "dimension_value lines returned_lines line_return_rate rate_high") == [("p2", 2, 2, 1.0, 1.0)]


def test_the_interval_is_the_one_of_statsmodels(spark: SparkSession) -> None:
    cases = [(0, 10), (0, 53), (0, 1091), (10, 10), (1, 3), (7, 1000), (500, 1000), (0, 1)]
    low, high = wilson(F.col("k"), F.col("n"), 0.9)
    found = spark.createDataFrame([*cases, (0, 0)], "k INT, n INT").select("k", "n", low, high).collect()
    for count, trials, *bounds in found[:-1]:
        assert bounds[0] <= count / trials <= bounds[1]
        assert bounds == pytest.approx(proportion_confint(count, trials, alpha=0.1, method="wilson"), abs=1e-12)
    assert tuple(found[-1][2:]) == (None, None)
