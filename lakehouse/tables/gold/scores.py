"""Gold: what models say of customers and of demand, and how good these models were when they were tested."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

CUSTOMER_PREDICTIONS = Table(
    "gold.customer_predictions",
    "one customer, through all versions, who ordered before predicted_on; guests are left out",
    ("source_system", "customer_durable_key"),
    columns(
        "source_system customer_durable_key customer_id currency predicted_on churn_probability? churn_method"
        " churn_reason_1? churn_reason_2? churn_reason_3? churn_model_version? orders_ahead? p_alive?"
        " expected_order_value? clv? clv_low? clv_high? clv_months? clv_basis? clv_method clv_model_version?"
    ),
    checks={
        "churn_is_a_share": "churn_probability IS NULL OR churn_probability BETWEEN 0 AND 1",
        "alive_is_a_share": "p_alive IS NULL OR p_alive BETWEEN 0 AND 1",
        "orders_not_negative": "orders_ahead IS NULL OR orders_ahead >= 0",
        "clv_interval_ordered": "clv_low IS NULL OR clv_high IS NULL OR clv_low <= clv_high",
    },
)
_WEEK = "source_system currency series_level series_value measure week_start"
DEMAND_FORECAST = Table(
    "gold.demand_forecast",
    "one week ahead of one series: a measure of all sales, of a category or of a product, in one currency",
    tuple(_WEEK.split()),
    columns(
        f"{_WEEK} product_durable_key? category? predicted_on horizon_week forecast low_80 high_80 low_95 high_95"
        " forecast_method series_state demand_model_version?"
    ),
    checks={
        "not_negative": "low_95 >= 0 AND forecast >= 0",
        "intervals_ordered": "low_95 <= low_80 AND low_80 <= forecast AND forecast <= high_80 AND high_80 <= high_95",
        "level_known": "series_level IN ('total', 'category', 'product')",
        "ahead": "horizon_week >= 1",
    },
)
_MODEL = "source_system problem model_version candidate"
MODEL_SCORES = Table(
    "gold.model_scores",
    "one measure of one model or baseline that was tried when the model in use was trained",
    (*_MODEL.split(), "score_measure", "score_level", "score_fold"),
    columns(
        f"{_MODEL} candidate_role score_measure score_level score_fold score score_low? score_high? tested_from"
        " tested_until"
    ),
    checks={
        "role_known": "candidate_role IN ('champion', 'candidate', 'baseline')",
        "interval_ordered": "score_low IS NULL OR score_high IS NULL OR score_low <= score_high",
    },
)
MODEL_CURVES = Table(
    "gold.model_curves",
    "one point of a curve, or one row of a table, of one model or baseline on the test window",
    (*_MODEL.split(), "curve", "label", "place"),
    columns(f"{_MODEL} curve place label x? y? cases?"),
)
TABLES = (CUSTOMER_PREDICTIONS, DEMAND_FORECAST, MODEL_SCORES, MODEL_CURVES)
