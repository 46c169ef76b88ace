"""Gold: the marts of customers: RFM, segments, concentration, cohorts."""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.model import Table

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
TABLES = (CUSTOMER_RFM, RFM_SEGMENTS, CUSTOMER_CONCENTRATION, COHORT_RETENTION, COHORT_BREAKDOWN)
