"""Rows of features in pandas, as models take them, of customers who behave by a plain law."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from ml.churn.inputs import ATTRIBUTES, NUMBERS

FIRST = date(2023, 1, 1)


def feature_rows(customers: int, cut_offs: int = 2, *, seed: int = 1) -> pd.DataFrame:
    """Customers at cut-offs 30 days apart, with `churned`: likelier the longer ago the last order is, and the fewer
    days with orders there were; members of the club stay.
    """
    random = np.random.default_rng(seed)
    number = customers * cut_offs
    rows = pd.DataFrame({name: random.gamma(2, 2, number) for name in NUMBERS})
    rows["source_system"] = "s"
    rows["customer_durable_key"] = np.tile(np.arange(customers), cut_offs)
    rows["cut_off"] = np.repeat([FIRST + timedelta(days=30 * place) for place in range(cut_offs)], customers)
    rows["days_since_last_order"] = random.integers(1, 365, number).astype(float)
    rows["repeat_days"] = random.poisson(2, number).astype(float)
    rows["age_days"] = rows["days_since_last_order"] + rows["repeat_days"] * 20 + 10
    rows["sd_gap_days"] = np.where(rows["repeat_days"] > 1, rows["sd_gap_days"], np.nan)
    rows["margin_365d"] -= 3
    for name in ATTRIBUTES:
        rows[name] = random.choice(["one", "two"], number)
    rows["customer_segment"] = np.where(random.random(number) < 0.2, "club", None)
    rows["currency"] = "GBP"
    odds = rows["days_since_last_order"] / 90 - rows["repeat_days"] * 0.8 - 2.0 * (rows["customer_segment"] == "club")
    rows["churned"] = (random.random(number) < 1 / (1 + np.exp(-odds))).astype(float)
    return rows
