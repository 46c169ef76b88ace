"""All candidates of one training, fitted and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.churn.churn_model import ChurnModel
from ml.churn.expected_purchases import histories_at, purchase_model
from ml.churn.fitting import baselines, cross_fitted, models
from ml.churn.inputs import Encoding
from ml.churn.judge import Judge
from ml.churn.reference import FILE as REFERENCE
from ml.churn.reference import reference
from ml.churn.shop import Shop
from ml.clv.maximum_likelihood import NotConverged
from ml.clv.purchases import PurchaseModel
from ml.training import Candidate


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
    purchases, remarks = purchases_of(shop)
    fits = [(fit, False) for fit in models(encoding, rules.leave_out, seed=seed)]
    fits += [(fit, True) for fit in baselines(purchases, rules.horizon_days)]
    found, candidates = {}, []
    for fit, is_baseline in fits:
        fitted = cross_fitted(fit, inputs, rows)
        spans = (rules.horizon_days, rules.look_back_days, rules.least_history_days)
        one = ChurnModel(fitted.model, encoding, fitted.calibration, shares, *spans)
        found[one.name] = one
        candidates.append(judge.candidate(one, is_baseline=is_baseline, more=fitted.folds, files=beside))
    return Tried(found, candidates, judge, remarks)


def purchases_of(shop: Shop) -> tuple[PurchaseModel | None, list[str]]:
    """The model of purchases as known at the newest cut-off of training, and remarks; None where there is none."""
    try:
        histories = histories_at(shop.orders, shop.days.calibrate, shop.models.most_local_rows)
        model, remark = purchase_model(histories)
    except NotConverged as error:
        return None, [f"{error}: left out of the baselines"]
    return model, [remark] if remark else []
