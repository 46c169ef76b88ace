"""The baseline of BG/NBD: what is expected decides, not whether a customer is thought to be one still."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pyspark.sql import SparkSession

from lakehouse.tables.gold.sales import ORDER_TOTALS
from ml.churn.expected_purchases import ExpectedPurchases, histories_at, purchase_model
from ml.clv.purchases import Histories, PurchaseModel
from tests.gold.stars import frame, total

MODEL = PurchaseModel("bg_nbd", 0.8, 40.0, 0.7, 2.5)
INPUTS = pd.DataFrame({"repeat_days": [0.0, 0.0, 5.0], "repeat_span_days": [0.0, 0.0, 100.0]}).assign(
    age_days=[10.0, 200.0, 110.0]
)


def test_the_margin_is_minus_the_logarithm_of_the_purchases_expected_in_the_horizon() -> None:
    found = ExpectedPurchases.fitted(MODEL, INPUTS, 90).margins(INPUTS)
    expected = MODEL.expected_purchases(
        INPUTS["repeat_days"].to_numpy(), INPUTS["repeat_span_days"].to_numpy(), np.array([9.0, 199.0, 109.0]), 90.0
    )
    assert found == pytest.approx(-np.log(expected))


def test_who_bought_once_is_alive_for_sure_however_long_ago() -> None:
    assert list(ExpectedPurchases(MODEL, 90).p_alive(INPUTS))[:2] == [1, 1]


def test_customers_are_counted_as_known_at_the_day(spark: SparkSession) -> None:
    orders = [
        total("1", "2024-01-01", "A", 5),
        total("2", "2024-01-21", "A", 5),
        total("3", "2024-01-21", "A", 5),
        total("4", "2024-01-31", "A", 5),
        total("5", "2024-01-21", None, 5),
        total("6", "2024-01-21", "B", 5),
    ]
    found = histories_at(frame(spark, ORDER_TOTALS, orders), date(2024, 1, 31), 100)
    history = np.array([found.frequency, found.recency, found.observed, found.count]).T
    assert history.tolist() == [[0, 0, 9, 1], [1, 20, 29, 1]]


def test_where_nobody_is_seen_to_leave_nbd_takes_its_place_and_that_is_said() -> None:
    random = np.random.default_rng(1)
    observed = random.integers(100, 400, 3_000).astype(float)
    rate = random.gamma(0.8, 1 / 40, 3_000)
    frequency = random.poisson(rate * observed).astype(float)
    # Whoever came again was there on the last day.
    recency = np.where(frequency > 0, observed, 0.0)
    model, remark = purchase_model(Histories(frequency, recency, observed, np.ones(3_000)))
    assert model.name == "nbd"
    assert model.r == pytest.approx(0.8, rel=0.1)
    assert "nobody leaves" in remark
