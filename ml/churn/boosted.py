"""Gradient boosted trees by XGBoost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ml.evaluation.cases import Numbers
from ml.training import Files

if TYPE_CHECKING:
    import xgboost

KIND = "xgboost"
FILE = "booster.ubj"
ROUNDS = 150
# Shallow trees with many customers in each leaf: what is to be learnt is smooth, and cut-offs show customers again.
PARAMETERS: Mapping[str, Any] = {
    "objective": "binary:logistic", "max_depth": 3, "eta": 0.05, "min_child_weight": 30.0, "subsample": 0.8,
    "colsample_bytree": 0.6, "tree_method": "hist",
}  # fmt: skip
_THREADS = 2
"""Sums of as many threads: with another number the last digits of a model differ."""


@dataclass(frozen=True)
class Boosted:
    """A booster and the columns that it takes, in order."""

    booster: xgboost.Booster
    columns: tuple[str, ...]
    kind = KIND

    @classmethod
    def fitted(cls, inputs: pd.DataFrame, churned: Numbers, columns: Sequence[str], *, seed: int) -> Boosted:
        import xgboost

        settings = dict(PARAMETERS) | {"seed": seed, "nthread": _THREADS}
        return cls(xgboost.train(settings, _matrix(inputs, columns, churned), ROUNDS), tuple(columns))

    @classmethod
    def read(cls, kept: Mapping[str, Any], files: Files) -> Boosted:
        import xgboost

        booster = xgboost.Booster(model_file=bytearray(files[FILE]))
        booster.set_param({"nthread": 1})
        return cls(booster, tuple(kept["columns"]))

    def margins(self, inputs: pd.DataFrame) -> Numbers:
        found = self.booster.predict(_matrix(inputs, self.columns), output_margin=True)
        return np.asarray(found, dtype=np.float64)

    def contributions(self, inputs: pd.DataFrame) -> pd.DataFrame:
        """SHAP values of trees (Lundberg et al. 2018), as XGBoost works them out itself."""
        found = self.booster.predict(_matrix(inputs, self.columns), pred_contribs=True)
        return pd.DataFrame(found[:, :-1].astype("float64"), columns=list(self.columns), index=inputs.index)

    def as_json(self) -> dict[str, Any]:
        return {"columns": list(self.columns)}

    def parameters(self) -> Mapping[str, Any]:
        return dict(PARAMETERS) | {"rounds": self.booster.num_boosted_rounds()}

    def other_files(self) -> Mapping[str, bytes]:
        return {FILE: bytes(self.booster.save_raw("ubj"))}


def _matrix(inputs: pd.DataFrame, columns: Sequence[str], churned: Numbers | None = None) -> xgboost.DMatrix:
    import xgboost

    return xgboost.DMatrix(inputs[list(columns)].to_numpy(), label=churned, nthread=_THREADS)
