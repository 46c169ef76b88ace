"""Gold: the star schema, each table derived from silver as far as silver changed; and marts derived from the star."""

from __future__ import annotations

from lakehouse.gold import (
    campaign_roi,
    cohort_retention,
    customer_rfm,
    daily_sales,
    dim_campaign,
    dim_customer,
    dim_date,
    dim_geography,
    dim_product,
    fact_returns,
    fact_sales,
    mart_currencies,
    order_totals,
    product_affinity,
    product_days,
    product_performance,
    return_rates,
    sales_decomposition,
)
from lakehouse.run import Step

# The places are those that sales use, so they come after them.
STEPS: tuple[Step, ...] = (
    dim_date.STEP,
    dim_customer.STEP,
    dim_product.STEP,
    dim_campaign.STEP,
    fact_sales.STEP,
    dim_geography.STEP,
    fact_returns.STEP,
    mart_currencies.STEP,
    order_totals.STEP,
    daily_sales.STEP,
    product_days.STEP,
    customer_rfm.STEP,
    cohort_retention.STEP,
    product_performance.STEP,
    return_rates.STEP,
    campaign_roi.STEP,
    sales_decomposition.STEP,
    product_affinity.STEP,
)
