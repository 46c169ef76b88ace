"""The marts once more, in DuckDB's SQL over the published star: other formulas, another engine, no shared code."""

from __future__ import annotations

LINES = """
lines AS (
    SELECT s.*, c.customer_id, c.customer_segment, c.customer_durable_key, p.category, g.country_name,
        p.product_durable_key,
        CASE WHEN m.is_converted THEN m.reporting_currency ELSE s.currency END AS money,
        CASE WHEN m.is_converted THEN s.reporting_rate ELSE 1 END AS rate
    FROM gold.fact_sales AS s
    JOIN gold.mart_currencies AS m USING (source_system)
    JOIN gold.dim_customer AS c ON c.customer_key = s.customer_key
    JOIN gold.dim_product AS p ON p.product_key = s.product_key
    JOIN gold.dim_geography AS g ON g.geography_key = s.geography_key
    WHERE s.order_status = 'completed'
),
priced AS (
    SELECT *, CAST(gross_revenue * rate AS DECIMAL(18,4)) AS gross, CAST(discount * rate AS DECIMAL(18,4)) AS off,
        CAST(cost * rate AS DECIMAL(18,4)) AS paid
    FROM lines
),
refunds AS (
    SELECT r.*, c.customer_durable_key, c.customer_id, c.country_name AS home, c.customer_segment, p.category,
        CASE WHEN m.is_converted THEN m.reporting_currency ELSE r.currency END AS money,
        CAST(r.refund_amount * CASE WHEN m.is_converted THEN r.reporting_rate ELSE 1 END AS DECIMAL(18,4)) AS refund
    FROM gold.fact_returns AS r
    JOIN gold.mart_currencies AS m USING (source_system)
    JOIN gold.dim_customer AS c ON c.customer_key = r.customer_key
    JOIN gold.dim_product AS p ON p.product_key = r.product_key
    WHERE NOT EXISTS (
        SELECT 1 FROM gold.fact_sales AS s
        WHERE s.source_system = r.source_system AND s.order_id = r.order_id AND s.line_number = r.line_number
            AND s.order_status <> 'completed'
    )
)
"""

DAILY = f"""
WITH {LINES},
sold AS (
    SELECT source_system, order_date AS full_date, money AS currency, coalesce(category, 'unknown') AS category,
        coalesce(country_name, 'unknown') AS country_name, coalesce(sales_channel, 'unknown') AS sales_channel,
        coalesce(customer_segment, 'unknown') AS customer_segment,
        coalesce(payment_method, 'unknown') AS payment_method,
        count(DISTINCT order_id) AS orders, count(*) AS lines, sum(quantity) AS units, sum(gross) AS gross_revenue,
        sum(off) AS discount, sum(gross - off) AS net_revenue, sum(paid) AS cost,
        sum(gross - off - paid) AS margin, 0 AS returned_units, 0 AS refund_amount
    FROM priced GROUP BY ALL
),
back AS (
    SELECT r.source_system, r.return_date, r.money, coalesce(r.category, 'unknown') AS category,
        coalesce(CASE WHEN s.order_id IS NULL THEN r.home ELSE g.country_name END, 'unknown') AS country_name,
        coalesce(s.sales_channel, 'unknown') AS sales_channel,
        coalesce(r.customer_segment, 'unknown') AS customer_segment,
        coalesce(s.payment_method, 'unknown') AS payment_method,
        0 AS orders, 0 AS lines, 0 AS units, 0, 0, 0, NULL, NULL, sum(r.quantity), coalesce(sum(refund), 0)
    FROM refunds AS r
    LEFT JOIN gold.fact_sales AS s USING (source_system, order_id, line_number)
    LEFT JOIN gold.dim_geography AS g ON g.geography_key = s.geography_key
    GROUP BY ALL
)
SELECT source_system, full_date, currency, category, country_name, sales_channel, customer_segment, payment_method,
    sum(orders) AS orders, sum(lines) AS lines, sum(units) AS units, sum(gross_revenue) AS gross_revenue,
    sum(discount) AS discount, sum(net_revenue) AS net_revenue, sum(cost) AS cost, sum(margin) AS margin,
    sum(returned_units) AS returned_units, sum(refund_amount) AS refund_amount
FROM (FROM sold UNION ALL FROM back) GROUP BY ALL
"""

# A defect may give one line of an order another customer: the order is then that of its first line.
ORDERS = f"""
{LINES},
orders AS (
    SELECT source_system, order_id, order_date, order_month, money AS currency,
        first(customer_id ORDER BY line_number) AS customer_id, sum(gross - off) AS revenue
    FROM priced GROUP BY ALL
)
"""

# Rank over all customers at once, which is what the mart avoids.
RFM = f"""
WITH {ORDERS},
bought AS (
    SELECT source_system, customer_id, currency, date_diff('day', max(order_date), DATE '{{as_of}}') AS recency,
        count(DISTINCT order_id) AS frequency, sum(revenue) AS revenue
    FROM orders WHERE customer_id IS NOT NULL AND order_date < DATE '{{as_of}}' GROUP BY ALL
),
given AS (
    SELECT source_system, customer_id, money AS currency, sum(refund) AS refund
    FROM refunds WHERE return_date < DATE '{{as_of}}' GROUP BY ALL
),
valued AS (
    SELECT bought.*, revenue - coalesce(refund, 0) AS monetary
    FROM bought LEFT JOIN given USING (source_system, customer_id, currency)
),
ranked AS (
    SELECT *, rank() OVER (PARTITION BY source_system, currency ORDER BY recency DESC) AS r,
        rank() OVER (PARTITION BY source_system, currency ORDER BY frequency) AS f,
        rank() OVER (PARTITION BY source_system, currency ORDER BY monetary) AS m,
        count(*) OVER (PARTITION BY source_system, currency) AS n
    FROM valued
)
SELECT source_system, customer_id, currency, recency AS recency_days, frequency, monetary,
    least(5, 1 + (5 * (r - 1)) // greatest(n - 1, 1)) AS r_score,
    least(5, 1 + (5 * (f - 1)) // greatest(n - 1, 1)) AS f_score,
    least(5, 1 + (5 * (m - 1)) // greatest(n - 1, 1)) AS m_score
FROM ranked
"""

COHORTS = f"""
WITH {ORDERS},
bought AS (SELECT * FROM orders WHERE customer_id IS NOT NULL AND order_date < DATE '{{as_of}}'),
firsts AS (
    SELECT source_system, currency, customer_id, min(order_month) AS cohort_month FROM bought GROUP BY ALL
),
sizes AS (SELECT source_system, currency, cohort_month, count(*) AS cohort_size FROM firsts GROUP BY ALL)
SELECT source_system, currency, cohort_month, date_diff('month', cohort_month, order_month) AS month_number,
    cohort_size, count(DISTINCT customer_id) AS customers, count(DISTINCT order_id) AS orders,
    sum(revenue) AS net_revenue, count(DISTINCT customer_id) / cohort_size AS retention
FROM bought JOIN firsts USING (source_system, currency, customer_id)
JOIN sizes USING (source_system, currency, cohort_month)
GROUP BY source_system, currency, cohort_month, order_month, cohort_size
"""

CHECKS = {
    "gold.daily_sales": (DAILY, "true"),
    "gold.customer_rfm": (RFM, "true"),
    "gold.cohort_retention": (COHORTS, "customers > 0"),
}
"""Mart -> the query that gives its rows once more, and the rows of the mart that it gives."""


def differences(mart: str, as_of: str) -> str:
    """A query for the rows that only one of the two has."""
    text, condition = CHECKS[mart]
    expected = text.format(as_of=as_of)
    return f"""
        WITH expected AS ({expected}),
        built AS (SELECT * FROM {mart} WHERE {condition}),
        there AS (FROM expected INTERSECT ALL SELECT {{names}} FROM built)
        SELECT (SELECT count(*) FROM expected), (SELECT count(*) FROM built), (SELECT count(*) FROM there)
    """
