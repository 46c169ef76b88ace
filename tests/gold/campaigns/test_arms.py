"""Sums over the customers of each group of a campaign: worked out by hand."""

from __future__ import annotations

from pyspark.sql import SparkSession

from lakehouse.gold.campaigns.arms import members, outcomes, sums
from lakehouse.tables.gold.sales import ORDER_TOTALS
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from tests.gold.campaigns.given import AS_OF, bought, touch
from tests.gold.stars import frame, rows_of


def test_sums_squares_and_products_are_those_of_the_customers_of_a_group(spark: SparkSession) -> None:
    touches = [touch("a", 10), touch("a", 10, "D"), touch("a", 10, "E", held=True), touch("a", 10, "F")]
    orders = [
        *(bought("1", 5, 20), bought("2", 11, 100), bought("3", 12, 40)),
        bought("4", 11, 60, "D"),
        *(bought("5", 5, 30, "E"), bought("6", 11, 80, "E")),
    ]
    people = members(frame(spark, CAMPAIGN_TOUCHES, touches), window_days=30, as_of=AS_OF)
    found = sums(outcomes(people, frame(spark, ORDER_TOTALS, orders), pre_period_days=365))
    # C spent 20 before and 140 in two orders since, D 60 in one; E, who is held out, 30 before and 80 since.
    assert rows_of(found, "is_holdout orders revenue margin before costed") == [
        (False, 3, 200, 50, 20, 2 + 1),
        (True, 1, 80, 20, 30, 1),
    ]
    assert rows_of(found, "is_holdout orders_2 revenue_2 margin_2 before_2") == [
        (False, 2**2 + 1, 140**2 + 60**2, 35**2 + 15**2, 20**2),
        (True, 1, 80**2, 20**2, 30**2),
    ]
    assert rows_of(found, "is_holdout orders_x revenue_x margin_x") == [
        (False, 2 * 20, 140 * 20, 35 * 20),
        (True, 1 * 30, 80 * 30, 20 * 30),
    ]
