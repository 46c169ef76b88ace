"""Rows of marts that the second notebook reads."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import sin
from typing import Any

from tests.notebooks.people import caused, touches

PLACE = {"source_system": "shop", "currency": "GBP"}
ODD_DAY = date(2023, 12, 25)
CHANNELS = {"search": (200, 60), "social": (210, 20)}
"""Channel -> customers, and those who came back in month 3: further apart than chance."""


def cohorts() -> list[dict[str, Any]]:
    """Six cohorts of 100; the running month is partial, what lies after it is NULL."""
    found = []
    for first in range(1, 7):
        for month in range(13):
            seen = first + month
            customers = (100 if month == 0 else 30 - month + first) if seen <= 7 else None
            found.append(
                PLACE | {"cohort_month": date(2023, first, 1), "month_number": month, "cohort_size": 100,
                         "customers": customers, "retention": None if customers is None else customers / 100,
                         "revenue_per_customer": None if customers is None else Decimal(10 * first + 5 * month),
                         "is_partial": seen == 7}
            )  # fmt: skip
    return found


def channels() -> list[dict[str, Any]]:
    return [
        PLACE | {"dimension": "acquisition_channel", "dimension_value": name, "month_number": 3, "cohort_size": size,
                 "customers": back}
        for name, (size, back) in CHANNELS.items()
    ]  # fmt: skip


def season() -> dict[str, list[dict[str, Any]]]:
    series = PLACE | {"series": "total", "series_value": "all", "measure": "revenue"}
    days = [date(2023, 10, 1) + timedelta(days=at) for at in range(120)]
    return {
        "sales_decomposition": [
            series | {"full_date": day, "value": 100 + sin(at), "trend": 100.0, "weekly": sin(at),
                      "remainder": 90.0 if day == ODD_DAY else 0.0, "is_anomaly": day == ODD_DAY}
            for at, day in enumerate(days)
        ],
        "sales_series": [
            series | {"series_outcome": "decomposed", "method": "STL 7", "trend_strength": 0.2, "weekly_strength": 0.6}
        ],
        "dim_date": [{"full_date": ODD_DAY, "holiday_name": "Christmas Day"}],
    }  # fmt: skip


def pairs() -> list[dict[str, Any]]:
    """Two pairs by p < 0.05, of which one survives the correction; each stands from both its sides."""
    found = []
    for rank, (one, other, p_value) in enumerate([("P-Cups", "P-Plates", 0.001), ("P-Cups", "P-unknown", 0.04)], 1):
        for product, companion in [(one, other), (other, one)]:
            found.append(
                {"source_system": "shop", "product_id": product, "companion_id": companion, "orders_together": 9,
                 "expected_orders": 3.0, "lift": 2.0, "adjusted_lift": 3.0, "p_value": p_value, "q_value": 2 * p_value,
                 "is_significant": p_value < 0.01, "affinity_rank": rank}
            )  # fmt: skip
    return found


def campaigns() -> dict[str, list[dict[str, Any]]]:
    """Two campaigns with a held-out group, of which one surely pays, and the row of orders without a campaign."""
    naive, gain = caused()
    rules = ("last_touch", "first_touch", "linear", "position_based", "time_decay", "markov")
    found = []
    for name, contacted, low, high in [("SPRING", 45, 0.5, 1.5), ("AUTUMN", 20, -1.0, 1.0)]:
        found.append(
            PLACE | {"campaign_id": name, "campaign_channel": "email", "started_on": date(2023, 6, 15), "spend": 100,
                     "contacted": contacted, "held_out": 15, "causal_basis": "held-out group", "roi": 2.0,
                     "naive_revenue": Decimal(str(naive)), "incremental_revenue": round(Decimal(str(gain)), 4),
                     "adjusted_revenue": 50, "adjusted_revenue_low": Decimal(str(100 * low)),
                     "adjusted_revenue_high": Decimal(str(100 * high)), "adjusted_roi": (low + high) / 2,
                     "adjusted_roi_low": low, "adjusted_roi_high": high, "power_at_break_even": 0.4}
            | {f"{rule}_revenue": 100 + 10 * at for at, rule in enumerate(rules)}
        )  # fmt: skip
    return {
        "campaign_roi": [*found, PLACE | {"campaign_id": "(none)"}],
        "campaign_touches": touches(),
        "campaign_attribution": [PLACE | {"order_id": order, "campaign_id": "SPRING"} for order in "abc"]
        + [PLACE | {"order_id": "c", "campaign_id": "AUTUMN"}],
    }


def analytics() -> dict[str, list[dict[str, Any]]]:
    return season() | campaigns() | {
        "cohort_retention": cohorts(), "cohort_breakdown": channels(), "product_affinity": pairs()
    }  # fmt: skip
