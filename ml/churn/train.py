"""Training of churn models for one source: cases, candidates, judgement."""

from __future__ import annotations

from datetime import date

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import persisted, released
from lakehouse.settings.models import Churn, Models
from ml.churn.cases import labelled, lapsed_share
from ml.churn.judge import MEASURE, best_of
from ml.churn.shop import Shop
from ml.churn.split import Split, split
from ml.churn.tried import Tried, tried
from ml.extras import needs_extra
from ml.training import Files, NotTrained, Training

_EXAMPLES = 5


def train(
    features: DataFrame, orders: DataFrame, *, as_of: date, rules: Churn, models: Models, champion: Files | None = None
) -> Training | NotTrained:
    """Candidates fitted to early cut-offs and judged on the newest whose horizon is over by `as_of`.

    Takes gold.customer_features at all cut-offs and gold.order_totals, both of one source. Raises ExtraMissing where
    the packages of models are not installed.
    """
    needs_extra()
    first = features.select("source_system").first()
    source = "" if first is None else str(first[0])
    cut_offs = sorted(row[0] for row in features.select("cut_off").distinct().collect())
    days = split(cut_offs, as_of=as_of, horizon_days=rules.horizon_days)
    if days is None:
        return NotTrained("churn", source, _too_early(cut_offs, as_of, rules))
    spans = {"horizon_days": rules.horizon_days, "look_back_days": rules.look_back_days}
    cases = persisted(labelled(features, orders, cut_offs=(*days.train, days.test), **spans))
    try:
        counts = counts_of(cases)
        if why := _too_few(counts, days, rules):
            return NotTrained("churn", source, why)
        lapsed = lapsed_share(orders, cut_off=days.test, **spans)
        shop = Shop(cases, orders, days, counts, lapsed, rules, models)
        return _training(source, tried(shop), shop, champion)
    finally:
        released(cases)


def counts_of(cases: DataFrame) -> dict[date, tuple[int, int]]:
    """By cut-off: how many customers, and how many of them churned."""
    found = cases.groupBy("cut_off").agg(F.count("*"), F.sum("churned").cast("bigint"))
    return {row[0]: (row[1], row[2]) for row in found.collect()}


def _too_early(cut_offs: list[date], as_of: date, rules: Churn) -> str:
    earliest = f"the earliest of {len(cut_offs)} is {cut_offs[0]}" if cut_offs else "there is none"
    return (
        f"a cut-off is needed {rules.horizon_days} days or more before {as_of}, to test on, and one as many days before"
        f" that, to train on: {earliest}"
    )


def _too_few(counts: dict[date, tuple[int, int]], days: Split, rules: Churn) -> str:
    """Why nothing can be trained on these cases; empty where it can."""
    there = counts.get(days.test, (0, 0))[0]
    if there < rules.least_customers:
        return (
            f"{there} customers at {days.test}, the newest cut-off with a known outcome: {rules.least_customers} needed"
        )
    for cut_offs, what in ((days.train, "training"), ((days.test,), "the test")):
        customers, churned = (sum(counts.get(one, (0, 0))[part] for one in cut_offs) for part in (0, 1))
        if churned in (0, customers):
            return f"of {customers} cases for {what} {churned} churned: both kinds are needed"
    return ""


def _training(source: str, found: Tried, shop: Shop, champion: Files | None) -> Training:
    best, baseline = (found.models[best_of(found.candidates, is_baseline=which).name] for which in (False, True))
    against_champion, remarks = found.judge.against_champion(best, champion)
    example = found.judge.rows[:_EXAMPLES]
    return Training(
        problem="churn",
        source=source,
        measure=MEASURE,
        level="",
        higher_is_better=True,
        candidates=found.candidates,
        best=best.name,
        against_baseline=found.judge.difference(best, baseline, baseline.name),
        against_champion=against_champion,
        window=shop.days.window,
        example=best.encoding.inputs(example),
        prediction=pd.DataFrame({"churn_probability": best.probabilities(example)}, index=example.index),
        remarks=[*found.remarks, *remarks],
        seed=shop.models.seed,
    )
