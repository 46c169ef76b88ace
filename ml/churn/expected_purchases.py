"""The strongest baseline: what BG/NBD expects a customer to buy within the horizon.

Its P(alive) is no score of churn: it is 1 for whoever bought once. It is measured beside, and never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.clv.histories import MOST_GROUPS, grouped
from ml.clv.maximum_likelihood import Floats, NotConverged
from ml.clv.purchases import Histories, PurchaseModel, fit
from ml.evaluation.cases import Numbers

KIND = "bg_nbd"
_ALIVE, _BUYS = "days_since_last_order", "repeat_days"
"""What decides most whether a customer is one still, and how often one buys."""
_LEAST = 1e-12


@dataclass(frozen=True)
class ExpectedPurchases:
    """The margin is minus the logarithm of the purchases that are expected; `means` are those of its two parts."""

    model: PurchaseModel
    """BG/NBD; NBD where the data do not tell that anybody leaves. Times in days."""
    horizon_days: int
    means: tuple[float, float] = (0.0, 0.0)
    kind = KIND

    @classmethod
    def fitted(cls, model: PurchaseModel, inputs: pd.DataFrame, horizon_days: int) -> ExpectedPurchases:
        parts = cls(model, horizon_days).contributions(inputs)
        return cls(model, horizon_days, (float(parts[_ALIVE].mean()), float(parts[_BUYS].mean())))

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> ExpectedPurchases:
        first, second = kept["means"]
        return cls(PurchaseModel(**kept["purchases"]), int(kept["horizon_days"]), (first, second))

    def p_alive(self, inputs: pd.DataFrame) -> Numbers:
        """Probability that a customer is one still; 1 by NBD."""
        return self.model.p_alive(*_history(inputs))

    def margins(self, inputs: pd.DataFrame) -> Numbers:
        return np.asarray(self.contributions(inputs).sum(axis=1).to_numpy() + sum(self.means))

    def contributions(self, inputs: pd.DataFrame) -> pd.DataFrame:
        frequency, _, observed = _history(inputs)
        bought = self.model.expected_if_alive(frequency, observed, float(self.horizon_days))
        parts = {_ALIVE: self.p_alive(inputs), _BUYS: bought}
        return pd.DataFrame(
            {
                name: -np.log(np.maximum(part, _LEAST)) - mean
                for (name, part), mean in zip(parts.items(), self.means, strict=True)
            },
            index=inputs.index,
        )

    def as_json(self) -> dict[str, Any]:
        return {"purchases": asdict(self.model), "horizon_days": self.horizon_days, "means": list(self.means)}

    def parameters(self) -> Mapping[str, Any]:
        return asdict(self.model)

    def other_files(self) -> Mapping[str, bytes]:
        return {}


def purchase_model(histories: Histories) -> tuple[PurchaseModel, str]:
    """BG/NBD of these customers; where it has no maximum NBD, which it comes to as nobody leaves, with a remark.

    Raises NotConverged where that has none either.
    """
    try:
        return PurchaseModel.of("bg_nbd", fit("bg_nbd", histories)), ""
    except NotConverged as error:
        return PurchaseModel.of("nbd", fit("nbd", histories)), f"{error}: NBD, by which nobody leaves, stands for it"


def histories_at(orders: DataFrame, at: date, most: int) -> Histories:
    """Of all customers who ordered before a day, in groups of equal ones: days with orders, times in days."""
    day = F.col("order_date")
    customers = (
        orders.where((day < F.lit(at)) & F.col("customer_id").isNotNull())
        .groupBy("customer_durable_key")
        .agg(
            (F.count_distinct(day) - 1).cast("double").alias("frequency"),
            F.date_diff(F.max(day), F.min(day)).cast("double").alias("recency"),
            (F.date_diff(F.lit(at), F.min(day)) - 1).cast("double").alias("observed"),
        )
    )
    return grouped(customers, min(most, MOST_GROUPS))


def _history(inputs: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Frequency, recency and T: the last day seen is the one before the cut-off."""
    names = ("repeat_days", "repeat_span_days", "age_days")
    frequency, recency, age = (inputs[name].to_numpy(dtype="float64") for name in names)
    return frequency, recency, age - 1
