"""Above the bound of local rows XGBoost is trained in Spark, and nothing that is larger is taken to this process."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from ml.churn.by_spark import encoded
from ml.churn.cases import not_sampled, plain, sampled
from ml.churn.inputs import Encoding
from ml.churn.train import train
from ml.training import Training
from tests.ml.churn.small_shop import AS_OF, MODELS, RULES, small_shop

pytestmark = pytest.mark.spark


@pytest.mark.long
def test_a_large_shop_is_trained_in_spark_and_samples_of_it_here(spark: SparkSession) -> None:
    most = 700
    shop = small_shop(spark)
    models = MODELS.model_copy(update={"most_local_rows": most})
    found = train(shop.features, shop.orders, as_of=AS_OF, rules=RULES, models=models)
    assert isinstance(found, Training)
    (remark,) = [remark for remark in found.remarks if "trained in Spark on all" in remark]
    of_all, of_sample = (int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", remark))
    # A sample by hash is about as large as it should be.
    assert of_all > 1.5 * most
    assert 0.6 * most < of_sample < 1.2 * most
    boosted = found.candidate("xgboost")
    assert boosted.score("roc_auc").value > 0.6
    assert boosted.score("brier").value < found.candidate("majority").score("brier").value


def test_columns_in_spark_are_those_in_this_process(spark: SparkSession) -> None:
    rows = plain(small_shop(spark, 60).features)
    local = rows.toPandas()
    encoding = Encoding.of(local)
    found = rows.select(*(one.alias(str(place)) for place, one in enumerate(encoded(encoding.columns)))).toPandas()
    found.columns = pd.Index(encoding.columns)
    pd.testing.assert_frame_equal(found, encoding.inputs(local))


def test_customers_are_in_the_sample_or_among_the_others(spark: SparkSession) -> None:
    features = small_shop(spark, 60).features
    some, others = (
        {row[0] for row in take(features, 0.3).select("customer_durable_key").collect()}
        for take in (sampled, not_sampled)
    )
    assert some
    assert some & others == set()
    assert len(some | others) == features.select("customer_durable_key").distinct().count()
