"""The challenger: trees that say by how much a model of purchases is off for customers of a kind.

XGBoost counts on top of the model: a Poisson regression whose offset is the log of the model's expected purchases. What
it learns is a factor, so it goes for any span ahead, and where it learns nothing the model stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ml.clv.maximum_likelihood import Floats
from ml.clv.purchases import PurchaseModel

ROUNDS = 100
SETTINGS = {
    "objective": "count:poisson",
    "max_depth": 2,
    "eta": 0.03,
    "min_child_weight": 50,
    "subsample": 0.7,
    "colsample_bynode": 0.7,
    "base_score": 1.0,
    "nthread": 1,  # the sum of many threads depends on their order
}
_LEAST = 1e-9


@dataclass(frozen=True)
class Booster:
    """A trained booster, in XGBoost's own format."""

    raw: bytes

    def factor(self, customers: pd.DataFrame, model: PurchaseModel) -> Floats:
        """What the model's expected purchases are to be multiplied by."""
        import xgboost

        data = xgboost.DMatrix(features(customers, model), base_margin=np.zeros(len(customers)))
        return np.asarray(self._loaded.predict(data), dtype=np.float64)

    @cached_property
    def _loaded(self) -> Any:
        import xgboost

        booster = xgboost.Booster(model_file=bytearray(self.raw))
        booster.set_param({"nthread": 1})
        return booster

    def __getstate__(self) -> dict[str, bytes]:
        """Bytes alone go to workers: each loads them once."""
        return {"raw": self.raw}


def features(customers: pd.DataFrame, model: PurchaseModel) -> pd.DataFrame:
    """What the trees see: habits as shares of the time observed, so that customers of all ages can be compared."""
    x, recency, observed = (customers[one].to_numpy(np.float64) for one in ("frequency", "recency", "observed"))
    time = np.maximum(observed, 1.0)
    bought = x + 1
    return pd.DataFrame(
        {
            "repeat_rate": x / time,
            "active_share": recency / time,
            "share_of_30_days": customers["days_30"].to_numpy(np.float64) / bought,
            "share_of_90_days": customers["days_90"].to_numpy(np.float64) / bought,
            "p_alive": model.p_alive(x, recency, observed),
            "revenue_first": customers["revenue_first"].to_numpy(np.float64),
            "revenue_mean": customers["revenue_mean"].to_numpy(np.float64, na_value=np.nan),
            "units_mean": customers["units_mean"].to_numpy(np.float64),
        }
    )


def train_booster(spans: Sequence[tuple[pd.DataFrame, PurchaseModel, float]], *, seed: int) -> Booster:
    """From one or more spans: customers at its start with their `purchases` in it, the model of what came before the
    start, and its days. Customers are to be sorted: the same rows and seed give the same bytes."""
    import xgboost

    parts, margins, counts = [], [], []
    for customers, model, ahead in spans:
        x, recency, observed = (customers[one].to_numpy(np.float64) for one in ("frequency", "recency", "observed"))
        margins.append(np.log(np.maximum(model.expected_purchases(x, recency, observed, ahead), _LEAST)))
        parts.append(features(customers, model))
        counts.append(customers["purchases"].to_numpy(np.float64))
    data = xgboost.DMatrix(pd.concat(parts), label=np.concatenate(counts), base_margin=np.concatenate(margins))
    booster = xgboost.train(SETTINGS | {"seed": seed}, data, ROUNDS)
    return Booster(bytes(booster.save_raw("ubj")))
