"""Gold: the marts of products: days, performance, returns, and what is bought together."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.gold.sales import RETURNED, SOLD
from lakehouse.tables.model import Table

PRODUCT_DAYS = Table(
    "gold.product_days",
    "one product, through all versions, on one day in one currency",
    ("source_system", "product_durable_key", "full_date", "currency"),
    columns(f"source_system product_durable_key full_date currency month_start orders{SOLD}{RETURNED}"),
    partitioned_by=("month_start",),
)
PRODUCT_PERFORMANCE = Table(
    "gold.product_performance",
    "one product, through all versions, in one currency, seen from as_of; product_id NULL: unknown",
    ("source_system", "product_durable_key", "currency"),
    columns(
        "source_system product_durable_key product_id? currency product_name? category? subcategory? brand?"
        f" is_merchandise orders{SOLD} margin_rate?{RETURNED} return_rate? revenue_rank? abc_class? first_sold_on?"
        " last_sold_on? days_since_last_sale? recent_revenue previous_revenue revenue_trend?"
    ),
    checks={"class_known": "abc_class IS NULL OR abc_class IN ('A', 'B', 'C')"},
)
RETURN_RATES = Table(
    "gold.return_rates",
    "one value of one dimension (all, product, category, reason) of one source",
    ("source_system", "dimension", "dimension_value"),
    columns(
        "source_system dimension dimension_value lines returned_lines matched_returns unmatched_returns"
        " line_return_rate? rate_low? rate_high?"
    ),
    checks={
        "low_within": "rate_low IS NULL OR line_return_rate IS NULL OR rate_low <= line_return_rate",
        "high_within": "rate_high IS NULL OR line_return_rate IS NULL OR rate_high >= line_return_rate",
    },
)
PRODUCT_AFFINITY = Table(
    "gold.product_affinity",
    "one product and one other that is in the same completed orders, often enough",
    ("source_system", "product_id", "companion_id"),
    columns(
        "source_system product_id companion_id orders_with_product orders_with_companion orders_together support"
        " confidence lift expected_orders adjusted_lift p_value q_value is_significant affinity_rank"
    ),
)
TABLES = (PRODUCT_DAYS, PRODUCT_PERFORMANCE, RETURN_RATES, PRODUCT_AFFINITY)
