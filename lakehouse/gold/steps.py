"""The steps of gold, in the order in which tables need each other."""

from __future__ import annotations

from lakehouse.gold.campaigns import campaign_roi
from lakehouse.gold.customers import cohort_retention, customer_rfm
from lakehouse.gold.products import product_affinity, product_days, product_performance, return_rates
from lakehouse.gold.sales import daily_sales, mart_currencies, order_totals, payment_mix, sales_decomposition
from lakehouse.gold.star import (
    dim_campaign,
    dim_customer,
    dim_date,
    dim_geography,
    dim_product,
    fact_order_charges,
    fact_returns,
    fact_sales,
)
from lakehouse.step import Step

# The places are those that sales use, so they come after them.
STEPS: tuple[Step, ...] = (
    dim_date.STEP,
    dim_customer.STEP,
    dim_product.STEP,
    dim_campaign.STEP,
    fact_sales.STEP,
    dim_geography.STEP,
    fact_returns.STEP,
    fact_order_charges.STEP,
    mart_currencies.STEP,
    order_totals.STEP,
    daily_sales.STEP,
    payment_mix.STEP,
    product_days.STEP,
    customer_rfm.STEP,
    cohort_retention.STEP,
    product_performance.STEP,
    return_rates.STEP,
    campaign_roi.STEP,
    sales_decomposition.STEP,
    product_affinity.STEP,
)
