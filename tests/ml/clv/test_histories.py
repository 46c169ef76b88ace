"""What is known of customers before a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from pyspark.sql import SparkSession

from lakehouse.tables.gold.sales import ORDER_TOTALS
from ml.clv.histories import customer_histories, grouped, histories_and_later, purchase_days, sampled
from ml.clv.spans import Span
from tests.gold.stars import Row, frame, rows_of, total

AS_OF = date(2024, 3, 1)


def order(name: str, day: str, customer: str | None, net: int, margin: int | None = None, **more: object) -> Row:
    """An order of which nothing came back; its cost is known where there is a margin."""
    costed = Decimal(0 if margin is None else net)
    money = {"net_of_returns": Decimal(net), "costed_revenue": costed, "units": 1}
    return total(name, day, customer, net, **money, margin_net_of_returns=margin, **more)


FEW = [
    order("1", "2024-02-01", "a", 10, 4),
    order("2", "2024-02-11", "a", 20, 8),
    order("3", "2024-02-11", "a", 30, 12),  # the same day: one purchase of 50
    order("4", "2024-02-29", "a", 70, 20),
    order("5", "2024-02-20", "b", 99),
    order("6", "2024-02-20", None, 5),
    order("7", "2024-03-01", "a", 1_000, 500),  # as_of itself is not known yet
    order("8", "2024-03-09", "c", 1, 1),
]


def test_purchases_are_days_and_guests_are_no_customers(spark):
    known = customer_histories(frame(spark, ORDER_TOTALS, FEW), AS_OF)
    assert rows_of(known, "customer_durable_key frequency recency observed days_30 days_90") == [
        (ord("a"), 2.0, 28.0, 28.0, 3.0, 3.0),
        (ord("b"), 0.0, 0.0, 9.0, 1.0, 1.0),
    ]


def test_values_are_those_of_repeat_purchases_whose_value_is_known(spark):
    known = customer_histories(frame(spark, ORDER_TOTALS, FEW), AS_OF)
    assert rows_of(known, "revenue_first revenue_repeats revenue_mean margin_repeats margin_mean units_mean") == [
        (10.0, 2.0, 60.0, 2.0, 20.0, pytest.approx(4 / 3)),
        (99.0, 0.0, None, 0.0, None, 1.0),
    ]


def test_a_first_purchase_of_unknown_margin_takes_no_repeat_purchase_away(spark):
    orders = [order("1", "2024-02-01", "a", 10), order("2", "2024-02-11", "a", 20, 8)]
    known = customer_histories(frame(spark, ORDER_TOTALS, orders), AS_OF)
    assert rows_of(known, "margin_repeats margin_mean") == [(1.0, 8.0)]


def test_the_known_part_of_an_order_stands_for_all_of_it(spark):
    half = order("2", "2024-02-11", "a", 20, 4) | {"costed_revenue": Decimal(10)}
    known = customer_histories(frame(spark, ORDER_TOTALS, [order("1", "2024-02-01", "a", 10), half]), AS_OF)
    assert rows_of(known, "margin_mean") == [(8.0,)]


def test_money_is_in_the_currency_of_most_purchases_and_purchases_are_of_all(spark):
    orders = [
        order("1", "2024-02-01", "a", 10, currency="EUR"),
        order("2", "2024-02-02", "a", 20, currency="GBP"),
        order("3", "2024-02-03", "a", 30, currency="GBP"),
        order("4", "2024-02-03", "a", 99, currency="EUR"),
        order("5", "2024-02-04", "a", 40, currency="GBP"),
    ]
    known = customer_histories(frame(spark, ORDER_TOTALS, orders), AS_OF)
    names = "currency frequency revenue_first revenue_repeats revenue_mean"
    assert rows_of(known, names) == [("GBP", 3.0, 20.0, 2.0, 35.0)]


def test_what_comes_later_changes_nothing_of_what_is_known(spark):
    with_later, without = (
        rows_of(customer_histories(frame(spark, ORDER_TOTALS, rows), AS_OF), "*") for rows in (FEW, FEW[:6])
    )
    assert with_later == without


def test_the_span_begins_with_its_first_day_and_ends_before_its_last(spark):
    orders = [*FEW, order("9", "2024-03-10", "a", 7, 7), order("10", "2024-03-05", "b", 9, currency="EUR")]
    both = histories_and_later(purchase_days(frame(spark, ORDER_TOTALS, orders)), [Span(AS_OF, date(2024, 3, 10))])
    assert rows_of(both, "customer_durable_key frequency purchases revenue_later margin_later") == [
        (ord("a"), 2.0, 1.0, 1_000.0, 500.0),
        (ord("b"), 0.0, 1.0, 0.0, 0.0),  # what was spent in another currency has no place among these
    ]


def many(spark: SparkSession):
    """400 customers, no two of whom are known for equally long in days and weeks of first and last purchase."""
    rows = [(float(n % 3), float(n if n % 3 else 0), float(400 + n)) for n in range(400)]
    return spark.createDataFrame(rows, "frequency double, recency double, observed double")


def test_groups_hold_all_customers_however_few_they_may_be(spark):
    customers = many(spark)
    exact = customers.toPandas().sum()
    by_day, by_week = grouped(customers, 500), grouped(customers, 200)
    assert len(by_day.count) == 400
    assert len(by_week.count) <= 200
    for one in (by_day, by_week):
        assert one.customers == 400
        for name in ("frequency", "recency", "observed"):
            assert float(getattr(one, name) @ one.count) == pytest.approx(exact[name])
    assert np.all(by_week.recency <= by_week.observed)
    with pytest.raises(ValueError, match="more than 2 ways"):
        grouped(customers, 2)


def test_a_sample_holds_customers_whole_and_is_the_same_each_time(spark):
    orders = [order(f"{n}-{m}", f"2024-02-{m + 1:02}", chr(200 + n), 5) for n in range(60) for m in range(3)]
    rows = frame(spark, ORDER_TOTALS, orders)
    some = rows_of(sampled(rows, 0.5), "customer_durable_key")
    assert 45 < len(some) < 135
    assert all(some.count(one) == 3 for one in some)
    assert rows_of(sampled(rows, 0.5), "customer_durable_key") == some
    assert sampled(rows, 1.0).count() == 180
