"""Fitting candidates to cases in this process, with calibration by customers that they were not fitted on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.churn.baselines import FREQUENCY, MAJORITY, RECENCY, OneFeature
from ml.churn.boosted import Boosted
from ml.churn.calibration import Calibration, calibrated
from ml.churn.expected_purchases import ExpectedPurchases
from ml.churn.inputs import SEASON, Encoding, feature_of
from ml.churn.judge import of_fold
from ml.churn.logistic import Logistic
from ml.churn.model import Model
from ml.churn.split import later
from ml.clv.purchases import PurchaseModel
from ml.evaluation.cases import Numbers
from ml.training import Score

FOLDS = 4
Fit = Callable[[pd.DataFrame, Numbers], Model]
"""Columns of an Encoding, and who churned -> a model."""


@dataclass(frozen=True)
class Fitted:
    """A model, its calibration, and its measures by folds."""

    model: Model
    calibration: Calibration
    folds: Sequence[Score]


def columns_of(encoding: Encoding, leave_out: Sequence[str]) -> list[str]:
    """The columns that models look at."""
    return [name for name in encoding.columns if feature_of(name) not in leave_out]


def models(columns: Sequence[str], *, spans_a_year: bool, seed: int) -> list[Fit]:
    """Models that are tried. Within less than a year the season is a trend, which a straight line would continue."""
    straight = [name for name in columns if spans_a_year or name not in SEASON]
    return [
        lambda inputs, churned: Boosted.fitted(inputs, churned, columns, seed=seed),
        lambda inputs, churned: Logistic.fitted(inputs, churned, straight),
    ]


def baselines(purchases: PurchaseModel | None, horizon_days: int) -> list[Fit]:
    """What they have to beat. The model of purchases is fitted already, to customers who are not asked about too."""

    def one_feature(kind: str) -> Fit:
        return lambda inputs, churned: OneFeature.fitted(kind, inputs)

    found = [one_feature(kind) for kind in (MAJORITY, RECENCY, FREQUENCY)]
    if purchases is not None:
        found.append(lambda inputs, churned: ExpectedPurchases.fitted(purchases, inputs, horizon_days))
    return found


def cross_fitted(fit: Fit, inputs: pd.DataFrame, rows: pd.DataFrame) -> Fitted:
    """Fitted to all rows; calibrated at the later half of their cut-offs.

    The margins that it is calibrated by come from models fitted to the other customers, at all cut-offs: a customer
    whom a model has seen, at whatever cut-off, tells nothing of how sure it may be of others.
    """
    churned = rows["churned"].to_numpy(dtype="float64")
    fold = folds_of(rows)
    margins = np.zeros(len(rows))
    for number in range(FOLDS):
        other = fold != number
        if other.all() or not other.any():
            continue
        margins[~other] = fit(inputs[other], churned[other]).margins(inputs[~other])
    late = rows["cut_off"].isin(later(rows["cut_off"].unique())).to_numpy()
    calibration = calibrated(margins[late], churned[late])
    scores = [
        score
        for number in range(FOLDS)
        if (own := fold == number).any()
        for score in of_fold(churned[own], calibration.probabilities(margins[own]), number)
    ]
    return Fitted(fit(inputs, churned), calibration, scores)


def folds_of(rows: pd.DataFrame) -> Numbers:
    """For each row the fold of its customer: keys are hashes already."""
    return np.asarray(rows["customer_durable_key"].to_numpy(dtype="int64") % FOLDS)
