"""Gold: the marts of sales: orders, days, countries, payments, and daily series taken apart.

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
SOLD = " lines units gross_revenue discount net_revenue costed_revenue cost? margin?"
RETURNED = " return_lines returned_units unpriced_returns refund_amount net_of_returns"
_MONTH = "source_system month_start currency"
DAILY_SALES = Table(
    "gold.daily_sales",
    "one day in one currency, by category, country, channel, segment and payment method; unknown where not known",
    tuple(_CELL.split()),
    columns(f"{_CELL} month_start orders leading_orders{SOLD}{RETURNED}"),
    partitioned_by=("month_start",),
    checks={"net_adds_up": "net_revenue = gross_revenue - discount"},
    change_feed=True,
)
GEOGRAPHY_SALES = Table(
    "gold.geography_sales",
    "one country in one month, in one currency",
    (*_MONTH.split(), "country_name"),
    columns(f"{_MONTH} country_name country_code? customers orders order_share? revenue_share?{SOLD}{RETURNED}"),
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
_SERIES = "source_system currency series series_value measure"
SALES_DECOMPOSITION = Table(
    "gold.sales_decomposition",
    "one day of one series that can be taken apart",
    (*_SERIES.split(), "full_date"),
    columns(f"{_SERIES} full_date value trend weekly yearly? remainder is_anomaly is_change_point"),
)
SALES_SERIES = Table(
    "gold.sales_series",
    "one daily series: whether it can be taken apart, and what came of it",
    tuple(_SERIES.split()),
    columns(
        f"{_SERIES} first_day last_day days series_outcome method? trend_strength? weekly_strength? yearly_strength?"
        " growth? year_on_year? anomalies? change_points?"
    ),
)
TABLES = (MART_CURRENCIES, ORDER_TOTALS, DAILY_SALES, GEOGRAPHY_SALES, PAYMENT_MIX, SALES_DECOMPOSITION, SALES_SERIES)
