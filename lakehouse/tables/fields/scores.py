"""Columns of what models say, and of how good they are."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import COUNT, CURRENCY_UNIT, INSTANT, MONEY, TEXT

REAL = "DOUBLE"
_REASON = "what moves the churn probability most, in words"
_CUSTOMERS = (
    Field("predicted_on", "DATE", "The day (as_of) that is predicted from: only what came before it is known"),
    Field("churn_probability", REAL, "Chance of no completed order within the horizon (conf/models.toml)", "share"),
    Field("churn_method", TEXT, "What gave churn_probability: a model by name, or a fallback (docs/models.md)"),
    Field("churn_reason_1", TEXT, f"First of {_REASON}"),
    Field("churn_reason_2", TEXT, f"Second of {_REASON}"),
    Field("churn_reason_3", TEXT, f"Third of {_REASON}"),
    Field("churn_model_version", COUNT, "Version of the churn model in the registry; NULL without one"),
    Field("orders_ahead", REAL, "Days with an order to expect within the horizon of lifetime value (conf)", "orders"),
    Field(
        "p_alive",
        REAL,
        "Probability that the customer still buys at all, by the lifetime model; no measure of churn within a time",
        "share",
    ),
    Field("expected_order_value", MONEY, "Value of one of these orders, on the basis of clv_basis", CURRENCY_UNIT),
    Field("clv", MONEY, "Discounted value of the orders to expect within the horizon (conf)", CURRENCY_UNIT),
    Field("clv_low", MONEY, "Lower bound of what the customer will bring: 80 % interval", CURRENCY_UNIT),
    Field("clv_high", MONEY, "Upper bound of what the customer will bring: 80 % interval", CURRENCY_UNIT),
    Field("clv_months", "ARRAY<DOUBLE>", "clv by month from predicted_on on; they add up to it", CURRENCY_UNIT),
    Field("clv_basis", TEXT, "What clv is of: margin net of returns, or revenue where costs are not known"),
    Field("clv_method", TEXT, "What gave clv: a model by name, or a fallback (docs/models.md)"),
    Field("clv_model_version", COUNT, "Version of the lifetime model in the registry; NULL without one"),
)
_DEMAND = (
    Field("series_level", TEXT, "total, category or product"),
    Field("horizon_week", "INT", "Number of the week ahead, from 1", "weeks"),
    Field("forecast", REAL, "What is to be expected of the measure in the week; products add up to their category"),
    Field("low_80", REAL, "Lower bound of the 80 % interval"),
    Field("high_80", REAL, "Upper bound of the 80 % interval"),
    Field("low_95", REAL, "Lower bound of the 95 % interval"),
    Field("high_95", REAL, "Upper bound of the 95 % interval"),
    Field("forecast_method", TEXT, "What gave the forecast: a model by name, or a fallback (docs/models.md)"),
    Field("series_state", TEXT, "active, new, sparse, out_of_season or discontinued"),
    Field("demand_model_version", COUNT, "Version of the demand model in the registry; NULL without one"),
)
_SCORES = (
    Field("problem", TEXT, "churn, clv or demand"),
    Field("model_version", COUNT, "Version of the model in the registry"),
    Field("candidate", TEXT, "Name of a model or baseline that was tried in the training of that version"),
    Field("candidate_role", TEXT, "champion, candidate or baseline"),
    Field("score_measure", TEXT, "What was measured, as in roc_auc, brier, mae, wape (docs/models.md)"),
    Field("score_level", TEXT, "Part of the problem, as in category revenue; all where it has no parts"),
    Field("score_fold", TEXT, "test, or the number of a fold of the training"),
    Field("score", REAL, "The measure"),
    Field("score_low", REAL, "Lower bound of its 95 % interval; NULL where none was worked out"),
    Field("score_high", REAL, "Upper bound of its 95 % interval"),
    Field("tested_from", "DATE", "First day of the test window"),
    Field("tested_until", "DATE", "First day after the test window"),
    Field("curve", TEXT, "As in roc, precision_recall, calibration, lift, deciles, importance"),
    Field("place", "INT", "Place of the point or row, from 0"),
    Field("label", TEXT, "Name of the row, as of a feature; empty where it has none"),
    Field("x", REAL, "First figure of the point: what is said, what is set"),
    Field("y", REAL, "Second figure of the point: what came true, what comes of it"),
    Field("cases", COUNT, "How many cases the point stands for", "cases"),
    Field("monitored", TEXT, "psi (drift of a feature), or a measure of predictions whose horizon is over"),
    Field("monitored_name", TEXT, "The feature or the level"),
    Field("limit_value", REAL, "From where on there is an alert; NULL where there is no such limit"),
    Field("is_alert", "BOOLEAN", "True where the limit is reached"),
    Field("measured_at", INSTANT, "When it was measured"),
)
SCORES = (*_CUSTOMERS, *_DEMAND, *_SCORES)
