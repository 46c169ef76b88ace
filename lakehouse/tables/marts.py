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
        " lines units gross_revenue discount net_revenue costed_revenue cost? margin?"
        " return_lines returned_units unpriced_returns refund_amount returned_cost? net_of_returns"
        " margin_net_of_returns?"
    ),
    partitioned_by=("order_month",),
    checks={"net_adds_up": "net_revenue = gross_revenue - discount"},
    change_feed=True,
)
TABLES = (MART_CURRENCIES, ORDER_TOTALS)
