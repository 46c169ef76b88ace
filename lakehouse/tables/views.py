"""The views over the star: one SQL text each, run as it is by DuckDB and by Spark.

Amounts are of completed order lines and never of two currencies at once. Returns of lines that are not completed are
left out, for these lines are no revenue to begin with; returns whose line is not known count.
"""

from __future__ import annotations

from lakehouse.tables.fields import columns
from lakehouse.tables.gold import DIM_CUSTOMER, DIM_PRODUCT, FACT_RETURNS, FACT_SALES
from lakehouse.tables.model import View

_COUNTED_RETURNS = """
    SELECT r.*
    FROM gold.fact_returns AS r
    LEFT JOIN gold.fact_sales AS s
        ON s.source_system = r.source_system AND s.order_id = r.order_id AND s.line_number = r.line_number
    WHERE coalesce(s.order_status, 'completed') = 'completed'
"""
_SOLD = """
        count(DISTINCT s.order_id) AS orders,
        count(*) AS lines,
        sum(s.quantity) AS units,
        sum(s.gross_revenue) AS gross_revenue,
        sum(s.discount) AS discount,
        sum(s.net_revenue) AS net_revenue,
        sum(s.cost) AS cost,
        sum(s.margin) AS margin,
        sum(CASE WHEN s.cost IS NOT NULL THEN s.net_revenue ELSE 0 END) AS costed_revenue
"""
_RETURNED = """
        count(*) AS return_lines,
        sum(r.quantity) AS returned_units,
        sum(r.refund_amount) AS refund_amount,
        sum(CASE WHEN r.refund_amount IS NULL THEN 1 ELSE 0 END) AS unpriced_returns
"""


def _money(name: str, expression: str) -> str:
    return f"CAST({expression} AS DECIMAL(18,4)) AS {name}"


def _count(name: str, expression: str) -> str:
    return f"CAST(coalesce({expression}, 0) AS BIGINT) AS {name}"


_SALES_TOTALS = ",\n    ".join(
    (
        *(_count(name, f"sold.{name}") for name in ("orders", "lines", "units")),
        *(
            _money(name, f"coalesce(sold.{name}, 0)")
            for name in ("gross_revenue", "discount", "net_revenue", "costed_revenue")
        ),
        *(_money(name, f"sold.{name}") for name in ("cost", "margin")),
    )
)
# No return at all is a refund of 0; returns without one known amount are a refund that is not known.
_RETURN_TOTALS = ",\n    ".join(
    (
        *(_count(name, f"returned.{name}") for name in ("return_lines", "returned_units", "unpriced_returns")),
        _money("refund_amount", "CASE WHEN returned.return_lines IS NULL THEN 0 ELSE returned.refund_amount END"),
        _money("net_of_returns", "coalesce(sold.net_revenue, 0) - coalesce(returned.refund_amount, 0)"),
    )
)
_TOTALS = (
    " orders lines units gross_revenue discount net_revenue costed_revenue cost? margin?"
    " return_lines returned_units unpriced_returns refund_amount? net_of_returns"
)

SALES_OVERVIEW = View(
    "gold.vw_sales_overview",
    "one day of one source in one currency: what was ordered on it, and beside it what came back on it",
    f"""
WITH counted AS ({_COUNTED_RETURNS}),
sold AS (
    SELECT s.source_system, s.order_date AS full_date, s.currency, {_SOLD}
    FROM gold.fact_sales AS s
    WHERE s.order_status = 'completed'
    GROUP BY s.source_system, s.order_date, s.currency
),
returned AS (
    SELECT r.source_system, r.return_date AS full_date, r.currency, {_RETURNED}
    FROM counted AS r
    GROUP BY r.source_system, r.return_date, r.currency
)
SELECT
    coalesce(sold.source_system, returned.source_system) AS source_system,
    coalesce(sold.full_date, returned.full_date) AS full_date,
    coalesce(sold.currency, returned.currency) AS currency,
    {_SALES_TOTALS},
    {_RETURN_TOTALS}
FROM sold
FULL OUTER JOIN returned
    ON sold.source_system = returned.source_system
    AND sold.full_date = returned.full_date
    AND sold.currency = returned.currency
""",
    (FACT_SALES.name, FACT_RETURNS.name),
    columns("source_system full_date currency" + _TOTALS),
)

CUSTOMER_LIFETIME_VALUE = View(
    "gold.vw_customer_lifetime_value",
    "one customer in one currency, through all versions, who bought or returned something; guests are left out",
    f"""
WITH counted AS ({_COUNTED_RETURNS}),
sold AS (
    SELECT
        d.customer_durable_key, s.currency,
        min(s.order_date) AS first_ordered_on,
        max(s.order_date) AS last_ordered_on, {_SOLD}
    FROM gold.fact_sales AS s
    JOIN gold.dim_customer AS d ON d.customer_key = s.customer_key
    WHERE s.order_status = 'completed'
    GROUP BY d.customer_durable_key, s.currency
),
returned AS (
    SELECT d.customer_durable_key, r.currency, {_RETURNED}
    FROM counted AS r
    JOIN gold.dim_customer AS d ON d.customer_key = r.customer_key
    GROUP BY d.customer_durable_key, r.currency
),
dealings AS (
    SELECT
        coalesce(sold.customer_durable_key, returned.customer_durable_key) AS customer_durable_key,
        coalesce(sold.currency, returned.currency) AS currency,
        sold.first_ordered_on, sold.last_ordered_on,
        {_SALES_TOTALS},
        {_RETURN_TOTALS}
    FROM sold
    FULL OUTER JOIN returned
        ON sold.customer_durable_key = returned.customer_durable_key AND sold.currency = returned.currency
)
SELECT
    c.source_system, c.customer_id, c.customer_segment, c.acquisition_channel, c.country_code, c.country_name,
    dealings.*
FROM dealings
JOIN gold.dim_customer AS c ON c.customer_durable_key = dealings.customer_durable_key AND c.is_current
WHERE c.customer_id IS NOT NULL
""",
    (FACT_SALES.name, FACT_RETURNS.name, DIM_CUSTOMER.name),
    columns(
        "source_system customer_id customer_segment? acquisition_channel? country_code? country_name?"
        " customer_durable_key currency first_ordered_on? last_ordered_on?" + _TOTALS
    ),
)

PRODUCT_PERFORMANCE = View(
    "gold.vw_product_performance",
    "one product in one currency, through all versions, that was sold or came back; product_id NULL: unknown",
    f"""
WITH counted AS ({_COUNTED_RETURNS}),
sold AS (
    SELECT d.product_durable_key, s.currency, {_SOLD}
    FROM gold.fact_sales AS s
    JOIN gold.dim_product AS d ON d.product_key = s.product_key
    WHERE s.order_status = 'completed'
    GROUP BY d.product_durable_key, s.currency
),
returned AS (
    SELECT d.product_durable_key, r.currency, {_RETURNED}
    FROM counted AS r
    JOIN gold.dim_product AS d ON d.product_key = r.product_key
    GROUP BY d.product_durable_key, r.currency
),
dealings AS (
    SELECT
        coalesce(sold.product_durable_key, returned.product_durable_key) AS product_durable_key,
        coalesce(sold.currency, returned.currency) AS currency,
        {_SALES_TOTALS},
        {_RETURN_TOTALS}
    FROM sold
    FULL OUTER JOIN returned
        ON sold.product_durable_key = returned.product_durable_key AND sold.currency = returned.currency
)
SELECT
    p.source_system, p.product_id, p.product_name, p.category, p.subcategory, p.brand, p.is_merchandise,
    dealings.*,
    CAST(dealings.returned_units AS DOUBLE) / nullif(dealings.units, 0) AS return_rate
FROM dealings
JOIN gold.dim_product AS p ON p.product_durable_key = dealings.product_durable_key AND p.is_current
""",
    (FACT_SALES.name, FACT_RETURNS.name, DIM_PRODUCT.name),
    columns(
        "source_system product_id? product_name? category? subcategory? brand? is_merchandise"
        " product_durable_key currency" + _TOTALS + " return_rate?"
    ),
)

VIEWS = (SALES_OVERVIEW, CUSTOMER_LIFETIME_VALUE, PRODUCT_PERFORMANCE)
