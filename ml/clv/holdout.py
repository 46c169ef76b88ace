"""The report of the span held out: what was said of each customer against what came, in purchases and in value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ml.clv.lifetime import Basis, Lifetime
from ml.evaluation.amounts import correlation, mae, rmse, total_error
from ml.evaluation.bootstrap import difference, scored
from ml.evaluation.cases import Measure, Numbers, complete
from ml.training import CurvePoint, Difference, Score

LEVELS = ("purchases", "value")
MEASURE, LEVEL = "rmse", "value"
"""What candidates are compared by. The squared error is least for the expectation, which is what lifetime value means.
The absolute error is least for the median, and most customers buy nothing: it prefers who promises too little."""
_WITH_INTERVAL = ("mae", "rmse", "total_error")
_TENTHS = 10
_MOST_DRAWN = 5_000_000
"""Cases drawn for one interval: with many customers fewer draws will do."""


def in_turn(actual: Numbers, predicted: Numbers) -> Numbers:
    """What came, the highest prediction first; customers of whom the same is said share what came of them."""
    order = np.argsort(-predicted, kind="stable")
    _, place = np.unique(predicted[order], return_inverse=True)
    return np.asarray((np.bincount(place, actual[order]) / np.bincount(place))[place])


def top_decile_share(actual: Numbers, predicted: Numbers) -> float:
    """Share of what came in total that came from the tenth of the customers of whom most was expected."""
    total = actual.sum()
    top = in_turn(actual, predicted)[: max(len(actual) // _TENTHS, 1)]
    return float(top.sum() / total) if total else float("nan")


MEASURES: dict[str, Measure] = {
    "mae": mae,
    "rmse": rmse,
    "total_error": total_error,
    "correlation": correlation,
    "top_decile_share": top_decile_share,
}


def deciles(actual: Numbers, predicted: Numbers, level: str) -> list[CurvePoint]:
    """Tenths of the customers, those of whom most was expected first: x what was said in total, y what came."""
    said = np.array_split(np.sort(predicted)[::-1], _TENTHS)
    came = np.array_split(in_turn(actual, predicted), _TENTHS)
    return [
        CurvePoint("deciles", place, float(one.sum()), float(other.sum()), len(one), level)
        for place, (one, other) in enumerate(zip(said, came, strict=True))
    ]


def draws(cases: int) -> int:
    return int(np.clip(_MOST_DRAWN / max(cases, 1), 50, 500))


@dataclass(frozen=True)
class Judge:
    """Customers known where the span held out begins, with what they did in it."""

    customers: pd.DataFrame
    days: int
    """Of the span."""
    bases: Mapping[str, Basis]
    seed: int

    @cached_property
    def currency(self) -> str:
        """That of most customers: values are judged in it alone, for money of several currencies has no sum."""
        return str(self.customers["currency"].mode()[0])

    @cached_property
    def came(self) -> dict[str, Numbers]:
        """By level, what came of each customer; NaN in another currency."""
        value = self.customers[f"{self.bases[self.currency]}_later"].to_numpy(dtype=np.float64)
        here = (self.customers["currency"] == self.currency).to_numpy()
        return {"purchases": self.customers["purchases"].to_numpy(np.float64), "value": np.where(here, value, np.nan)}

    def said(self, model: Lifetime) -> dict[str, Numbers]:
        """By level, what the model expects, without discount; NaN where it does not know the currency."""
        purchases = model.expected_purchases(self.customers, float(self.days))
        known = model.values.get(self.currency)
        value = known.expected(self.customers) if known else np.full(len(purchases), np.nan)
        return {"purchases": purchases, "value": purchases * value}

    def report(self, model: Lifetime) -> tuple[list[Score], list[CurvePoint]]:
        """Measures with intervals, and the table of deciles, of both levels."""
        scores: list[Score] = []
        points: list[CurvePoint] = []
        said = self.said(model)
        for level in LEVELS:
            came, expected = complete(self.came[level], said[level])
            for is_drawn, many in ((True, draws(len(came))), (False, 0)):
                some = {name: one for name, one in MEASURES.items() if (name in _WITH_INTERVAL) == is_drawn}
                scores += scored(some, came, expected, seed=self.seed, draws=many, level=level)
            points += deciles(came, expected, level)
        return scores, points

    def difference(self, best: Lifetime, other: Lifetime, *, than: str) -> Difference:
        """By how much less `best` errs than `other`, on the same customers."""
        return difference(
            MEASURES[MEASURE],
            self.came[LEVEL],
            self.said(best)[LEVEL],
            self.said(other)[LEVEL],
            than=than,
            higher_is_better=False,
            seed=self.seed,
            draws=draws(len(self.customers)),
        )

    @property
    def remarks(self) -> list[str]:
        """What is to be known of the figures."""
        basis = self.bases[self.currency]
        said = [
            f"values are {basis} net of returns in {self.currency}, as known today: what came back after the span began"
            " of an order before it is in the customer's mean already, for all candidates alike"
        ]
        if others := int((self.customers["currency"] != self.currency).sum()):
            said.append(f"{others:,} customers who buy in other currencies are judged by purchases alone")
        return said
