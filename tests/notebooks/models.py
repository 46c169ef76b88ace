"""What is published of models: scores, curves, predictions, and what came true."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.notebooks.people import HORIZON, TEST, key, left

SHOP = {"source_system": "shop"}
ROC = {"xgboost": 0.9, "recency": 0.7, "majority": 0.5}
ROLES = {"xgboost": "champion", "recency": "baseline", "majority": "baseline"}


def scores() -> list[dict[str, Any]]:
    share = sum(left().values()) / 60
    found = [
        (problem, name, role, measure, level, score)
        for problem, name, role, measure, level, score in [
            *(("churn", name, ROLES[name], "roc_auc", "all", score) for name, score in ROC.items()),
            *(("churn", name, ROLES[name], "pr_auc", "all", score - 0.1) for name, score in ROC.items()),
            ("churn", "majority", "baseline", "accuracy", "all", max(share, 1 - share)),
            ("clv", "nbd", "champion", "total_error", "value", -0.25),
            ("demand", "theta", "champion", "wape", "total revenue", 0.1),
            ("demand", "theta", "champion", "wape", "product revenue", 0.6),
            ("demand", "seasonal_naive", "baseline", "wape", "total revenue", 0.3),
        ]
    ]
    return [
        SHOP | {"problem": problem, "candidate": name, "candidate_role": role, "score_measure": measure,
                "score_level": level, "score_fold": "test", "score": score, "score_low": score - 0.05,
                "score_high": score + 0.05, "tested_from": TEST, "tested_until": TEST + HORIZON}
        for problem, name, role, measure, level, score in found
    ]  # fmt: skip


def _points(problem: str, candidate: str, curve: str, points: list[tuple[float, float]], label: str = "") -> Any:
    return [
        SHOP | {"problem": problem, "candidate": candidate, "curve": curve, "label": label, "place": place, "x": x,
                "y": y, "cases": 6}
        for place, (x, y) in enumerate(points)
    ]  # fmt: skip


def curves() -> list[dict[str, Any]]:
    """Risks of the champion are 0.1 too high; of three weeks ahead two lie within the band of 80 %."""
    found = []
    for name in ROC:
        found += _points("churn", name, "roc", [(0, 0), (0.3, 0.6), (1, 1)])
        found += _points("churn", name, "precision_recall", [(0.2, 0.9), (1, 0.6)])
    found += _points("churn", "xgboost", "calibration", [(0.3, 0.2), (0.8, 0.7)])
    found += _points("churn", "xgboost", "lift", [(1, 1.5), (2, 0.5)])
    found += _points("churn", "xgboost", "importance", [(0.4, 0.0)], "customer_segment")
    found += _points("clv", "nbd", "deciles", [(60.0, 90.0), (15.0, 10.0)], "value")
    series = "All revenue, GBP"
    found += _points("demand", "theta", "fan actual", [(-1, 100), (0, 100), (1, 100), (2, 160)], series)
    for name, level in [("forecast", 100), ("low 80", 80), ("high 80", 120), ("low 95", 60), ("high 95", 140)]:
        found += _points("demand", "theta", f"fan {name}", [(0, level), (1, level), (2, level)], series)
    found += _points("demand", "seasonal_naive", "fan forecast", [(0, 50), (1, 50), (2, 50)], series)
    return found


def predictions() -> list[dict[str, Any]]:
    return [
        SHOP | {"customer_durable_key": key(person), "customer_id": f"M{person}", "currency": "GBP",
                "predicted_on": date(2024, 4, 1), "churn_probability": person / 60, "churn_method": "xgboost",
                "clv": 100 - person, "churn_reason_1": "last order long ago (raises the risk)"}
        for person in range(60)
    ]  # fmt: skip


def monitoring() -> list[dict[str, Any]]:
    rows = [("psi", "age_days", 0.4, True), ("psi", "orders_90d", 0.1, False), ("roc_auc", "all", 0.71, False)]
    return [
        SHOP | {"problem": "churn", "monitored": monitored, "monitored_name": name, "figure": figure, "is_alert": alert}
        for monitored, name, figure, alert in rows
    ]
