"""Training of lifetime value for one source: fit on what was known, judge on the span held out, refit on everything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lakehouse.frames import persisted, released
from lakehouse.settings.models import Clv, Models
from ml.clv.fitting import Fitted, add_booster, fitted, histories_of, lifetimes, parameters
from ml.clv.histories import (
    CUSTOMER,
    MOST_GROUPS,
    grouped,
    histories,
    histories_and_later,
    purchase_days,
    sampled,
)
from ml.clv.holdout import LEVEL, MEASURE, Judge
from ml.clv.lifetime import BASELINES, Basis, Lifetime, Method
from ml.clv.purchases import Histories
from ml.clv.spans import Span, earlier, held_out
from ml.training import Candidate, Files, NotTrained, Training, Window

_LEAST_COSTED = 0.95
"""Share of a currency's revenue whose cost must be known for margin to be the basis."""
_EXAMPLES = 5
_NO_INPUT = [*CUSTOMER, "start", "until", "purchases", "revenue_later", "margin_later"]


def train(
    orders: DataFrame, *, as_of: date, rules: Clv, models: Models, champion: Files | None
) -> Training | NotTrained:
    """From rows of gold.order_totals of one source, those before `as_of`. See docs/models.md for what is done.

    Candidates are fitted on what was known where the span held out begins, and judged on that span; the files hold
    the same models fitted on everything. Of `models`, `seed` and `most_local_rows` are used: more customers than that
    are judged, and the challenger trained, by a sample of them.
    """
    known = orders.where((F.col("order_date") < F.lit(as_of)) & F.col("customer_id").isNotNull())
    facts = known.agg(
        F.min("order_date").alias("first"),
        F.count_distinct("customer_durable_key").alias("customers"),
        F.min("source_system").alias("source"),
    ).first()
    if facts is None or facts["first"] is None:
        return NotTrained("clv", "", "no customer has ordered yet")
    test = held_out(facts["first"], as_of, rules)
    now = Span(as_of, as_of + timedelta(days=test.days))
    spans = {one: earlier(facts["first"], one) for one in (test, now)}
    every = sorted({*spans, *chain.from_iterable(spans.values())})
    days = persisted(purchase_days(known))
    try:
        share = models.most_local_rows / (facts["customers"] * len(every))
        frames = _frames(histories_and_later(sampled(days, share), every))
        counted = grouped(histories(days, [now]), min(MOST_GROUPS, models.most_local_rows))
    finally:
        released(days)
    shop = _Shop(facts["source"], facts["first"], test, now, spans, frames, bases(known))
    return _trained(shop, counted, rules, models, champion)


def _frames(rows: DataFrame) -> dict[Span, pd.DataFrame]:
    """Span -> its customers, by key."""
    by_key = rows.toPandas().sort_values("customer_durable_key")
    spans = by_key.groupby(["start", "until"])
    return {Span(some["start"].iloc[0], some["until"].iloc[0]): some.reset_index(drop=True) for _, some in spans}


def bases(orders: DataFrame) -> dict[str, Basis]:
    """Currency -> margin where the cost of nearly all that was sold is known, else revenue."""
    costed = F.try_divide(F.sum("costed_revenue").cast("double"), F.sum("net_revenue").cast("double"))
    rows = orders.groupBy("currency").agg(costed.alias("costed")).collect()
    return {row["currency"]: "margin" if (row["costed"] or 0.0) >= _LEAST_COSTED else "revenue" for row in rows}


@dataclass(frozen=True)
class _Shop:
    """What a training reads."""

    source: str
    first: date
    test: Span
    now: Span
    """Begins at as_of: nothing of it has come yet."""
    before: Mapping[Span, Sequence[Span]]
    """Earlier spans that the challenger learns from."""
    frames: Mapping[Span, pd.DataFrame]
    """Customers known where a span begins, with what they did in it."""
    bases: Mapping[str, Basis]

    def fitted(self, span: Span, counted: Histories, seed: int) -> Fitted:
        """Models of what is known where the span begins."""
        found = fitted(counted, self.frames[span], self.bases)
        add_booster(found, [(self.frames[one], one) for one in self.before[span] if one in self.frames], seed=seed)
        return found


def _trained(
    shop: _Shop, counted: Histories, rules: Clv, models: Models, champion: Files | None
) -> Training | NotTrained:
    test, now = shop.test, shop.now
    customers = shop.frames.get(test, pd.DataFrame())
    if len(customers) < rules.least_customers:
        why = f"{len(customers):,} customers had ordered before {test.start}, {rules.least_customers:,} are needed"
        return NotTrained("clv", shop.source, why)
    then = shop.fitted(test, histories_of(customers), models.seed)
    final = shop.fitted(now, counted, models.seed)
    pairs = _pairs(lifetimes(then, rules), lifetimes(final, rules))
    if not set(pairs) - set(BASELINES):
        return NotTrained("clv", shop.source, "; ".join([*then.remarks, *final.remarks]))
    judge = Judge(customers, test.days, shop.bases, models.seed)
    candidates = {name: _candidate(name, *pair, judge, final) for name, pair in pairs.items()}
    best, baseline = (lowest(candidates, is_baseline) for is_baseline in (False, True))
    example = shop.frames[now].head(_EXAMPLES)
    return Training(
        problem="clv",
        source=shop.source,
        measure=MEASURE,
        level=LEVEL,
        higher_is_better=False,
        candidates=list(candidates.values()),
        best=best,
        against_baseline=judge.difference(pairs[best][0], pairs[baseline][0], than=baseline),
        against_champion=judge.difference(pairs[best][0], Lifetime.of(champion), than="champion") if champion else None,
        window=Window(shop.first, test.start, test.start, test.until),
        example=example.drop(columns=_NO_INPUT),
        prediction=pairs[best][1].score(example, now.start).drop(columns=CUSTOMER),
        remarks=[*judge.remarks, *final.remarks],
        seed=models.seed,
    )


def _pairs(then: Mapping[Method, Lifetime], now: Mapping[Method, Lifetime]) -> dict[Method, tuple[Lifetime, Lifetime]]:
    """The models that could be fitted both times: the one to judge and the one to keep."""
    return {name: (model, now[name]) for name, model in then.items() if name in now}


def _candidate(name: Method, judged: Lifetime, kept: Lifetime, judge: Judge, final: Fitted) -> Candidate:
    scores, curves = judge.report(judged)
    return Candidate(name, name in BASELINES, scores, kept.files(), parameters(final, name), curves)


def lowest(candidates: Mapping[Method, Candidate], is_baseline: bool) -> Method:
    """Name of the candidate with the least error, among baselines or among the others."""
    among = {
        name: one.score(MEASURE, LEVEL).value for name, one in candidates.items() if one.is_baseline is is_baseline
    }
    return min(among, key=lambda name: (among[name], name))
