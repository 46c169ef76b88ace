"""A model with all that scoring needs: encoding, calibration, and shares for those whom it says nothing of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ml.churn.baselines import FREQUENCY, MAJORITY, RECENCY, OneFeature
from ml.churn.boosted import KIND as XGBOOST
from ml.churn.boosted import Boosted
from ml.churn.calibration import Calibration
from ml.churn.inputs import Encoding
from ml.churn.logistic import KIND as LOGISTIC
from ml.churn.logistic import Logistic
from ml.churn.model import Model
from ml.evaluation.cases import Numbers
from ml.training import Files

FILE = "model.json"
LAPSED, BASE_RATE, NONE = "lapsed", "base_rate", "none"
"""Methods of those whom no model tells apart."""


@dataclass(frozen=True)
class Shares:
    """Measured shares of customers who placed no order within the horizon."""

    lapsed: float
    """Of those whose last order was before the look-back days."""
    new: float
    """Of those whose first order was less than `least_history_days` ago."""


@dataclass(frozen=True)
class ChurnModel:
    """From features of customers to probabilities that they place no completed order within the horizon."""

    model: Model
    encoding: Encoding
    calibration: Calibration
    shares: Shares
    horizon_days: int
    look_back_days: int
    least_history_days: int

    @property
    def name(self) -> str:
        return self.model.kind

    def methods(self, rows: pd.DataFrame) -> pd.Series[str]:
        """For each row the name of the model, `lapsed` or `base_rate`."""
        is_lapsed = rows["days_since_last_order"] > self.look_back_days
        is_new = rows["age_days"] < self.least_history_days
        found = np.select([is_lapsed, is_new], [LAPSED, BASE_RATE], self.name)
        return pd.Series(found, index=rows.index, dtype=object)

    def probabilities(self, rows: pd.DataFrame) -> Numbers:
        """One for each row of features, in [0, 1]."""
        if not len(rows):
            return np.zeros(0)
        methods = self.methods(rows)
        by_model = self.calibration.probabilities(self.model.margins(self.encoding.inputs(rows)))
        shares = [self.shares.lapsed, self.shares.new]
        return np.asarray(np.select([methods == LAPSED, methods == BASE_RATE], shares, by_model), dtype=np.float64)

    def contributions(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What each column adds to the log-odds of a customer, against the mean."""
        return self.model.contributions(self.encoding.inputs(rows)) * self.calibration.slope

    def files(self) -> dict[str, bytes]:
        kept = {
            "kind": self.name,
            "model": self.model.as_json(),
            "encoding": {name: list(values) for name, values in self.encoding.values.items()},
            "calibration": self.calibration.as_json(),
            "shares": {"lapsed": self.shares.lapsed, "new": self.shares.new},
            "horizon_days": self.horizon_days,
            "look_back_days": self.look_back_days,
            "least_history_days": self.least_history_days,
        }
        return {FILE: json.dumps(kept, indent=1, sort_keys=True).encode(), **self.model.other_files()}


def read_model(files: Files) -> ChurnModel:
    """The model that was kept in these files. Raises KeyError where they are none of churn."""
    kept = json.loads(files[FILE])
    days = {name: int(kept[name]) for name in ("horizon_days", "look_back_days", "least_history_days")}
    return ChurnModel(
        _model(kept["kind"], kept["model"], files),
        Encoding(kept["encoding"]),
        Calibration(**kept["calibration"]),
        Shares(**kept["shares"]),
        **days,
    )


def _model(kind: str, kept: dict[str, Any], files: Files) -> Model:
    if kind == XGBOOST:
        return Boosted.read(kept, files)
    if kind == LOGISTIC:
        return Logistic.read(kept)
    if kind in (MAJORITY, RECENCY, FREQUENCY):
        return OneFeature.read(kind, kept)
    raise KeyError(f"no such kind of churn model: {kind}")
