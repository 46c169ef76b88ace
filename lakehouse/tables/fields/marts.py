"""Columns that only marts have: figures worked out of the star."""

from __future__ import annotations

from lakehouse.tables.model import Field
from lakehouse.tables.types import COUNT, CURRENCY_UNIT, KEY, MONEY, TEXT

_CURRENCY = (
    Field(
        "is_converted",
        "BOOLEAN",
        "True where the marts of the source are in the reporting currency: a rate is known for each of its amounts",
    ),
)
_ORDERS = (
    Field("first_product_key", KEY, "product_key of the first completed line of the order"),
    Field(
        "returned_cost",
        MONEY,
        "Cost of the units that came back, in proportion to those sold; NULL where the cost is unknown",
        CURRENCY_UNIT,
    ),
    Field(
        "margin_net_of_returns",
        MONEY,
        "margin - refund_amount + returned_cost: what comes back can be sold again; NULL where the cost is unknown",
        CURRENCY_UNIT,
    ),
)
_CELLS = (
    Field(
        "leading_orders",
        COUNT,
        "Orders whose first completed line is in the cell: these add up to the number of orders, `orders` do not",
        "orders",
    ),
    Field("customers", COUNT, "Distinct customers with a completed order, without guests", "customers"),
    Field("order_share", "DOUBLE", "Share of the source's orders of the period; NULL where there is none", "share"),
    Field("revenue_share", "DOUBLE", "Share of the source's net revenue of the period; NULL where it is 0", "share"),
)
_SCORE = "score, 5 is best"
_CUSTOMERS = (
    Field("recency_days", "INT", "Whole days from the last completed order to as_of", "days"),
    Field("frequency", COUNT, "Distinct completed orders of the customer before as_of", "orders"),
    Field("monetary", MONEY, "Net revenue of these orders, less all counted returns of the customer", CURRENCY_UNIT),
    Field("r_score", "INT", "Score of recency among the customers of the source, 1 to 5; equals score alike", _SCORE),
    Field("f_score", "INT", "Score of frequency, likewise", _SCORE),
    Field("m_score", "INT", "Score of monetary value, likewise", _SCORE),
    Field("segment", TEXT, "Segment of the customer by the rules of conf/analytics.toml"),
    Field("r_bins", COUNT, "How many different scores of recency occur: fewer than 5 where many are equal", "scores"),
    Field("f_bins", COUNT, "How many different scores of frequency occur", "scores"),
    Field("m_bins", COUNT, "How many different scores of monetary value occur", "scores"),
    Field("mean_recency_days", "DOUBLE", "Mean of recency_days", "days"),
    Field("mean_frequency", "DOUBLE", "Mean of frequency", "orders"),
    Field("customer_share", "DOUBLE", "Share of the source's customers", "share"),
    Field("customer_percent", "INT", "So many percent of the customers, those with the most net revenue first", "%"),
    Field("gini", "DOUBLE", "Gini coefficient of net revenue among customers: 0 all alike, 1 one has it all", "share"),
)
_COHORTS = (
    Field("cohort_month", "DATE", "First day of the month of the customer's first completed order ever"),
    Field("month_number", "INT", "Months since the cohort's month, which is 0", "months"),
    Field("cohort_size", COUNT, "Customers of the cohort: the fixed denominator", "customers"),
    Field("retention", "DOUBLE", "customers / cohort_size; NULL where the month lies beyond what is known", "share"),
    Field("cumulative_revenue", MONEY, "Net revenue of the cohort up to and with the month", CURRENCY_UNIT),
    Field(
        "cumulative_margin",
        MONEY,
        "Margin of the cohort up to and with the month, as far as costs are known; NULL before any is",
        CURRENCY_UNIT,
    ),
    Field("revenue_per_customer", MONEY, "cumulative_revenue / cohort_size", CURRENCY_UNIT),
    Field("margin_per_customer", MONEY, "cumulative_margin / cohort_size", CURRENCY_UNIT),
    Field("is_partial", "BOOLEAN", "True where the month was not over at the last day that is known"),
    Field("dimension", TEXT, "What the row breaks down by"),
    Field("dimension_value", TEXT, "The value of that dimension; unknown where not known"),
)
_PRODUCTS = (
    Field("margin_rate", "DOUBLE", "margin / costed_revenue; NULL where no cost is known", "share of revenue"),
    Field("revenue_rank", "INT", "Place by net revenue among the merchandise of the source, 1 is best; equals alike"),
    Field("abc_class", TEXT, "A, B or C by cumulative net revenue; NULL for what is no merchandise"),
    Field("first_sold_on", "DATE", "Day of the first completed line"),
    Field("last_sold_on", "DATE", "Day of the last completed line before as_of"),
    Field("days_since_last_sale", "INT", "Whole days from the last completed line to as_of", "days"),
    Field("recent_revenue", MONEY, "Net revenue of the last trend_days (conf) days before as_of", CURRENCY_UNIT),
    Field("previous_revenue", MONEY, "Net revenue of as many days before these", CURRENCY_UNIT),
    Field("revenue_trend", "DOUBLE", "recent_revenue / previous_revenue - 1; NULL where that is 0", "share"),
    Field("returned_lines", COUNT, "matched_returns + unmatched_returns", "lines"),
    Field("matched_returns", COUNT, "Sold lines of which something came back, each once", "lines"),
    Field("unmatched_returns", COUNT, "Counted returns whose sold line is not known", "lines"),
    Field("line_return_rate", "DOUBLE", "returned_lines / lines; NULL where there are more of them", "share of lines"),
    Field("rate_low", "DOUBLE", "Lower bound of line_return_rate by Wilson's interval", "share of lines"),
    Field("rate_high", "DOUBLE", "Upper bound of line_return_rate by Wilson's interval", "share of lines"),
)
MARTS = (*_CURRENCY, *_ORDERS, *_CELLS, *_CUSTOMERS, *_COHORTS, *_PRODUCTS)
