"""Reasons say in words what moves a customer's risk the most, one for each topic, and name nobody."""

from __future__ import annotations

import pandas as pd
import pytest

from ml.churn.inputs import ATTRIBUTES, NUMBERS, SEASON, feature_of
from ml.churn.reasons import _TOPIC_OF, _TOPICS, reasons
from tests.ml.churn.rows import feature_rows

ROW = feature_rows(1, 1).assign(
    days_since_last_order=143.0, last_gap_ratio=2.14, orders_before=3.0, orders_180d=1.0, age_days=200.0,
    mean_order_revenue=1234.5, customer_segment="club", return_lines_before=1.0, contacts_90d=0.0,
)  # fmt: skip


def said(row: pd.DataFrame = ROW, **contributions: float) -> list[str | None]:
    return reasons(pd.DataFrame([contributions], index=row.index), row)[0]


def test_the_three_that_move_most_are_said_first_the_most() -> None:
    found = said(days_since_last_order=0.5, age_days=-0.9, mean_order_revenue=0.1, return_lines_before=0.3)
    assert found == [
        "first order 200 days ago (lowers the risk)",
        "last order 143 days ago, 2.1 times the usual gap (raises the risk)",
        "1 line returned (raises the risk)",
    ]


def test_columns_of_one_topic_are_one_reason() -> None:
    found = said(orders_before=0.4, orders_90d=0.4, repeat_days=-0.9, age_days=0.2)
    assert found[0] == "first order 200 days ago (raises the risk)"
    assert found[1] == "3 orders, 1 of them in the last 180 days (lowers the risk)"
    assert found[2] is None


def test_the_season_is_no_reason_and_neither_is_what_moves_nothing() -> None:
    assert said(season_sin=0.9, contacts_90d=0.0) == [None, None, None]
    assert said(season_sin=0.9) == [None, None, None]


def test_what_is_not_known_is_said_to_be() -> None:
    row = ROW.assign(customer_segment=None, discount_share=float("nan"), last_gap_ratio=float("nan"))
    found = said(row, **{"customer_segment=club": -0.3, "discount_share": 0.2, "days_since_last_order": 0.1})
    assert found == [
        "segment not known (lowers the risk)",
        "discounts not known (raises the risk)",
        "last order 143 days ago (raises the risk)",
    ]


@pytest.mark.parametrize("name", [*NUMBERS, *(f"{name}=x" for name in ATTRIBUTES)])
def test_every_feature_but_the_season_has_its_words(name: str) -> None:
    found = said(**{name: 1.0})[0]
    assert (found is None) == (name in SEASON)


def test_no_topic_is_without_a_feature() -> None:
    assert set(_TOPIC_OF.values()) == set(_TOPICS)
    assert {feature_of(name) for name in _TOPIC_OF} <= {*NUMBERS, *ATTRIBUTES}
