"""Gold: the marts of sales, customers and products, worked out of the star.

Marts are per source and carry `currency`: the reporting one where a rate is known for every amount of the source, else
the currency of each amount. Nothing adds two currencies up.
"""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

MART_CURRENCIES = Table(
    "gold.mart_currencies",
    "one source: which currency its marts are in",
    ("source_system",),
    columns("source_system reporting_currency is_converted"),
)
ORDER_TOTALS = Table(
    "gold.order_totals",
    "the completed lines of one order, by day and currency: one row per order in sound data",
    ("source_system", "order_id", "order_date", "currency"),
    columns(
        "source_system order_id order_date currency order_month ordered_at customer_durable_key customer_id?"
        " first_product_key lines units gross_revenue discount net_revenue costed_revenue cost? margin?"
        " return_lines returned_units unpriced_returns refund_amount returned_cost? net_of_returns"
        " margin_net_of_returns?"
    ),
    partitioned_by=("order_month",),
    checks={"net_adds_up": "net_revenue = gross_revenue - discount"},
    change_feed=True,
)
_CELL = "source_system full_date currency category country_name sales_channel customer_segment payment_method"
_SOLD = " lines units gross_revenue discount net_revenue costed_revenue cost? margin?"
_RETURNED = " return_lines returned_units unpriced_returns refund_amount net_of_returns"
_MONTH = "source_system month_start currency"
DAILY_SALES = Table(
    "gold.daily_sales",
    "one day in one currency, by category, country, channel, segment and payment method; unknown where not known",
    tuple(_CELL.split()),
    columns(f"{_CELL} month_start orders leading_orders{_SOLD}{_RETURNED}"),
    partitioned_by=("month_start",),
    checks={"net_adds_up": "net_revenue = gross_revenue - discount"},
    change_feed=True,
)
GEOGRAPHY_SALES = Table(
    "gold.geography_sales",
    "one country in one month, in one currency",
    (*_MONTH.split(), "country_name"),
    columns(f"{_MONTH} country_name country_code? customers orders order_share? revenue_share?{_SOLD}{_RETURNED}"),
    partitioned_by=("month_start",),
)
PAYMENT_MIX = Table(
    "gold.payment_mix",
    "one payment method in one month, in one currency",
    (*_MONTH.split(), "payment_method"),
    columns(
        f"{_MONTH} payment_method orders order_share? revenue_share? lines units gross_revenue discount net_revenue"
        " refund_amount net_of_returns"
    ),
    partitioned_by=("month_start",),
)
CUSTOMER_RFM = Table(
    "gold.customer_rfm",
    "one customer, through all versions, in one currency, seen from as_of; guests are left out",
    ("source_system", "customer_durable_key", "currency"),
    columns(
        "source_system customer_id customer_durable_key currency recency_days frequency monetary r_score f_score"
        " m_score segment first_ordered_on last_ordered_on net_revenue refund_amount"
    ),
    checks={
        "scores_are_1_to_5": "r_score BETWEEN 1 AND 5 AND f_score BETWEEN 1 AND 5 AND m_score BETWEEN 1 AND 5",
        "has_an_order_before": "frequency >= 1 AND recency_days >= 1",
    },
)
RFM_SEGMENTS = Table(
    "gold.rfm_segments",
    "one segment of one source in one currency",
    ("source_system", "currency", "segment"),
    columns(
        "source_system currency segment customers customer_share orders net_revenue refund_amount monetary"
        " revenue_share? mean_recency_days mean_frequency r_bins f_bins m_bins"
    ),
)
CUSTOMER_CONCENTRATION = Table(
    "gold.customer_concentration",
    "one percentage of the customers of one source in one currency, from 1 to 100",
    ("source_system", "currency", "customer_percent"),
    columns("source_system currency customer_percent revenue_share? customers gini?"),
)
_COHORT = "source_system currency cohort_month month_number order_month cohort_size customers? retention? orders?"
_COHORT_MONEY = (
    " net_revenue? margin? cumulative_revenue? cumulative_margin? revenue_per_customer? margin_per_customer? is_partial"
)
_IN_A_COHORT = {"retention_is_a_share": "retention IS NULL OR retention BETWEEN 0 AND 1"}
COHORT_RETENTION = Table(
    "gold.cohort_retention",
    "one cohort in one month since its first, in one currency; figures are NULL beyond what is known",
    ("source_system", "currency", "cohort_month", "month_number"),
    columns(_COHORT + _COHORT_MONEY),
    checks=_IN_A_COHORT,
)
COHORT_BREAKDOWN = Table(
    "gold.cohort_breakdown",
    "as gold.cohort_retention, by acquisition channel and by category of the customer's first line",
    ("source_system", "currency", "dimension", "dimension_value", "cohort_month", "month_number"),
    columns(_COHORT.replace("currency", "currency dimension dimension_value", 1) + _COHORT_MONEY),
    checks=_IN_A_COHORT,
)
PRODUCT_DAYS = Table(
    "gold.product_days",
    "one product, through all versions, on one day in one currency",
    ("source_system", "product_durable_key", "full_date", "currency"),
    columns(f"source_system product_durable_key full_date currency month_start orders{_SOLD}{_RETURNED}"),
    partitioned_by=("month_start",),
)
PRODUCT_PERFORMANCE = Table(
    "gold.product_performance",
    "one product, through all versions, in one currency, seen from as_of; product_id NULL: unknown",
    ("source_system", "product_durable_key", "currency"),
    columns(
        "source_system product_durable_key product_id? currency product_name? category? subcategory? brand?"
        f" is_merchandise orders{_SOLD} margin_rate?{_RETURNED} return_rate? revenue_rank? abc_class? first_sold_on?"
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
TABLES = (
    MART_CURRENCIES, ORDER_TOTALS, DAILY_SALES, GEOGRAPHY_SALES, PAYMENT_MIX, CUSTOMER_RFM, RFM_SEGMENTS,
    CUSTOMER_CONCENTRATION, COHORT_RETENTION, COHORT_BREAKDOWN, PRODUCT_DAYS, PRODUCT_PERFORMANCE, RETURN_RATES,
)  # fmt: skip
