"""What a model has to beat: one share for all, how long ago the last order is, how many there were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ml.evaluation.cases import Numbers

MAJORITY, RECENCY, FREQUENCY = "majority", "recency", "frequency"
_FEATURE = {RECENCY: "days_since_last_order", FREQUENCY: "repeat_days"}
_SIGN = {RECENCY: 1.0, FREQUENCY: -1.0}
"""The more days since the last order, the likelier it is that a customer has churned; the more days with orders, the
less."""


@dataclass(frozen=True)
class OneFeature:
    """The logarithm of one feature; `mean` is that of those it was fitted on. MAJORITY looks at none."""

    kind: str
    mean: float = 0.0

    @classmethod
    def fitted(cls, kind: str, inputs: pd.DataFrame) -> OneFeature:
        return cls(kind, float(cls(kind).margins(inputs).mean()))

    @classmethod
    def read(cls, kind: str, kept: Mapping[str, Any]) -> OneFeature:
        return cls(kind, float(kept["mean"]))

    def margins(self, inputs: pd.DataFrame) -> Numbers:
        if self.kind == MAJORITY:
            return np.zeros(len(inputs))
        return np.asarray(_SIGN[self.kind] * np.log1p(inputs[_FEATURE[self.kind]].to_numpy()))

    def contributions(self, inputs: pd.DataFrame) -> pd.DataFrame:
        if self.kind == MAJORITY:
            return pd.DataFrame(index=inputs.index)
        return pd.DataFrame({_FEATURE[self.kind]: self.margins(inputs) - self.mean}, index=inputs.index)

    def as_json(self) -> dict[str, Any]:
        return {"mean": self.mean}

    def parameters(self) -> Mapping[str, Any]:
        return {}

    def other_files(self) -> Mapping[str, bytes]:
        return {}
