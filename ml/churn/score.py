"""Scoring: what a kept model says of all customers, partition by partition."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.churn.cases import plain
from ml.churn.churn_model import NONE, ChurnModel, read_model
from ml.churn.reasons import REASONS
from ml.churn.reasons import reasons as in_words
from ml.training import Files

_KEYS = ("source_system", "customer_durable_key")
_WORDS = tuple(f"churn_reason_{place}" for place in range(1, REASONS + 1))
COLUMNS = (*_KEYS, "churn_probability", "churn_method", *_WORDS)
SCHEMA = (
    "source_system STRING, customer_durable_key BIGINT, churn_probability DOUBLE, churn_method STRING, "
    + ", ".join(f"{name} STRING" for name in _WORDS)
)


def score(features: DataFrame, files: Files | None, *, reasons: bool = True) -> DataFrame:
    """Grain: one row for each of gold.customer_features (at one cut-off, so one customer).

    `churn_probability` (NULL without a model), `churn_method` (the model's name; lapsed or base_rate where a measured
    share stands for it; none) and `churn_reason_1` to `_3`, in words, of those whom the model itself was asked about.
    """
    if files is None:
        nothing = {name: F.lit(None).cast("string") for name in _WORDS}
        columns = {"churn_probability": F.lit(None).cast("double"), "churn_method": F.lit(NONE), **nothing}
        return features.select(*_KEYS).withColumns(columns)
    kept = dict(files)

    def scored(batches: Iterable[pd.DataFrame]) -> Iterable[pd.DataFrame]:
        model = read_model(kept)
        for rows in batches:
            yield scores(rows, model, reasons=reasons)

    return plain(features).mapInPandas(scored, SCHEMA)


def scores(rows: pd.DataFrame, model: ChurnModel, *, reasons: bool) -> pd.DataFrame:
    """COLUMNS for rows of features as `plain` gives them."""
    found = rows[list(_KEYS)].copy()
    found["churn_probability"] = model.probabilities(rows)
    found["churn_method"] = model.methods(rows)
    found[list(_WORDS)] = None
    by_model = found["churn_method"] == model.name
    if reasons and by_model.any():
        asked = rows[by_model]
        found.loc[by_model, list(_WORDS)] = in_words(model.contributions(asked), asked)
    return found[list(COLUMNS)]
