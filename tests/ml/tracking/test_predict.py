"""A model that is loaded from MLflow says what the lake's own scoring says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.churn.boosted import Boosted
from ml.churn.calibration import Calibration
from ml.churn.churn_model import ChurnModel, Shares
from ml.churn.inputs import Encoding
from ml.clv.lifetime import CurrencyValue, Lifetime
from ml.tracking.decision import Decision
from ml.tracking.log import register
from ml.tracking.predict import NeedsLake, predict
from ml.tracking.registry import Registry
from ml.training import Files, Problem
from tests.ml.tracking.trainings import AS_OF, NOON, data_versions, made_training, without_curves


def loaded(registry: Registry, problem: Problem, files: Files, rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
    """What a model with these files says of the rows, after a way through the registry."""
    import mlflow.pyfunc

    training = without_curves(made_training(source="loaded"))
    candidates = [replace(one, files=files) if one.name == "xgboost" else one for one in training.candidates]
    training = replace(training, problem=problem, candidates=candidates, example=rows, prediction=said)
    decision = Decision("xgboost", None, "tried")
    register(training, decision, registry=registry, data=data_versions(), now=NOON)
    with registry.store.as_default():
        model = mlflow.pyfunc.load_model(f"models:/{problem}-loaded/1")
        found: pd.DataFrame = model.predict(rows)
    return found


def test_churn(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """With pickle forbidden."""
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    chance = np.random.default_rng(7)
    encoding = Encoding({})
    inputs = pd.DataFrame(chance.uniform(1, 100, (300, len(encoding.columns))), columns=list(encoding.columns))
    churned = (inputs["days_since_last_order"] > 50).to_numpy(dtype=float)
    boosted = Boosted.fitted(inputs, churned, encoding.columns, seed=1)
    model = ChurnModel(boosted, encoding, Calibration(0.1, 0.9), Shares(0.9, 0.5), 90, 365, 1)
    rows = inputs[:5]
    said = pd.DataFrame({"churn_probability": model.probabilities(rows)})
    pd.testing.assert_frame_equal(loaded(registry, "churn", model.files(), rows, said), said)


def test_lifetime_value(registry: Registry) -> None:
    values = {"GBP": CurrencyValue("revenue", 20.0, None)}
    model = Lifetime("mean", 0.01, None, values, horizon_months=2, discount_rate=0.1)
    rows = pd.DataFrame(
        {"frequency": [0.0, 2.0], "recency": [0.0, 30.0], "observed": [90.0, 60.0], "currency": ["GBP", "GBP"],
         "revenue_repeats": [0.0, 2.0], "revenue_mean": [np.nan, 20.0]}
    )  # fmt: skip
    keys = {"source_system": "", "customer_durable_key": 0}
    said = model.score(rows.assign(**keys), AS_OF).drop(columns=[*keys])
    found = loaded(registry, "clv", model.files(), rows, said)
    assert found["clv"].tolist() == said["clv"].tolist()
    assert found["clv"][0] == pytest.approx(12.1, abs=0.5)  # 61 days of 0.01 purchases of 20


def test_demand_cannot_be_said_of_rows_alone() -> None:
    with pytest.raises(NeedsLake, match="demand_forecast"):
        predict(pd.DataFrame(), {}, problem="demand", as_of=AS_OF)
