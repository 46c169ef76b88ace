"""The challenger where early customers do not tell whether anybody leaves."""

from datetime import date

import numpy as np
import pandas as pd

from ml.clv.fitting import Fitted, add_booster, fitted, histories_of
from ml.clv.purchases import PurchaseModel
from ml.clv.spans import Span
from tests.ml.clv.simulated import customers


def frame(model: PurchaseModel, number: int) -> pd.DataFrame:
    drawn = customers(model, number, observed=200.0, ahead=50.0, seed=3)
    rows = {"frequency": drawn.history.frequency, "recency": drawn.history.recency, "observed": drawn.history.observed}
    more = dict.fromkeys(("days_30", "days_90", "revenue_first", "revenue_mean", "units_mean"), 1.0)
    return pd.DataFrame(rows | more | {"purchases": drawn.later, "currency": "GBP"})


def test_the_challenger_is_trained_on_spans_of_customers_who_seem_to_stay():
    leave = frame(PurchaseModel("bg_nbd", 0.8, 30.0, 0.7, 2.0), 1_500)
    stay = frame(PurchaseModel("nbd", 0.8, 30.0), 1_500)
    found: Fitted = fitted(histories_of(leave), leave, {})
    assert found.base in ("bg_nbd", "mbg_nbd")
    add_booster(found, [(stay, Span(date(2024, 1, 1), date(2024, 2, 20)))], seed=1)
    assert any("before 2024-01-01" in remark for remark in found.remarks)
    assert found.booster is not None
    factors = found.booster.factor(stay, PurchaseModel("nbd", 0.8, 30.0))
    assert np.all(factors > 0)
