"""Rows that a shop may have besides its sales: campaigns, series, scores, and what did not come in."""

from __future__ import annotations

from datetime import date
from typing import Any

from lakehouse.tables import ops
from lakehouse.tables.model import Table
from tests.dashboard.shop import key_of

Rows = dict[str, list[dict[str, Any]]]
SCORES = ("gold.customer_predictions", "gold.demand_forecast", "gold.model_scores", "gold.model_curves")
"""Tables that older publications lack."""


def campaigns() -> Rows:
    whole = {"source_system": "shop", "currency": "GBP"}
    roi = {"roas": 3.0, "roi": 1.0, "naive_roi": 4.0, "adjusted_roi": -0.2, "adjusted_roi_low": -1.0,
           "adjusted_roi_high": 0.6, "naive_revenue": 500, "adjusted_revenue": 80, "adjusted_margin": 20,
           "power_at_break_even": 0.5, "spend": 100, "attributed_revenue": 300, "attributed_margin": 90}  # fmt: skip
    without = {"campaign_id": "B", "campaign_name": "No group", "spend": 0, "causal_basis": "attributed, not causal"}
    first = {
        "campaign_id": "A",
        "campaign_name": "Spring",
        "started_on": date(2024, 1, 1),
        "ended_on": date(2024, 2, 1),
    }
    spend = {"campaign_id": "A", "spend_date": date(2024, 1, 2), "amount": 100}
    return {
        "campaign_roi": [whole | first | roi, whole | without, whole | {"campaign_id": "(none)", "spend": 0}],
        "campaign_spend": [whole | spend],
    }


def series() -> Rows:
    whole = {"source_system": "shop", "currency": "GBP", "series": "total", "series_value": "all", "measure": "revenue"}
    day = {"value": 5.0, "trend": 4.0, "weekly": 0.5, "remainder": 0.5}
    return {
        "sales_series": [
            whole
            | {"series_outcome": "decomposed", "trend_strength": 0.5, "weekly_strength": 0.1, "year_on_year": 0.2},
            whole | {"measure": "orders", "series_outcome": "too_short"},
        ],
        "sales_decomposition": [
            whole | day | {"full_date": date(2024, 1, at), "is_anomaly": at == 3} for at in range(1, 9)
        ],
    }


def scores() -> Rows:
    whole = {"source_system": "shop", "currency": "GBP"}
    week = {"series_level": "total", "series_value": "all", "measure": "revenue", "low_95": 1.0, "low_80": 2.0,
            "forecast": 3.0, "high_80": 4.0, "high_95": 5.0, "forecast_method": "theta"}  # fmt: skip
    model = {"source_system": "shop", "problem": "churn", "model_version": 2, "candidate": "xgboost"}
    return {
        "demand_forecast": [whole | week | {"week_start": date(2024, 4, day)} for day in (1, 8, 15)],
        "customer_predictions": [
            whole | {"customer_id": f"C{at}", "customer_durable_key": key_of("d", "shop", f"C{at}"),
                     "churn_probability": at / 11, "churn_reason_1": "long ago", "clv": at}
            for at in range(1, 12)
        ],
        "model_scores": [
            model | {"candidate_role": "champion", "score_measure": "roc_auc", "score_level": "all",
                     "score_fold": "test", "score": 0.75, "score_low": 0.7, "score_high": 0.8},
            model | {"candidate": "recency", "candidate_role": "baseline", "score_measure": "roc_auc",
                     "score_level": "all", "score_fold": "test", "score": 0.68},
        ],
        "model_curves": [
            model | {"curve": "calibration", "place": at, "label": "", "x": at / 10, "y": at / 12, "cases": 9}
            for at in range(10)
        ],
    }  # fmt: skip


def in_use() -> list[tuple[Table, list[dict[str, Any]]]]:
    """What ops noted of the models: a feature that drifted, what came true, and a person's word."""
    model = {"source_system": "shop", "problem": "churn", "model_version": 2}
    noted = [
        model
        | {"monitored": "psi", "monitored_name": "age_days", "figure": 0.5, "limit_value": 0.25, "is_alert": True},
        model | {"monitored": "psi", "monitored_name": "orders_30d", "figure": 0.1, "limit_value": 0.25},
        model | {"monitored": "rate", "monitored_name": "predicted on 2024-01-01", "figure": 0.25},
        model | {"monitored": "said_rate", "monitored_name": "predicted on 2024-01-01", "figure": 0.5},
    ]
    decided = [model | {"decision": "rollback", "details": "the new one calls everybody lost"}]
    return [(ops.MODEL_MONITORING, noted), (ops.MODEL_DECISIONS, decided)]


def trust() -> Rows:
    row = {"source_system": "shop", "feed": "order_lines", "file_kind": "orders"}
    return {
        "quarantine": [row | {"reasons": ["zero_price", "missing:quantity"], "status": "open", "_row_in_file": at}
                       for at in range(3)],
        "lineage": [row | {"outcome": one, "rows": 10} for one in ("accepted", "quarantined")],
    }  # fmt: skip


def everything() -> Rows:
    return campaigns() | series() | scores() | trust()
