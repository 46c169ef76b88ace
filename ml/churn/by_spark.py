"""XGBoost trained by Spark, for more cases than one process should take.

Spark's own context is needed here, and nowhere else in models: xgboost.spark gathers its workers by it.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.churn.boosted import PARAMETERS, ROUNDS, Boosted
from ml.churn.calibration import calibrated
from ml.churn.fitting import Fitted
from ml.churn.inputs import Encoding

_NATIVE = {"eta": "learning_rate"}
"""xgboost.spark calls some parameters as scikit-learn does."""


def boosted_by_spark(
    cases: DataFrame, held_out: pd.DataFrame, encoding: Encoding, columns: Sequence[str], *, seed: int
) -> Fitted:
    """A booster fitted to all the cases, which stay where they are, and calibrated by customers who are not in them.

    There are as many workers as executors; one within this process where there are none.
    """
    from xgboost.spark import SparkXGBClassifier

    names = [f"input_{place}" for place in range(len(columns))]
    inputs = encoded(columns)
    rows = cases.select(*(one.alias(name) for one, name in zip(inputs, names, strict=True)), "churned")
    settings = {_NATIVE.get(name, name): value for name, value in PARAMETERS.items() if name != "objective"}
    classifier = SparkXGBClassifier(
        features_col=names,
        label_col="churned",
        num_workers=int(cases.sparkSession.conf.get("spark.executor.instances", "1") or 1),
        n_estimators=ROUNDS,
        random_state=seed,
        **settings,
    )
    booster = classifier.fit(rows).get_booster()
    booster.feature_names = None
    model = Boosted(booster, tuple(columns))
    margins = model.margins(encoding.inputs(held_out))
    return Fitted(model, calibrated(margins, held_out["churned"].to_numpy(dtype="float64")), ())


def encoded(columns: Sequence[str]) -> list[Column]:
    """What `Encoding.inputs` gives of these columns, in Spark."""
    found = []
    for name in columns:
        feature, is_value, value = name.partition("=")
        same = (F.coalesce(F.col(feature), F.lit("")) == F.lit(value)).cast("double")
        found.append(same if is_value else F.coalesce(F.col(feature), F.lit(float("nan"))))
    return found
