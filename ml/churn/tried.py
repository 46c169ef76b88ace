"""All candidates of one training, fitted and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.churn.baselines import FREQUENCY, MAJORITY, RECENCY
from ml.churn.churn_model import ChurnModel
from ml.churn.fitting import cross_fitted, kinds
from ml.churn.inputs import Encoding
from ml.churn.judge import Judge
from ml.churn.reference import FILE as REFERENCE
from ml.churn.reference import reference
from ml.churn.shop import Shop
from ml.training import Candidate

BASELINES = (MAJORITY, RECENCY, FREQUENCY)


@dataclass(frozen=True)
class Tried:
    """Candidates with the models behind them, by name, and who judged them."""

    models: Mapping[str, ChurnModel]
    candidates: Sequence[Candidate]
    judge: Judge
    remarks: Sequence[str]


def tried(shop: Shop) -> Tried:
    """Models and baselines, fitted to the cases for training and judged on those of the test."""
    rows, rules, seed = shop.local_train(), shop.rules, shop.models.seed
    encoding = Encoding.of(rows)
    inputs, shares = encoding.inputs(rows), shop.shares(rows)
    judge, beside = Judge(shop.local_test(), seed), {REFERENCE: reference(rows)}
    models, candidates = {}, []
    for fit in kinds(encoding, rules.leave_out, seed=seed):
        fitted = cross_fitted(fit, inputs, rows)
        spans = (rules.horizon_days, rules.look_back_days, rules.least_history_days)
        one = ChurnModel(fitted.model, encoding, fitted.calibration, shares, *spans)
        models[one.name] = one
        is_baseline = one.name in BASELINES
        candidates.append(judge.candidate(one, is_baseline=is_baseline, more=fitted.folds, files=beside))
    return Tried(models, candidates, judge, ())
