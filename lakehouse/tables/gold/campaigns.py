"""Gold: the marts of campaigns: credit for orders, and what a campaign brought and cost."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

MODELS = ("last_touch", "first_touch", "linear", "position_based", "time_decay", "markov")
CAMPAIGN_ATTRIBUTION = Table(
    "gold.campaign_attribution",
    "one campaign on the path to one completed order: its share of the credit by each model; orders that no campaign"
    " reached in time have no row",
    ("source_system", "order_id", "order_date", "currency", "campaign_id"),
    columns(
        "source_system order_id order_date currency campaign_id customer_id ordered_at touches path_length"
        f" first_touched_at last_touched_at {' '.join(MODELS)} net_revenue margin_net_of_returns?"
    ),
)
_BOUNDS = " ".join(
    f"{how}_{what}? {how}_{what}_low? {how}_{what}_high?"
    for how in ("incremental", "adjusted")
    for what in ("orders", "revenue", "margin", "roi")
)
CAMPAIGN_ROI = Table(
    "gold.campaign_roi",
    "one campaign in one currency; campaign_id (none): all completed orders that no campaign is credited with",
    ("source_system", "campaign_id", "currency"),
    columns(
        "source_system campaign_id currency campaign_name? campaign_channel? started_on? ended_on? spend contacted"
        " held_out open_windows held_back_orders removal_effect? attribution_model attributed_orders attributed_revenue"
        f" attributed_margin? {' '.join(f'{name}_revenue' for name in MODELS)} roas? roi? naive_orders naive_revenue"
        f" naive_roi? causal_basis {_BOUNDS} standard_error_revenue? detectable_revenue? detectable_margin?"
        " power_at_break_even? spend_correlation? spend_correlation_low? spend_correlation_high?"
    ),
)
TABLES = (CAMPAIGN_ATTRIBUTION, CAMPAIGN_ROI)
