"""Gold: what models know of customers."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

CUSTOMER_FEATURES = Table(
    "gold.customer_features",
    "one customer as known before one day: month starts, with those who ordered lately, and as_of, with all;"
    " guests are left out",
    ("source_system", "customer_durable_key", "cut_off"),
    columns(
        "source_system customer_durable_key cut_off days_since_last_order tenure_days age_days repeat_days"
        " repeat_span_days mean_gap_days? sd_gap_days? last_gap_ratio? orders_before orders_30d orders_90d orders_180d"
        " orders_365d units_per_order lines_per_order currency revenue_before revenue_90d revenue_365d margin_365d?"
        " mean_order_revenue discount_share? refund_share? return_lines_before returned_units_before contacts_30d"
        " contacts_90d season_sin season_cos acquisition_channel? customer_segment? country_code?"
    ),
    partitioned_by=("cut_off",),
    checks={
        "ordered_before_the_cut_off": "days_since_last_order >= 1 AND orders_before >= 1",
        "counts_not_negative": "repeat_days >= 0 AND repeat_span_days >= 0 AND orders_30d >= 0 AND contacts_30d >= 0"
        " AND return_lines_before >= 0 AND returned_units_before >= 0",
        "windows_nested": "orders_30d <= orders_90d AND orders_90d <= orders_180d AND orders_180d <= orders_365d"
        " AND orders_365d <= orders_before AND contacts_30d <= contacts_90d",
        "days_add_up": "age_days = repeat_span_days + days_since_last_order AND tenure_days >= age_days",
        "repeats_fit_their_span": "repeat_days <= repeat_span_days AND repeat_days < orders_before",
    },
)
TABLES = (CUSTOMER_FEATURES,)
