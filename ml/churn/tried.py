"""All candidates of one training, fitted and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ml.churn.by_spark import boosted_by_spark
from ml.churn.churn_model import ChurnModel
from ml.churn.expected_purchases import histories_at, purchase_model
from ml.churn.fitting import baselines, columns_of, cross_fitted, models
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
    """Models and baselines, fitted to the cases for training and judged on those of the test.

    Of more cases than are taken to this process XGBoost is fitted to all of them, in Spark, the others to a sample.
    """
    rows, rules, seed = shop.local_train(), shop.rules, shop.models.seed
    encoding = Encoding.of(rows)
    inputs, shares = encoding.inputs(rows), shop.shares(rows)
    purchases, remarks = purchases_of(shop)
    columns = columns_of(encoding, rules.leave_out)
    boosted, *others = models(columns, spans_a_year=shop.days.spans_a_year, seed=seed)
    if shop.is_large:
        first = boosted_by_spark(*shop.large_train(), encoding, columns, seed=seed)
        remarks.append(_sampled(len(rows), shop.train_rows))
    else:
        first = cross_fitted(boosted, inputs, rows)
    fits = [(fit, False) for fit in others] + [(fit, True) for fit in baselines(purchases, rules.horizon_days)]
    fitted = [(first, False), *((cross_fitted(fit, inputs, rows), is_baseline) for fit, is_baseline in fits)]
    judge, beside = Judge(shop.local_test(), seed), {REFERENCE: reference(rows)}
    found, candidates = {}, []
    for one, is_baseline in fitted:
        spans = (rules.horizon_days, rules.look_back_days, rules.least_history_days)
        model = ChurnModel(one.model, encoding, one.calibration, shares, *spans)
        found[model.name] = model
        candidates.append(judge.candidate(model, is_baseline=is_baseline, more=one.folds, files=beside))
    return Tried(found, candidates, judge, remarks)


def _sampled(rows: int, of_all: int) -> str:
    return f"xgboost was trained in Spark on all {of_all:,} cases, the other candidates on {rows:,} of them"


def purchases_of(shop: Shop) -> tuple[PurchaseModel | None, list[str]]:
    """The model of purchases as known at the newest cut-off of training, and remarks; None where there is none."""
    try:
        histories = histories_at(shop.orders, shop.days.train[-1], shop.models.most_local_rows)
        model, remark = purchase_model(histories)
    except NotConverged as error:
        return None, [f"{error}: left out of the baselines"]
    return model, [remark] if remark else []
