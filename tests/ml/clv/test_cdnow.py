"""Against what is published of the CDNOW sample: 2,357 customers, 39 weeks to fit, 39 weeks held out."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lakehouse.settings.models import Clv, Models
from ml.clv import purchases, value
from ml.clv.purchases import Histories, PurchaseModel
from ml.clv.train import train

pytestmark = [pytest.mark.shared_data, pytest.mark.spark]

FITTED_UNTIL, HELD_OUT_UNTIL = pd.Timestamp("1997-09-30"), pd.Timestamp("1998-06-30")
WEEK = 7.0


@pytest.fixture(scope="module")
def days(shared_data: Path) -> pd.DataFrame:
    """One row for each purchase day of a customer: customer, day, spent, first."""
    names = ["master", "customer", "day", "units", "spent"]
    log = pd.read_csv(
        shared_data / "cdnow" / "CDNOW_sample.txt.gz", sep=r"\s+", header=None, names=names, dtype={"day": str}
    )
    log["day"] = pd.to_datetime(log["day"])
    rows = log.groupby(["customer", "day"], as_index=False)["spent"].sum()
    return rows.assign(first=rows.groupby("customer")["day"].transform("min"))


@pytest.fixture(scope="module")
def summary(shared_data: Path) -> Histories:
    rows = pd.read_csv(shared_data / "cdnow" / "cdnow_customers_summary.csv.gz")
    columns = (rows[name].to_numpy(float) for name in ("frequency", "recency", "T"))
    return Histories(*columns, np.ones(len(rows)))


def fitted(name: purchases.PurchaseModelName, history: Histories) -> PurchaseModel:
    found = purchases.fit(name, history)
    return PurchaseModel.of(name, found)


def test_bg_nbd_has_the_published_parameters_and_likelihood(summary):
    found = purchases.fit("bg_nbd", summary)
    assert found.values == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=0.001)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_mbg_nbd_has_the_parameters_and_likelihood_that_other_implementations_find(summary):
    found = purchases.fit("mbg_nbd", summary)
    assert found.values == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=0.001)
    assert found.log_likelihood == pytest.approx(-9582.1, abs=0.05)


def test_gamma_gamma_has_the_published_parameters(days):
    repeats = days[(days["day"] <= FITTED_UNTIL) & (days["day"] > days["first"])]
    seen = repeats.groupby("customer")["spent"].agg(["count", "mean"])
    found = value.fit(seen["count"].to_numpy(float), seen["mean"].to_numpy(float))
    assert len(seen) == 946
    assert found.values == pytest.approx((6.25, 3.74, 15.45), abs=0.01)


@pytest.mark.parametrize(
    ("name", "bias", "mae", "rmse", "correlation"),
    [("bg_nbd", -0.121, 0.785, 1.608, 0.626), ("mbg_nbd", -0.162, 0.765, 1.607, 0.627)],
)
def test_the_39_weeks_held_out_come_out_as_published(summary, days, name, bias, mae, rmse, correlation):
    held_out = days[(days["day"] > FITTED_UNTIL) & (days["day"] <= HELD_OUT_UNTIL)]
    real = held_out.groupby("customer").size().reindex(np.arange(1, 2358), fill_value=0).to_numpy(float)
    assert real.sum() == 1_882
    said = fitted(name, summary).expected_purchases(summary.frequency, summary.recency, summary.observed, 39.0)
    assert said.sum() / real.sum() - 1 == pytest.approx(bias, abs=0.001)
    assert np.mean(np.abs(said - real)) == pytest.approx(mae, abs=0.001)
    assert np.sqrt(np.mean((said - real) ** 2)) == pytest.approx(rmse, abs=0.001)
    assert np.corrcoef(said, real)[0, 1] == pytest.approx(correlation, abs=0.001)


def test_the_span_held_out_is_the_same_through_training_and_the_challenger_takes_bias_away(spark, days):
    """What is reached of CDNOW: no one candidate has the least absolute error and the least bias."""
    money = ("net_revenue", "net_of_returns")
    rows = days.assign(order_date=days["day"].dt.date, order_id=range(len(days)), units=1)
    rows = rows.assign(**{name: rows["spent"].map(lambda value: Decimal(str(round(value, 2)))) for name in money})
    orders = spark.createDataFrame(
        rows[["customer", "order_id", "order_date", "units", *money]],
        "customer_durable_key bigint, order_id string, order_date date, units bigint,"
        " net_revenue decimal(18,4), net_of_returns decimal(18,4)",
    ).selectExpr(
        "*", "'cdnow' AS source_system", "string(customer_durable_key) AS customer_id", "'USD' AS currency",
        "decimal(0) AS costed_revenue", "CAST(NULL AS DECIMAL(18,4)) AS margin_net_of_returns",
    )  # fmt: skip
    rules = Clv(holdout_share=0.5, most_holdout_days=273)
    found = train(orders, as_of=date(1998, 7, 1), rules=rules, models=Models(), champion=None)
    assert found.window.tested_from == date(1997, 10, 1)
    score = {
        one.name: {of.measure: of.value for of in one.scores if of.level == "purchases"} for one in found.candidates
    }
    assert score["bg_nbd"]["mae"] == pytest.approx(0.785, abs=0.001)
    assert score["mbg_nbd"]["rmse"] == pytest.approx(1.607, abs=0.001)
    assert score["mbg_nbd"]["mae"] <= 0.77
    assert score["count_again"]["total_error"] == pytest.approx(0.306, abs=0.001)
    assert abs(score["xgboost"]["total_error"]) <= 0.10
    assert score["mean_of_both"]["rmse"] < 1.61
    assert score["mbg_nbd"]["top_decile_share"] == pytest.approx(0.477, abs=0.002)
    assert found.against_baseline.is_real
