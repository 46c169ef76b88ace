"""Names for people of what models are called in tables: problems, candidates, measures."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEMS: Mapping[str, str] = {"churn": "Churn", "clv": "Lifetime value", "demand": "Demand"}
CANDIDATES: Mapping[str, str] = {
    "bg_nbd": "BG/NBD",
    "mbg_nbd": "MBG/NBD",
    "nbd": "NBD",
    "xgboost": "XGBoost",
    "mstl": "MSTL",
    "recency": "recency alone",
    "frequency": "frequency alone",
    "majority": "the majority",
    "mean": "mean of all",
    "count_again": "the same count again",
    "recent_mean": "mean of the last weeks",
    "by_level": "best method of each level",
}
MEASURES: Mapping[str, str] = {
    "rate": "Share that left",
    "roc_auc": "Order of the risks (ROC-AUC)",
    "pr_auc": "Precision over recall (PR-AUC)",
    "accuracy": "Right of all (accuracy)",
    "brier": "Squared error of the risk (Brier)",
    "log_loss": "Logarithmic loss",
    "top_decile_lift": "Lift of the top tenth",
    "mae": "Mean error of a customer (MAE)",
    "rmse": "Root of the mean squared error (RMSE)",
    "total_error": "Total predicted, against what came",
    "top_decile_share": "Share of the top tenth",
    "wape": "Error as share of what was sold (WAPE)",
    "mape": "Error as share of each week (MAPE)",
    "mase": "Error against seasonal naive's (MASE)",
    "coverage_80": "Weeks within the 80 % interval",
    "coverage_95": "Weeks within the 95 % interval",
}


def problem_name(problem: str) -> str:
    return PROBLEMS.get(problem, problem)


def candidate_name(candidate: str) -> str:
    return CANDIDATES.get(candidate, candidate.replace("_", " "))


def measure_name(measure: str) -> str:
    name = measure.replace("_", " ")
    return MEASURES.get(measure, name[:1].upper() + name[1:])
