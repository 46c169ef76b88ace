"""Rows that pictures are drawn of: what a shop of tests.dashboard.shop may have besides its sales."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
SHOP = {"source_system": "shop", "currency": "GBP"}
MONTHS = [date(2023, month, 1) for month in range(1, 13)]
FIRST_WEEK = date(2024, 4, 1)


def cohorts(months: int = 4) -> Rows:
    """Cohorts of 100, 200, …; of cohort c, 10 c + m of 100 c come back in month m. The newest month is not over."""
    rows = []
    for at, month in enumerate(MONTHS[:months]):
        size = 100 * (at + 1)
        for number in range(months + 1):
            is_known = at + number < months
            back = size if number == 0 else 10 * (at + 1) + number
            known = {"customers": back, "retention": back / size, "is_partial": at + number == months - 1}
            cell = {"cohort_month": month, "month_number": number, "cohort_size": size}
            rows.append(SHOP | cell | (known if is_known else {}))
    return {"cohort_retention": rows}


def campaigns() -> Rows:
    def one(name: str, spend: float, **more: Any) -> dict[str, Any]:
        return SHOP | {"campaign_id": name, "campaign_name": name, "spend": spend, "causal_basis": "x"} | more

    def roi(naive: float, added: float, low: float, high: float) -> dict[str, float]:
        return {"naive_roi": naive, "adjusted_roi": added, "adjusted_roi_low": low, "adjusted_roi_high": high}

    return {
        "campaign_roi": [
            one("Lost", 300, **roi(4.0, -0.5, -0.9, -0.1)),
            one("Open", 200, **roi(9.0, 0.2, -0.4, 0.8)),
            one("Paid", 100, **roi(20.0, 1.5, 0.4, 2.6)),
            one("Without a held-out group", 50, naive_roi=2.0),
            one("(none)", 0),
        ]
    }


def series(days: int = 60) -> Rows:
    """Day d: trend 100 + d, week −3 to 3, nothing left but on day 20 (50 more) and day 40 (80 less)."""
    which = {"series": "total", "series_value": "all", "measure": "revenue"}
    rows = []
    for at in range(days):
        left, week = {20: 50.0, 40: -80.0}.get(at, 0.0), float(at % 7 - 3)
        rows.append(SHOP | which | {
            "full_date": date(2023, 1, 1) + timedelta(days=at), "value": 100.0 + at + week + left, "trend": 100.0 + at,
            "weekly": week, "remainder": left, "is_anomaly": left != 0, "is_change_point": at == 30,
        })  # fmt: skip
    looked_at = {"series_outcome": "decomposed", "method": "STL 7", "growth": 0.4}
    return {"sales_decomposition": rows, "sales_series": [SHOP | which | looked_at]}


def forecast(weeks: int = 3) -> Rows:
    """All sales and two categories, of revenue and of units: 300, 301, …; a tenth of it; half of it."""
    rows = []
    for measure in ("units", "revenue"):
        for level, value, share in (("total", "(all)", 1.0), ("category", "Cups", 0.1), ("category", "Plates", 0.5)):
            for at in range(weeks):
                middle = (300.0 + at) * share
                rows.append(SHOP | {
                    "series_level": level, "series_value": value, "measure": measure, "forecast": middle,
                    "week_start": FIRST_WEEK + timedelta(weeks=at), "horizon_week": at + 1, "series_state": "active",
                    "low_95": middle * 0.6, "low_80": middle * 0.8, "high_80": middle * 1.2, "high_95": middle * 1.4,
                    "forecast_method": "theta",
                })  # fmt: skip
    return {"demand_forecast": rows}


def churn() -> Rows:
    """Nine customers of probability 0.05, 0.15 … 0.85 and one of 1, of whom 10, 20 … 100 is expected."""
    model = {"source_system": "shop", "problem": "churn", "model_version": 3, "candidate": "xgboost"}
    other = model | {"candidate": "recency"}
    points = {"curve": "calibration", "label": "", "cases": 5}
    return {
        "customer_predictions": [
            SHOP | {"customer_id": f"C{at}", "customer_durable_key": at, "churn_probability": min(at / 10 + 0.05, 1.0)
                    if at < 9 else 1.0, "clv": 10 * (at + 1), "clv_basis": "margin", "clv_months": [1.0] * 12}
            for at in range(10)
        ],
        "model_scores": [
            model | {"candidate_role": "champion", "score_measure": "roc_auc", "score_level": "all",
                     "score_fold": "test", "score": 0.8, "tested_from": date(2023, 11, 1),
                     "tested_until": date(2024, 1, 30)},
            other | {"candidate_role": "baseline", "score_measure": "roc_auc", "score_level": "all",
                     "score_fold": "test", "score": 0.6, "tested_from": date(2023, 1, 1),
                     "tested_until": date(2024, 1, 30)},
        ],
        "model_curves": [
            *(model | points | {"place": at, "x": at / 4, "y": at / 5} for at in range(5)),
            *(other | points | {"place": at, "x": at / 4, "y": 0.5} for at in range(5)),
        ],
    }  # fmt: skip


def everything() -> Rows:
    return cohorts() | campaigns() | series() | forecast() | churn()
