"""Why a customer is at risk, in words: contributions of columns, added up by what they are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ml.churn.inputs import feature_of

REASONS = 3
RAISES, LOWERS = "raises the risk", "lowers the risk"
_Row = Mapping[Any, Any]


def _days(number: float) -> str:
    return "1 day" if number == 1 else f"{number:,.0f} days"


def _times(number: float, what: str) -> str:
    return f"{'no' if number == 0 else f'{number:,.0f}'} {what}{'' if number == 1 else 's'}"


def _last_order(row: _Row) -> str:
    ratio = row["last_gap_ratio"]
    usual = "" if np.isnan(ratio) else f", {ratio:.1f} times the usual gap"
    return f"last order {_days(row['days_since_last_order'])} ago{usual}"


def _orders(row: _Row) -> str:
    return f"{_times(row['orders_before'], 'order')}, {row['orders_180d']:,.0f} of them in the last 180 days"


def _returns(row: _Row) -> str:
    return f"{_times(row['return_lines_before'], 'line')} returned"


def _discount(row: _Row) -> str:
    share = row["discount_share"]
    return "discounts not known" if np.isnan(share) else f"{share:.0%} of the prices was discount"


def _attribute(name: str, text: str) -> Callable[[_Row], str]:
    return lambda row: f"{text} {row[name]}" if isinstance(row[name], str) else f"{text} not known"


_TOPICS: Mapping[str, Callable[[_Row], str]] = {
    "last order": _last_order,
    "orders": _orders,
    "since": lambda row: f"first order {_days(row['age_days'])} ago",
    "spend": lambda row: f"{row['mean_order_revenue']:,.2f} {row['currency']} an order",
    "basket": lambda row: f"{row['units_per_order']:.1f} units an order",
    "discount": _discount,
    "returns": _returns,
    "contacts": lambda row: f"{_times(row['contacts_90d'], 'contact')} by campaigns in 90 days",
    "channel": _attribute("acquisition_channel", "acquisition channel"),
    "segment": _attribute("customer_segment", "segment"),
    "country": _attribute("country_code", "country"),
}
_TOPIC_OF = {
    "days_since_last_order": "last order", "last_gap_ratio": "last order",
    "repeat_days": "orders", "orders_before": "orders", "orders_30d": "orders", "orders_90d": "orders",
    "orders_180d": "orders", "orders_365d": "orders", "mean_gap_days": "orders", "sd_gap_days": "orders",
    "tenure_days": "since", "age_days": "since", "repeat_span_days": "since",
    "revenue_before": "spend", "revenue_90d": "spend", "revenue_365d": "spend", "margin_365d": "spend",
    "mean_order_revenue": "spend", "currency": "spend",
    "units_per_order": "basket", "lines_per_order": "basket", "discount_share": "discount",
    "refund_share": "returns", "return_lines_before": "returns", "returned_units_before": "returns",
    "contacts_30d": "contacts", "contacts_90d": "contacts",
    "acquisition_channel": "channel", "customer_segment": "segment", "country_code": "country",
}  # fmt: skip
"""Feature -> what it is about. The season is the same for all and no reason."""


def reasons(contributions: pd.DataFrame, rows: pd.DataFrame) -> list[list[str | None]]:
    """For each row the three topics that move it most, the first the most; None where fewer move it at all.

    Contributions add up, so those of one topic do too.
    """
    topics = pd.Series({name: _TOPIC_OF.get(feature_of(name)) for name in contributions.columns}, dtype=object)
    by_topic = contributions.loc[:, topics.notna()].T.groupby(topics.dropna()).sum().T
    if by_topic.empty:
        return [[None] * REASONS for _ in range(len(rows))]
    moved = by_topic.to_numpy()
    order = np.argsort(-np.abs(moved), axis=1, kind="stable")[:, :REASONS]
    found = []
    for place, row in enumerate(rows.to_dict("records")):
        texts = [_words(by_topic.columns[topic], row, moved[place, topic]) for topic in order[place]]
        found.append(texts + [None] * (REASONS - len(texts)))
    return found


def _words(topic: str, row: _Row, moved: float) -> str | None:
    return None if moved == 0 else f"{_TOPICS[topic](row)} ({RAISES if moved > 0 else LOWERS})"
