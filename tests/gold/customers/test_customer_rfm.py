"""Scores that treat equals alike, segments by rules, and how much the best customers bring."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.gold.customers.customer_concentration import customer_concentration
from lakehouse.gold.customers.customer_rfm import customer_rfm, customer_totals, rfm_segments
from lakehouse.gold.customers.ranks import with_totals_below
from lakehouse.settings import load_settings
from lakehouse.settings.marts import Rfm, SegmentRule
from lakehouse.tables.gold import DIM_CUSTOMER, FACT_RETURNS
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.types import MONEY
from tests.gold.stars import frame, refund, rows_of, total

pytestmark = pytest.mark.spark

AS_OF = date(2024, 3, 1)


def totals(spark: SparkSession, orders: list[dict[str, Any]], returns: list[dict[str, Any]]) -> DataFrame:
    # The key of a version is ten times that of the customer, and one more for each further one.
    versions = [(10 * ord(name) + number, ord(name)) for name in "abcde" for number in (0, 1)]
    customers = [{"customer_key": key, "customer_durable_key": durable} for key, durable in versions]
    return customer_totals(
        frame(spark, ORDER_TOTALS, orders),
        frame(spark, FACT_RETURNS, returns),
        frame(spark, DIM_CUSTOMER, customers),
        as_of=AS_OF,
        converted=(),
    )


FIVE = [
    total("1", "2024-02-29", "a", 100),
    total("2", "2024-01-01", "a", 50),
    total("3", "2024-02-20", "b", 40),
    total("4", "2024-01-31", "c", 30),
    total("5", "2024-01-31", "d", 20),
    total("6", "2023-03-01", "e", 10),
    total("7", "2024-03-01", "e", 999),
    total("8", "2024-02-01", None, 999),
]


def test_five_customers_by_hand(spark: SparkSession) -> None:
    back = [refund("1", "2024-02-29", 95, customer_key=970), refund("2", "2024-03-01", 9, customer_key=980)]
    found = customer_rfm(totals(spark, FIVE, back), load_settings().analytics.rfm).cache()
    assert rows_of(found, "customer_id recency_days frequency monetary r_score f_score m_score") == [
        ("a", 1, 2, 55, 5, 5, 5),
        ("b", 10, 1, 40, 4, 1, 4),
        ("c", 30, 1, 30, 2, 1, 3),
        ("d", 30, 1, 20, 2, 1, 2),
        ("e", 366, 1, 10, 1, 1, 1),
    ]
    names = [("a", "Champions"), ("b", "New"), ("c", "Lost"), ("d", "Lost"), ("e", "Lost")]
    assert rows_of(found, "customer_id segment") == names
    segments = rfm_segments(found)
    assert rows_of(segments, "segment customers customer_share monetary r_bins f_bins m_bins") == [
        ("Champions", 1, 0.2, 55, 4, 2, 5),
        ("Lost", 3, 0.6, 60, 4, 2, 5),
        ("New", 1, 0.2, 40, 4, 2, 5),
    ]


def test_a_thousand_equal_customers_get_one_score(spark: SparkSession) -> None:
    equal = spark.range(1000).selectExpr(
        "'s' AS source_system", "'GBP' AS currency", "id AS customer_durable_key", "string(id) AS customer_id",
        "7 AS recency_days", "2L AS frequency", f"CAST(5 AS {MONEY}) AS monetary",
    )  # fmt: skip
    found = customer_rfm(equal, load_settings().analytics.rfm).select("r_score", "f_score", "m_score").distinct()
    assert rows_of(found, "r_score f_score m_score") == [(1, 1, 1)]


def test_scores_are_those_of_the_formula_whatever_the_cuts(spark: SparkSession) -> None:
    amounts = np.random.default_rng(1).lognormal(3, 1, 2000).round(1)
    rows = [(f"c{place}", place, float(amount)) for place, amount in enumerate(amounts)]
    known = spark.createDataFrame(rows, "customer_id STRING, customer_durable_key BIGINT, worth DOUBLE").selectExpr(
        "'s' AS source_system", "'GBP' AS currency", "*", "1 AS recency_days", "1L AS frequency",
        f"CAST(worth AS {MONEY}) AS monetary",
    )  # fmt: skip
    found = customer_rfm(known, load_settings().analytics.rfm).select("customer_durable_key", "m_score").collect()
    expected = [min(5, 1 + int(5 * int((amounts < amount).sum()) / (len(amounts) - 1))) for amount in amounts]
    assert [row[1] for row in sorted(found)] == expected


def test_an_address_change_and_an_unknown_line_leave_one_customer_with_all_refunds(spark: SparkSession) -> None:
    back = [refund("1", "2024-02-01", 5, customer_key=970), refund("2", "2024-02-01", 6, customer_key=971)]
    assert rows_of(totals(spark, FIVE[:2], back), "customer_id monetary refund_amount") == [("a", 139, 11)]


def test_the_first_rule_that_fits_names_the_segment(spark: SparkSession) -> None:
    rules = Rfm(
        rest="Rest", segments=(SegmentRule(name="Two", orders=(2, 9)), SegmentRule(name="Late", recency=(5, 5)))
    )
    found = customer_rfm(totals(spark, FIVE[:4], []), rules)
    assert rows_of(found, "customer_id segment") == [("a", "Two"), ("b", "Rest"), ("c", "Rest")]


@pytest.mark.parametrize("wrong", [{"recency": (4, 2)}, {"name": "Rest"}])
def test_rules_that_hold_nothing_or_share_a_name_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"holds nothing|of one name"):
        Rfm.model_validate({"rest": "Rest", "segments": [{"name": "A"} | wrong]})


def test_totals_below_are_exact_and_leave_out_equals(spark: SparkSession) -> None:
    values = spark.range(500).selectExpr("'g' AS g", "id * id AS v", "id % 3 + 1 AS n")
    found = with_totals_below(values, ["g"], "v", ["n"]).orderBy("v").select("_below_n").collect()
    counts = [number % 3 + 1 for number in range(500)]
    assert [row[0] for row in found] == [sum(counts[:place]) for place in range(500)]


def test_the_curve_of_concentration_by_hand(spark: SparkSession) -> None:
    worth = spark.createDataFrame([(4,), (3,), (2,), (1,), (0,)], "v INT").select(
        F.lit("s").alias("source_system"), F.lit("GBP").alias("currency"), F.col("v").cast(MONEY).alias("net_revenue")
    )
    rows = {row["customer_percent"]: row for row in customer_concentration(worth).collect()}
    assert sorted(rows) == list(range(1, 101))
    shares = [rows[percent]["revenue_share"] for percent in (10, 20, 30, 40, 60, 80, 100)]
    assert shares == pytest.approx([0.2, 0.4, 0.55, 0.7, 0.9, 1, 1])
    # 1 - (1/5)(0 + 0.1 + (0.1 + 0.3) + (0.3 + 0.6) + (0.6 + 1)) = 0.4
    assert rows[1]["gini"] == pytest.approx(0.4)
    assert rows[1]["customers"] == 5
