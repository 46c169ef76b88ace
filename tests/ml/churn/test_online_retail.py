"""Churn of a real wholesaler, 90 days from 10 September 2011: the figures that a simple trial reached before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from lakehouse.settings.models import Churn, Models
from lakehouse.tables.gold import DIM_CUSTOMER
from lakehouse.tables.silver import CAMPAIGN_TOUCHES
from lakehouse.tables.types import MONEY
from ml.churn.train import train
from ml.features.customer_features import customer_features
from ml.features.step import wanted_cut_offs
from ml.training import Training
from tests.gold.stars import frame
from tests.ml.features.shop import FIRST, LAST

pytestmark = pytest.mark.spark

TEST, HORIZON = date(2011, 9, 10), 90
_LINES = """
    SELECT InvoiceNo AS order_id, InvoiceDate::DATE AS order_date, CustomerID::DOUBLE::BIGINT AS customer_durable_key,
        Quantity AS units, round(Quantity * UnitPrice, 4) AS amount, Country AS country_code
    FROM (SELECT DISTINCT * FROM read_csv('{file}', types = {{'InvoiceNo': 'VARCHAR'}}))
    WHERE CustomerID IS NOT NULL AND UnitPrice > 0
"""


def orders(spark: SparkSession, lines: str) -> DataFrame:
    """gold.order_totals of what is not cancelled."""
    found = duckdb.sql(
        "SELECT order_id, order_date, customer_durable_key, count(*) AS lines, sum(units)::BIGINT AS units,"
        f" sum(amount) AS net_revenue FROM ({lines}) WHERE units > 0 AND order_id NOT LIKE 'C%' GROUP BY ALL"
    ).df()
    amount = F.col("net_revenue").cast(MONEY)
    return spark.createDataFrame(found).withColumns(
        {
            "source_system": F.lit("s"), "currency": F.lit("GBP"),
            "customer_id": F.col("customer_durable_key").cast("string"),
            "order_date": F.col("order_date").cast("date"), "net_revenue": amount, "gross_revenue": amount,
            "discount": F.lit(0).cast(MONEY), "margin": F.lit(None).cast(MONEY),
        }
    )  # fmt: skip


def features(spark: SparkSession, lines: str, known: DataFrame) -> DataFrame:
    back = duckdb.sql(f"SELECT * FROM ({lines}) WHERE order_id LIKE 'C%' AND units < 0").df()
    returns = spark.createDataFrame(back).select(
        F.lit("s").alias("source_system"),
        F.lit("GBP").alias("currency"),
        F.col("customer_durable_key").alias("customer_key"),
        F.col("order_date").cast("date").alias("return_date"),
        (-F.col("units")).alias("returned_units"),
        (-F.col("amount")).cast(MONEY).alias("refund_amount"),
    )
    countries = f"SELECT customer_durable_key, any_value(country_code ORDER BY order_date) FROM ({lines}) GROUP BY ALL"
    versions = [
        {
            "source_system": "s", "customer_key": key, "customer_durable_key": key, "customer_id": str(key),
            "country_code": country, "valid_from": FIRST, "valid_to": LAST,
        }
        for key, country in duckdb.sql(countries).fetchall()
    ]  # fmt: skip
    return customer_features(
        known,
        returns,
        frame(spark, DIM_CUSTOMER, versions),
        frame(spark, CAMPAIGN_TOUCHES, []),
        cut_offs=wanted_cut_offs(TEST, 9),
        look_back_days=365,
    )


@pytest.mark.long
@pytest.mark.shared_data
def test_models_are_as_good_as_known_and_no_difference_is_claimed_that_is_none(
    spark: SparkSession, shared_data: Path
) -> None:
    lines = _LINES.format(file=shared_data / "online_retail" / "online_retail.csv.gz")
    known = orders(spark, lines).persist()
    found = train(
        features(spark, lines, known),
        known,
        as_of=TEST + timedelta(days=HORIZON),
        rules=Churn(horizon_days=HORIZON),
        models=Models(),
    )
    assert isinstance(found, Training)
    assert found.window.tested_from == TEST
    recency = found.candidate("recency").score("roc_auc").value
    assert recency == pytest.approx(0.683, abs=0.01)
    best = found.candidate(found.best)
    assert best.score("roc_auc").value >= 0.74
    assert best.score("roc_auc").value >= recency + 0.05
    assert best.score("brier").value <= 0.21
    # Trees and the straight line are as good as each other here: their intervals overlap by far.
    one, other = (found.candidate(name).score("roc_auc") for name in ("xgboost", "logistic_regression"))
    assert one.low is not None
    assert one.high is not None
    assert one.low < other.value < one.high
