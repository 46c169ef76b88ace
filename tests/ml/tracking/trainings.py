"""Small real trainings: customers made from a seed, a logistic regression, a gradient boosting and two baselines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lakehouse.published import Publication
from ml.tracking.data_versions import DataVersions
from ml.tracking.versions import configuration_of
from ml.training import Candidate, CurvePoint, Difference, Score, Training, Window

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
AS_OF = date(2024, 5, 1)
FEATURES = ["recency", "orders"]


@cache
def made_training(signal: float = 1.0, *, source: str = "shop", seed: int = 42) -> Training:
    """Customers who leave the likelier the longer they have been away, by `signal`, fitted and measured."""
    chance = np.random.default_rng(7)
    rows = pd.DataFrame({"recency": chance.normal(size=600).round(6), "orders": chance.normal(size=600).round(6)})
    leaves = (chance.random(600) < 1 / (1 + np.exp(-signal * (rows.recency + rows.orders)))).to_numpy(dtype=float)
    train, test = slice(0, 300), slice(300, 600)
    predictions = {
        "xgboost": _boosted(rows[train], leaves[train], rows, seed),
        "logistic_regression": _logistic(rows[train], leaves[train], rows),
        "recency": (json.dumps({"by": "recency"}).encode(), 1 / (1 + np.exp(-rows.recency.to_numpy()))),
    }
    names = {"xgboost": "booster.ubj", "logistic_regression": "model.json", "recency": "baseline.json"}
    candidates = [
        Candidate(
            name,
            name == "recency",
            [*_scores(leaves[test], found[test]), Score("roc_auc", _auc(leaves[train], found[train]), fold=0)],
            {names[name]: content},
            {"seed": seed, "features": FEATURES},
            _curves(leaves[test], found[test]),
        )
        for name, (content, found) in predictions.items()
    ]
    best = max(candidates[:2], key=lambda one: one.score("roc_auc").value)
    example = rows[:3].reset_index(drop=True)
    return Training(
        problem="churn",
        source=source,
        measure="roc_auc",
        level="",
        higher_is_better=True,
        candidates=candidates,
        best=best.name,
        against_baseline=difference(best, candidates[2]),
        against_champion=None,
        window=Window(date(2023, 1, 1), date(2023, 12, 1), date(2024, 2, 1), date(2024, 5, 1)),
        example=example,
        prediction=pd.DataFrame({"probability": predictions[best.name][1][:3]}),
        remarks=["600 customers were made, none was real."],
        seed=seed,
    )


def difference(best: Candidate, other: Candidate) -> Difference:
    value = best.score("roc_auc").value - other.score("roc_auc").value
    return Difference(other.name, value, value - 0.03, value + 0.03)


def without_curves(training: Training) -> Training:
    """The same without plots, which take seconds to draw."""
    return replace(training, candidates=[replace(one, curves=()) for one in training.candidates])


def against_champion(training: Training, value: float, half_width: float = 0.01) -> Training:
    return replace(training, against_champion=Difference("champion", value, value - half_width, value + half_width))


def data_versions(run_id: str = "r1", publication: int = 1, as_of: date = AS_OF) -> DataVersions:
    return DataVersions(publication, as_of, {"gold.customer_features": 3}, "0.1.0", run_id)


def publication(number: int, run_id: str, used: Mapping[str, int]) -> Publication:
    return Publication(number, None, "run", NOON, AS_OF, {}, (), "0.1.0", configuration_of(used), run_id)


def _boosted(
    rows: pd.DataFrame, leaves: NDArray[np.float64], all_rows: pd.DataFrame, seed: int
) -> tuple[bytes, NDArray[np.float64]]:
    import xgboost

    settings = {"objective": "binary:logistic", "max_depth": 2, "seed": seed, "nthread": 1}
    booster = xgboost.train(settings, xgboost.DMatrix(rows, leaves), num_boost_round=8)
    return bytes(booster.save_raw("ubj")), booster.predict(xgboost.DMatrix(all_rows)).astype(float)


def _logistic(
    rows: pd.DataFrame, leaves: NDArray[np.float64], all_rows: pd.DataFrame
) -> tuple[bytes, NDArray[np.float64]]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression().fit(rows.to_numpy(), leaves)
    kept = {"weights": fitted.coef_[0].tolist(), "intercept": fitted.intercept_.tolist()}
    return json.dumps(kept).encode(), fitted.predict_proba(all_rows.to_numpy())[:, 1]


def _auc(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(actual, predicted))


def _scores(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> list[Score]:
    area, brier = _auc(actual, predicted), float(np.mean((actual - predicted) ** 2))
    return [Score("roc_auc", area, area - 0.03, area + 0.03), Score("brier", brier, brier - 0.01, brier + 0.01)]


def _curves(actual: NDArray[np.float64], predicted: NDArray[np.float64]) -> list[CurvePoint]:
    from sklearn.metrics import precision_recall_curve, roc_curve

    false, true, _ = roc_curve(actual, predicted)
    precision, recall, _ = precision_recall_curve(actual, predicted)
    order = np.argsort(predicted)
    tenths = list(zip(np.array_split(predicted[order], 10), np.array_split(actual[order], 10), strict=True))
    return [
        *(CurvePoint("roc", place, float(x), float(y)) for place, (x, y) in enumerate(zip(false, true, strict=True))),
        *(
            CurvePoint("precision_recall", place, float(x), float(y))
            for place, (x, y) in enumerate(zip(recall[::-1], precision[::-1], strict=True))
        ),
        *(CurvePoint("calibration", place, x.mean(), y.mean(), len(x)) for place, (x, y) in enumerate(tenths)),
        *(
            CurvePoint("lift", place, place + 1, y.mean() / actual.mean(), len(y))
            for place, (_, y) in enumerate(reversed(tenths))
        ),
        *(CurvePoint("importance", place, None, 1.0 / (place + 1), label=name) for place, name in enumerate(FEATURES)),
    ]
