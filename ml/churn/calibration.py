"""From what a model says to a probability."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from scipy import optimize, special

from ml.evaluation.cases import Numbers


@dataclass(frozen=True)
class Calibration:
    """Platt scaling (Platt 1999): probability = 1 / (1 + exp(-(slope * margin + intercept)))."""

    slope: float
    intercept: float

    def probabilities(self, margins: Numbers) -> Numbers:
        return np.asarray(special.expit(self.slope * margins + self.intercept))

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def calibrated(margins: Numbers, churned: Numbers) -> Calibration:
    """The calibration with the highest likelihood among those that keep the order of the margins.

    Where these tell nothing, all get the share of those who churned. The outcomes are drawn towards each other by one
    case, as Platt has it, so that a perfect separation stays finite.
    """
    yes = float(churned.sum())
    no = len(churned) - yes
    target = np.where(churned == 1, (yes + 1) / (yes + 2), 1 / (no + 2))
    centre, spread = float(margins.mean()), float(margins.std()) or 1.0
    scaled = (margins - centre) / spread

    def loss(values: Numbers) -> tuple[float, Numbers]:
        line = values[0] * scaled + values[1]
        error = special.expit(line) - target
        return float(np.mean(np.logaddexp(0, line) - target * line)), np.array([np.mean(error * scaled), error.mean()])

    start = np.array([1.0, special.logit(target.mean())])
    slope, intercept = optimize.minimize(loss, start, jac=True, bounds=[(0, None), (None, None)]).x / (spread, 1)
    return Calibration(float(slope), float(intercept - slope * centre))
