"""Logistic regression, kept as numbers in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from ml.churn.inputs import SEASON
from ml.evaluation.cases import Numbers

KIND = "logistic_regression"
_INVERSE_PENALTY = 0.1
_MOST_STEPS = 2_000


@dataclass(frozen=True)
class Logistic:
    """For each column: what stands for an unknown value, whether its logarithm is taken, mean, spread, coefficient."""

    columns: tuple[str, ...]
    fill: tuple[float, ...]
    is_log: tuple[bool, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    coefficient: tuple[float, ...]
    intercept: float
    kind = KIND

    @classmethod
    def fitted(cls, inputs: pd.DataFrame, churned: Numbers, columns: Sequence[str]) -> Logistic:
        """L2-penalised, of standardised columns; counts, days and amounts by their logarithm, as they are skewed."""
        from sklearn.linear_model import LogisticRegression

        values = inputs[list(columns)].to_numpy()
        is_log = tuple("=" not in name and name not in SEASON for name in columns)
        values = _log(values, is_log)
        known = ~np.isnan(values)
        fill = np.array(
            [np.median(one[there]) if there.any() else 0.0 for one, there in zip(values.T, known.T, strict=True)]
        )
        values = np.where(known, values, fill)
        mean, spread = values.mean(axis=0), values.std(axis=0)
        spread[spread == 0] = 1.0
        model = LogisticRegression(C=_INVERSE_PENALTY, max_iter=_MOST_STEPS).fit((values - mean) / spread, churned)
        filled, means, spreads, slopes = (tuple(map(float, one)) for one in (fill, mean, spread, model.coef_[0]))
        return cls(tuple(columns), filled, is_log, means, spreads, slopes, float(model.intercept_[0]))

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Logistic:
        lists = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
        return cls(**lists, intercept=float(kept["intercept"]))

    def margins(self, inputs: pd.DataFrame) -> Numbers:
        return np.asarray(self.contributions(inputs).sum(axis=1).to_numpy() + self.intercept)

    def contributions(self, inputs: pd.DataFrame) -> pd.DataFrame:
        values = _log(inputs[list(self.columns)].to_numpy(), self.is_log)
        values = np.where(np.isnan(values), self.fill, values)
        added = (values - np.array(self.mean)) / np.array(self.spread) * np.array(self.coefficient)
        return pd.DataFrame(added, columns=list(self.columns), index=inputs.index)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def parameters(self) -> Mapping[str, Any]:
        return {"inverse_penalty": _INVERSE_PENALTY, "intercept": self.intercept}

    def other_files(self) -> Mapping[str, bytes]:
        return {}


def _log(values: Numbers, is_log: Sequence[bool]) -> Numbers:
    """Of amounts below 0, as of a margin, the logarithm of their size, with their sign."""
    return np.where(is_log, np.sign(values) * np.log1p(np.abs(values)), values)
