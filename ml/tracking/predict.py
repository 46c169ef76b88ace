"""What a model says of rows as its signature has them, for those who load it from MLflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from ml.training import Files, Problem

_KEYS: Mapping[str, Any] = {"source_system": "", "customer_durable_key": 0}


class NeedsLake(Exception):
    """The model says nothing of rows alone. Exit code 2."""

    exit_code = 2


def predict(rows: pd.DataFrame, files: Files, *, problem: Problem, as_of: date) -> pd.DataFrame:
    """A row for each row. Raises NeedsLake for demand, whose forecasts come from all series of a shop together."""
    if problem == "churn":
        return _churn(rows, files)
    if problem == "clv":
        return _clv(rows, files, as_of)
    raise NeedsLake("a model of demand forecasts all series of a lake together: read gold.demand_forecast")


def _churn(rows: pd.DataFrame, files: Files) -> pd.DataFrame:
    """The probability of customers whom the model itself is asked about: neither lapsed nor too new."""
    from ml.churn.churn_model import read_model

    model = read_model(files)
    probabilities = model.calibration.probabilities(model.model.margins(rows))
    return pd.DataFrame({"churn_probability": probabilities}, index=rows.index)


def _clv(rows: pd.DataFrame, files: Files, as_of: date) -> pd.DataFrame:
    from ml.clv.lifetime import Lifetime

    return Lifetime.of(files).score(rows.assign(**_KEYS), as_of).drop(columns=[*_KEYS])
