"""What the business expects of every row of a table, by hand, as data. Declared constraints come on top of these."""

from __future__ import annotations

from collections.abc import Mapping

from lakehouse.tables.gold import DIM_CUSTOMER, DIM_DATE, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.gold.customers import COHORT_BREAKDOWN, COHORT_RETENTION
from lakehouse.tables.gold.products import PRODUCT_DAYS
from lakehouse.tables.gold.sales import DAILY_SALES, ORDER_TOTALS
from lakehouse.tables.silver import CUSTOMERS, FX_RATES, ORDER_LINES, PRODUCTS, QUARANTINE, RETURNS

_COHORTS = {
    "all_of_a_cohort_in_its_first_month": "month_number > 0 OR (retention IS NOT NULL AND retention = 1)",
    "nothing_known_beyond_the_last_month": "(customers IS NULL) = (retention IS NULL)",
}
_MARGIN = {"margin_adds_up": "margin IS NULL OR margin = costed_revenue - cost"}
ROWS: Mapping[str, Mapping[str, str]] = {
    ORDER_LINES.name: {
        "month_of_its_day": "order_month = date_trunc('month', order_date)",
        "gross_is_quantity_times_price": "gross_amount IS NOT NULL OR net_amount IS NOT NULL"
        " OR gross_revenue = quantity * unit_price",
        "gross_is_as_stated": "gross_amount IS NULL OR gross_revenue = gross_amount",
        "currency_is_a_code": "regexp_like(currency, '^[A-Z]{3}$')",
    },
    RETURNS.name: {
        "month_of_its_day": "return_month = date_trunc('month', return_date)",
        "currency_is_a_code": "regexp_like(currency, '^[A-Z]{3}$')",
    },
    CUSTOMERS.name: {"country_is_a_code": "country_code IS NULL OR regexp_like(country_code, '^[A-Z]{2}$')"},
    PRODUCTS.name: {"list_price_not_negative": "list_price IS NULL OR list_price >= 0"},
    FX_RATES.name: {"currency_is_a_code": "regexp_like(currency, '^[A-Z]{3}$')"},
    QUARANTINE.name: {"reasons_are_named": "NOT array_contains(reasons, '')"},
    FACT_SALES.name: {
        "price_not_negative": "unit_price >= 0",
        "gross_not_negative": "gross_revenue >= 0",
        "margin_adds_up": "margin IS NULL OR margin = net_revenue - cost",
        "rate_positive": "reporting_rate IS NULL OR reporting_rate > 0",
        "date_key_of_its_day": "date_key = year(order_date) * 10000 + month(order_date) * 100 + day(order_date)",
    },
    FACT_RETURNS.name: {
        "matched_names_a_line": "is_matched = (order_id IS NOT NULL AND line_number IS NOT NULL)",
        "rate_positive": "reporting_rate IS NULL OR reporting_rate > 0",
        "date_key_of_its_day": "date_key = year(return_date) * 10000 + month(return_date) * 100 + day(return_date)",
    },
    DIM_CUSTOMER.name: {"country_is_a_code": "country_code IS NULL OR regexp_like(country_code, '^[A-Z]{2}$')"},
    DIM_PRODUCT.name: {"unit_cost_not_negative": "unit_cost IS NULL OR unit_cost >= 0"},
    ORDER_TOTALS.name: _MARGIN,
    PRODUCT_DAYS.name: _MARGIN,
    DAILY_SALES.name: _MARGIN
    | {
        "leads_among_its_orders": "leading_orders <= orders AND orders <= lines",
        "month_of_its_day": "month_start = date_trunc('month', full_date)",
    },
    COHORT_RETENTION.name: _COHORTS,
    COHORT_BREAKDOWN.name: _COHORTS,
    DIM_DATE.name: {
        "key_is_the_day": "date_key = year(full_date) * 10000 + month(full_date) * 100 + day(full_date)",
        "week_holds_the_day": "full_date BETWEEN week_start AND week_start + INTERVAL '6' DAY",
    },
}
"""Table -> name of the expectation -> condition that every row fulfils; NULL does not. Read by DuckDB and by Spark."""
