"""From customers to candidates: models of purchases and of values, the challenger, baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from lakehouse.settings.models import Clv
from ml.clv import purchases, value
from ml.clv.boost import ROUNDS, SETTINGS, Booster, train_booster
from ml.clv.lifetime import HISTORY, Basis, CurrencyValue, Lifetime, Method
from ml.clv.maximum_likelihood import Fit, NotConverged
from ml.clv.purchases import PURCHASE_MODELS, Histories, PurchaseModel, PurchaseModelName
from ml.clv.spans import Span
from ml.clv.value import ValueModel

LEAST_TO_VALUE = 50
"""Customers with repeat purchases in a currency below which Gamma-Gamma is not fitted."""


@dataclass
class Fitted:
    """All that was fitted on one state of knowledge."""

    purchases: dict[PurchaseModelName, Fit] = field(default_factory=dict)
    values: dict[str, CurrencyValue] = field(default_factory=dict)
    value_fits: dict[str, Fit] = field(default_factory=dict)
    rate: float = 0.0
    booster: Booster | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def base(self) -> PurchaseModelName | None:
        """The likelier of the models of purchases."""
        return max(self.purchases, key=lambda name: self.purchases[name].log_likelihood, default=None)


def histories_of(customers: pd.DataFrame) -> Histories:
    """Counts of equal customers."""
    groups = customers.groupby(list(HISTORY), sort=True).size()
    x, recency, observed = (groups.index.get_level_values(name).to_numpy(np.float64) for name in HISTORY)
    return Histories(x, recency, observed, groups.to_numpy().astype(np.float64))


def fitted(histories: Histories, customers: pd.DataFrame, bases: Mapping[str, Basis]) -> Fitted:
    """Models of purchases from `histories`, of values from `customers`: both as they are known at one moment."""
    found = Fitted(rate=float(histories.frequency @ histories.count) / float(histories.observed @ histories.count))
    for name in PURCHASE_MODELS:
        try:
            found.purchases[name] = purchases.fit(name, histories)
        except NotConverged as problem:
            found.remarks.append(f"left out: {problem}")
    for currency, basis in sorted(bases.items()):
        _add_value(found, customers[customers["currency"] == currency], currency, basis)
    return found


def _add_value(found: Fitted, customers: pd.DataFrame, currency: str, basis: Basis) -> None:
    repeats, mean = CurrencyValue(basis, 0.0, None).seen(customers)
    usable = (repeats > 0) & (np.nan_to_num(mean) > 0)
    if not usable.any():
        return
    overall = float(np.average(mean[repeats > 0], weights=repeats[repeats > 0]))
    model = None
    if usable.sum() < LEAST_TO_VALUE:
        found.remarks.append(
            f"{currency}: {usable.sum()} customers with repeat purchases of known value, {LEAST_TO_VALUE} are needed"
            " for Gamma-Gamma; the mean of all is taken"
        )
    else:
        try:
            fit = value.fit(repeats[usable], mean[usable])
            found.value_fits[currency], model = fit, ValueModel.of(fit)
        except NotConverged as problem:
            found.remarks.append(f"{currency}: {problem}; the mean of all is taken")
    found.values[currency] = CurrencyValue(basis, overall, model)


def add_booster(found: Fitted, spans: Sequence[tuple[pd.DataFrame, Span]], *, seed: int) -> None:
    """Trains the challenger on earlier spans, each on top of the model of what was known when it began."""
    if found.base is None:
        return
    parts = []
    for customers, span in spans:
        known = histories_of(customers)
        # Too early to tell whether anybody leaves, NBD stands in: what is learnt is a factor.
        for name in dict.fromkeys((found.base, "nbd")):
            try:
                parts.append((customers, PurchaseModel.of(name, purchases.fit(name, known)), float(span.days)))
                break
            except NotConverged as problem:
                found.remarks.append(f"before {span.start}, for the challenger: {problem}")
    if parts:
        found.booster = train_booster(parts, seed=seed)


def lifetimes(found: Fitted, rules: Clv) -> dict[Method, Lifetime]:
    """Candidate -> model, baselines among them."""

    def one(method: Method, model: PurchaseModel | None = None, booster: Booster | None = None) -> Lifetime:
        return Lifetime(method, found.rate, model, found.values, rules.horizon_months, rules.discount_rate, booster)

    models: dict[Method, Lifetime] = {
        name: one(name, PurchaseModel.of(name, fit)) for name, fit in found.purchases.items()
    }
    if found.booster is not None and found.base is not None:
        base = PurchaseModel.of(found.base, found.purchases[found.base])
        models["xgboost"] = one("xgboost", base, found.booster)
        models["mean_of_both"] = one("mean_of_both", base, found.booster)
    return models | {"count_again": one("count_again"), "mean": one("mean")}


def parameters(found: Fitted, method: Method) -> dict[str, Any]:
    """What was estimated, with 95 % intervals, and what was set."""
    said: dict[str, Any] = {"rate_per_day": found.rate}
    base = found.base if method in ("xgboost", "mean_of_both") else method
    if base in found.purchases:
        fit = found.purchases[base]
        said |= {base: fit.as_json(), f"{base}_log_likelihood": fit.log_likelihood, "customers": fit.customers}
    if method in ("xgboost", "mean_of_both"):
        said |= {"rounds": ROUNDS} | SETTINGS
    return said | {f"gamma_gamma_{currency}": fit.as_json() for currency, fit in found.value_fits.items()}
