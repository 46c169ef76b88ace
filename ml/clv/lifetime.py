"""What customers will bring: one model of purchases, one of values in each currency, and the files they are kept in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml.clv.boost import Booster
from ml.clv.maximum_likelihood import Floats
from ml.clv.predictive import purchase_moments, value_interval
from ml.clv.purchases import PurchaseModel
from ml.clv.value import ValueModel
from ml.training import Files

Method = Literal["bg_nbd", "mbg_nbd", "nbd", "xgboost", "mean_of_both", "count_again", "mean"]
Basis = Literal["margin", "revenue"]
BASELINES: tuple[Method, ...] = ("count_again", "mean")
PARAMETERS_FILE, BOOSTER_FILE = "clv.json", "booster.ubj"
HISTORY = ("frequency", "recency", "observed")
YEAR = 365.25


@dataclass(frozen=True)
class CurrencyValue:
    """What purchases in one currency are worth."""

    basis: Basis
    mean: float
    """Of all repeat purchases that were seen: what is said where no model could be fitted."""
    model: ValueModel | None

    def expected(self, customers: pd.DataFrame) -> Floats:
        """Expected value of one purchase, for customers as `customer_histories` has them."""
        if self.model is None:
            return np.full(len(customers), self.mean)
        return self.model.expected_value(*self.seen(customers))

    def seen(self, customers: pd.DataFrame) -> tuple[Floats, Floats]:
        """Repeat purchases of known value, and their mean."""
        columns = (customers[f"{self.basis}_{name}"] for name in ("repeats", "mean"))
        repeats, mean = (one.to_numpy(dtype=np.float64, na_value=np.nan) for one in columns)
        return np.where(np.isnan(mean), 0.0, repeats), mean

    @property
    def spread(self) -> ValueModel:
        """What intervals are made with: without a model, values that are exponential about the mean."""
        return self.model or ValueModel(1.0, 1e6, self.mean * 1e6)


@dataclass(frozen=True)
class Lifetime:
    """All that scoring needs."""

    method: Method
    rate: float
    """Repeat purchases of all customers over all their days observed: the baseline `mean`."""
    purchases: PurchaseModel | None
    values: Mapping[str, CurrencyValue]
    """By currency."""
    horizon_months: int
    discount_rate: float
    booster: Booster | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """As clv_method says it: what counts purchases and what values them."""
        valued = any(one.model for one in self.values.values())
        return f"{self.method}+{'gamma_gamma' if valued else 'mean_value'}" if self.method != "mean" else "mean"

    def expected_purchases(self, customers: pd.DataFrame, ahead: float) -> Floats:
        """Expected purchases within so many days after the end of observation."""
        return self._until(customers, [ahead], self.factor(customers))[:, 0]

    def _until(self, customers: pd.DataFrame, ends: Sequence[float], factor: Floats) -> Floats:
        """Expected purchases up to each of the ends (days): one row for each customer, one column for each end."""
        x, recency, observed = _known(customers)
        if self.purchases is not None:
            alive = factor * self.purchases.p_alive(x, recency, observed)
            # What is expected of one who is there depends on two numbers that many customers have in common.
            pairs, place = np.unique(np.stack([x, observed]), axis=1, return_inverse=True)
            there = [self.purchases.expected_if_alive(pairs[0], pairs[1], end)[place.ravel()] for end in ends]
            return np.asarray(alive[:, None] * np.stack(there, axis=1))
        ahead = np.asarray(ends, dtype=np.float64)
        if self.method == "mean":
            return np.tile(self.rate * ahead, (len(customers), 1))
        # As often as in the time observed; of somebody who is new that says nothing of more time than observed.
        return np.asarray(x[:, None] * ahead / np.maximum(observed[:, None], ahead))

    def factor(self, customers: pd.DataFrame) -> Floats:
        """By how much more purchases are expected than the model of purchases says: 1 without a booster."""
        if self.booster is None or self.purchases is None:
            return np.ones(len(customers))
        boosted = self.booster.factor(customers, self.purchases)
        return (1 + boosted) / 2 if self.method == "mean_of_both" else boosted

    def score(self, customers: pd.DataFrame, as_of: date) -> pd.DataFrame:
        """Columns as gold.customer_predictions has them, for customers as `customer_histories` has them.

        A customer whose currency is not known to the model gets purchases, but no value.
        """
        ends = month_ends(as_of, self.horizon_months)
        factor = self.factor(customers)
        until = self._until(customers, ends, factor)
        worth, low, high, basis = self._values(customers, factor * ends[-1])
        by_month = np.diff(until, axis=1, prepend=0.0)
        discounted = by_month * self._discount(ends)
        months = discounted * worth[:, None]
        total = months.sum(axis=1)
        # Purchases that are discounted as those to expect are: the interval is of what is paid when it is.
        later = np.divide(discounted.sum(axis=1), until[:, -1], out=np.ones(len(total)), where=until[:, -1] > 0)
        rows = customers[["source_system", "customer_durable_key", "currency"]].copy()
        rows["expected_orders"], rows["p_alive"] = until[:, -1], self._p_alive(customers)
        rows["expected_order_value"], rows["clv"] = worth, total
        # What is expected always lies within: where most buy nothing, the tenth at the top may begin below it.
        rows["clv_low"], rows["clv_high"] = np.minimum(low * later, total), np.maximum(high * later, total)
        rows["clv_months"] = [None if np.isnan(sum_) else one for one, sum_ in zip(months, total, strict=True)]
        return rows.assign(clv_basis=basis, clv_method=self.label)

    def _values(self, customers: pd.DataFrame, ahead: Floats) -> tuple[Floats, Floats, Floats, NDArray[np.object_]]:
        """Value of a purchase, low and high of the value of all purchases before discount, and the basis."""
        worth, low, high = (np.full(len(customers), np.nan) for _ in range(3))
        basis = np.full(len(customers), None, dtype=object)
        for currency, value in self.values.items():
            here = (customers["currency"] == currency).to_numpy()
            some = customers[here]
            worth[here], basis[here] = value.expected(some), value.basis
            if self.purchases is not None and len(some):
                # A factor of more purchases counts as that much more time.
                moments = purchase_moments(self.purchases, *_known(some), ahead[here])
                low[here], high[here] = value_interval(moments, value.spread, *value.seen(some))
        return worth, low, high, basis

    def _discount(self, ends: Sequence[float]) -> Floats:
        """What money is worth today that comes in the middle of each month."""
        middles = (np.array([0, *ends[:-1]]) + np.array(ends)) / 2
        return np.asarray((1 + self.discount_rate) ** (-middles / YEAR))

    def _p_alive(self, customers: pd.DataFrame) -> Floats:
        """Probability to be a customer still; NaN where the method has no such notion."""
        if self.purchases is None:
            return np.full(len(customers), np.nan)
        return self.purchases.p_alive(*_known(customers))

    def files(self) -> Files:
        """JSON of the parameters, and XGBoost's own file where there is a booster."""
        said: dict[str, Any] = {
            "method": self.method,
            "rate": self.rate,
            "purchases": asdict(self.purchases) if self.purchases else None,
            "values": {currency: asdict(one) for currency, one in sorted(self.values.items())},
            "horizon_months": self.horizon_months,
            "discount_rate": self.discount_rate,
        }
        files = {PARAMETERS_FILE: json.dumps(said, indent=1, sort_keys=True).encode()}
        return files | ({BOOSTER_FILE: self.booster.raw} if self.booster else {})

    @classmethod
    def of(cls, files: Files) -> Lifetime:
        """The model that `files` wrote."""
        said = json.loads(files[PARAMETERS_FILE])
        values = {
            currency: CurrencyValue(one["basis"], one["mean"], ValueModel(**one["model"]) if one["model"] else None)
            for currency, one in said.pop("values").items()
        }
        purchases = said.pop("purchases")
        booster = Booster(files[BOOSTER_FILE]) if BOOSTER_FILE in files else None
        return cls(purchases=PurchaseModel(**purchases) if purchases else None, values=values, booster=booster, **said)


def _known(customers: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Frequency, recency and T."""
    x, recency, observed = (customers[name].to_numpy(np.float64) for name in HISTORY)
    return x, recency, observed


def month_ends(as_of: date, months: int) -> list[float]:
    """Days from `as_of` to the end of each of the months that begin with it."""
    start = pd.Timestamp(as_of)
    return [float((start + pd.DateOffset(months=number) - start).days) for number in range(1, months + 1)]
