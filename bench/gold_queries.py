"""The star and the marts on which engines are compared, in DuckDB's SQL, as one would write it for DuckDB alone.

Each has the rows and the figures of the table of that name in the lake; keys are hashes of DuckDB's own. Queries read
`silver` and the tables made before them.
"""

from __future__ import annotations

DIM_CUSTOMER = """
SELECT hash(source_system, customer_id, valid_from) AS customer_key, hash(source_system, customer_id) AS person,
    source_system, customer_id, email, first_name, last_name, company_name, phone, birth_date, gender,
    customer_segment, acquisition_channel, signed_up_on, address, postal_code, city, region, country_code,
    country_name, valid_from, valid_to, is_current
FROM silver.customers
"""

DIM_PRODUCT = """
SELECT hash(source_system, product_id, valid_from) AS product_key, hash(source_system, product_id) AS product,
    source_system, product_id, product_name, category, subcategory, brand, unit_cost, list_price, currency,
    is_merchandise, valid_from, valid_to, is_current
FROM silver.products
"""

# The generated shop sells in the reporting currency alone, and sends no rates.
RATE = "CASE WHEN {row}.currency = '{reporting}' THEN 1 END::DECIMAL(18,8) AS reporting_rate"

FACT_SALES = f"""
SELECT l.source_system, l.order_id, l.line_number, c.customer_key, p.product_key,
    strftime(l.order_date, '%Y%m%d')::INT AS date_key,
    coalesce(l.ship_country_name, c.country_name) AS country_name,
    hash(l.ship_country_code, l.ship_country_name, l.ship_region, l.ship_city) AS geography_key,
    hash(l.source_system, l.campaign_id) AS campaign_key, l.ordered_at, l.order_date, l.order_month, l.order_status,
    l.payment_method, l.sales_channel, l.quantity, l.unit_price, l.discount, l.gross_revenue, l.net_revenue,
    CASE WHEN p.currency = l.currency THEN (l.quantity * p.unit_cost)::DECIMAL(18,4) END AS cost,
    (l.net_revenue - (CASE WHEN p.currency = l.currency THEN l.quantity * p.unit_cost END))::DECIMAL(18,4) AS margin,
    l.currency, {RATE.format(row="l", reporting="{reporting}")}, l.promised_at, l.delivered_at
FROM silver.order_lines AS l
LEFT JOIN dim_customer AS c ON c.source_system = l.source_system AND c.customer_id = l.customer_id
    AND l.ordered_at >= c.valid_from AND l.ordered_at < c.valid_to
LEFT JOIN dim_product AS p ON p.source_system = l.source_system AND p.product_id = l.product_id
    AND l.ordered_at >= p.valid_from AND l.ordered_at < p.valid_to
"""

FACT_RETURNS = f"""
WITH alone AS (
    SELECT source_system, order_id, product_id, first(line_number) AS line_number FROM silver.order_lines
    WHERE order_id IN (SELECT order_id FROM silver.returns)
    GROUP BY ALL HAVING count(*) = 1
),
named AS (
    SELECT e.* REPLACE (coalesce(n.line_number, a.line_number) AS line_number)
    FROM silver.returns AS e
    LEFT JOIN silver.order_lines AS n USING (source_system, order_id, line_number)
    LEFT JOIN alone AS a ON a.source_system = e.source_system AND a.order_id = e.order_id
        AND a.product_id = e.product_id
),
matched AS (
    SELECT n.source_system, n.return_id, CASE WHEN s.order_id IS NOT NULL THEN n.order_id END AS order_id,
        n.line_number, n.order_id AS stated_order_id, s.order_id IS NOT NULL AS is_matched, s.order_date,
        s.order_status, coalesce(n.customer_id, s.customer_id) AS customer_id,
        coalesce(n.product_id, s.product_id) AS product_id, coalesce(s.ordered_at, n.returned_at) AS bound_at,
        n.returned_at, n.return_date, n.return_month, n.quantity, n.refund_amount, n.currency, n.reason
    FROM named AS n LEFT JOIN silver.order_lines AS s USING (source_system, order_id, line_number)
)
SELECT m.* EXCLUDE (customer_id, product_id, bound_at), c.customer_key, p.product_key,
    strftime(m.return_date, '%Y%m%d')::INT AS date_key, {RATE.format(row="m", reporting="{reporting}")}
FROM matched AS m
LEFT JOIN dim_customer AS c ON c.source_system = m.source_system AND c.customer_id = m.customer_id
    AND m.bound_at >= c.valid_from AND m.bound_at < c.valid_to
LEFT JOIN dim_product AS p ON p.source_system = m.source_system AND p.product_id = m.product_id
    AND m.bound_at >= p.valid_from AND m.bound_at < p.valid_to
"""

# Amounts in the reporting currency, which every line of the generated shop can be converted to.
COMPLETED = """
completed AS (
    SELECT * REPLACE (
        CAST(gross_revenue * reporting_rate AS DECIMAL(18,4)) AS gross_revenue,
        CAST(discount * reporting_rate AS DECIMAL(18,4)) AS discount,
        CAST(cost * reporting_rate AS DECIMAL(18,4)) AS cost
    ) FROM fact_sales WHERE order_status = 'completed'
),
sold AS (
    SELECT *, gross_revenue - discount AS net, gross_revenue - discount - cost AS gain,
        CASE WHEN cost IS NOT NULL THEN gross_revenue - discount ELSE 0 END AS costed
    FROM completed
),
back AS (
    SELECT * REPLACE (CAST(refund_amount * reporting_rate AS DECIMAL(18,4)) AS refund_amount)
    FROM fact_returns WHERE coalesce(order_status, 'completed') = 'completed'
)
"""
SUMS = """
sum(quantity) AS units, sum(gross_revenue) AS gross_revenue, sum(discount) AS discount, sum(net) AS net_revenue,
sum(costed) AS costed_revenue, sum(cost) AS cost, sum(gain) AS margin
"""

ORDER_TOTALS = f"""
WITH {COMPLETED},
of_line AS (
    SELECT source_system, order_id, line_number, count(*) AS return_lines, sum(quantity) AS returned_units,
        count(*) FILTER (refund_amount IS NULL) AS unpriced_returns, sum(refund_amount) AS refund_amount
    FROM back WHERE is_matched GROUP BY ALL
),
orders AS (
    SELECT s.source_system, s.order_id, s.order_date, s.order_month, min_by(s.customer_key, s.line_number) AS buyer,
        min_by(s.product_key, s.line_number) AS first_product_key, min(s.ordered_at) AS ordered_at,
        count(*) AS lines, {SUMS}, coalesce(sum(b.return_lines), 0) AS return_lines,
        coalesce(sum(b.returned_units), 0) AS returned_units, coalesce(sum(b.refund_amount), 0) AS refund_amount,
        coalesce(sum(b.unpriced_returns), 0) AS unpriced_returns,
        sum(CAST(cost * coalesce(b.returned_units, 0) / quantity AS DECIMAL(18,4))) AS returned_cost
    FROM sold AS s LEFT JOIN of_line AS b USING (source_system, order_id, line_number)
    GROUP BY s.source_system, s.order_id, s.order_date, s.order_month
)
SELECT o.* EXCLUDE (buyer), c.person, c.customer_id, net_revenue - refund_amount AS net_of_returns,
    margin - refund_amount + returned_cost AS margin_net_of_returns
FROM orders AS o LEFT JOIN dim_customer AS c ON c.customer_key = o.buyer
"""

DAILY_SALES = f"""
WITH {COMPLETED},
lines AS (
    SELECT s.*, coalesce(p.category, 'unknown') AS category, coalesce(c.customer_segment, 'unknown') AS segment
    FROM sold AS s
    LEFT JOIN dim_customer AS c USING (customer_key) LEFT JOIN dim_product AS p USING (product_key)
),
by_order AS (
    SELECT source_system, order_id, order_date AS full_date, category, coalesce(country_name, 'unknown') AS country,
        coalesce(sales_channel, 'unknown') AS channel, segment, coalesce(payment_method, 'unknown') AS payment,
        min(line_number) AS first_line, count(*) AS lines, {SUMS}
    FROM lines GROUP BY ALL
),
cells AS (
    SELECT * EXCLUDE (order_id, first_line), 1 AS orders,
        (first_line = min(first_line) OVER (PARTITION BY source_system, order_id))::INT AS leading_orders
    FROM by_order
),
came AS (
    SELECT b.source_system, b.return_date AS full_date, coalesce(p.category, 'unknown') AS category,
        coalesce(CASE WHEN s.order_id IS NULL THEN c.country_name ELSE s.country_name END, 'unknown') AS country,
        coalesce(s.sales_channel, 'unknown') AS channel, coalesce(c.customer_segment, 'unknown') AS segment,
        coalesce(s.payment_method, 'unknown') AS payment, count(*) AS return_lines,
        count(*) FILTER (b.refund_amount IS NULL) AS unpriced_returns, sum(b.quantity) AS returned_units,
        sum(b.refund_amount) AS refund_amount
    FROM back AS b LEFT JOIN fact_sales AS s USING (source_system, order_id, line_number)
    LEFT JOIN dim_customer AS c ON c.customer_key = b.customer_key
    LEFT JOIN dim_product AS p ON p.product_key = b.product_key
    GROUP BY ALL
)
SELECT source_system, full_date, category, country, channel, segment, payment,
    sum(orders) AS orders, sum(leading_orders) AS leading_orders, sum(lines) AS lines, sum(units) AS units,
    sum(gross_revenue) AS gross_revenue, sum(discount) AS discount, coalesce(sum(net_revenue), 0) AS net_revenue,
    sum(costed_revenue) AS costed_revenue, sum(cost) AS cost, sum(margin) AS margin,
    sum(return_lines) AS return_lines, sum(unpriced_returns) AS unpriced_returns,
    sum(returned_units) AS returned_units, coalesce(sum(refund_amount), 0) AS refund_amount
FROM (FROM cells UNION ALL BY NAME FROM came) GROUP BY ALL
"""

PRODUCT_DAYS = f"""
WITH {COMPLETED},
by_order AS (
    SELECT product_key, order_date AS full_date, order_id, count(*) AS lines, 1 AS orders, {SUMS}
    FROM sold GROUP BY ALL
),
came AS (
    SELECT product_key, return_date AS full_date, count(*) AS return_lines, sum(quantity) AS returned_units,
        count(*) FILTER (refund_amount IS NULL) AS unpriced_returns, sum(refund_amount) AS refund_amount
    FROM back GROUP BY ALL
)
SELECT p.source_system, p.product, full_date, sum(orders) AS orders, sum(lines) AS lines, sum(units) AS units,
    sum(gross_revenue) AS gross_revenue, sum(discount) AS discount, coalesce(sum(net_revenue), 0) AS net_revenue,
    sum(costed_revenue) AS costed_revenue, sum(cost) AS cost, sum(margin) AS margin,
    sum(return_lines) AS return_lines, sum(unpriced_returns) AS unpriced_returns,
    sum(returned_units) AS returned_units, coalesce(sum(refund_amount), 0) AS refund_amount
FROM (SELECT * EXCLUDE (order_id) FROM by_order UNION ALL BY NAME FROM came)
JOIN dim_product AS p USING (product_key) GROUP BY ALL
"""

CUSTOMER_RFM = f"""
WITH {COMPLETED},
bought AS (
    SELECT source_system, person, customer_id, date_diff('day', max(order_date), DATE '{{as_of}}') AS recency_days,
        count(DISTINCT order_id) AS frequency, sum(net_revenue) AS net_revenue, min(order_date) AS first_ordered_on,
        max(order_date) AS last_ordered_on
    FROM order_totals WHERE customer_id IS NOT NULL AND order_date < DATE '{{as_of}}' GROUP BY ALL
),
given AS (
    SELECT c.person, sum(b.refund_amount) AS refund_amount
    FROM back AS b JOIN dim_customer AS c USING (customer_key)
    WHERE b.return_date < DATE '{{as_of}}' GROUP BY ALL
),
ranked AS (
    SELECT *, net_revenue - coalesce(refund_amount, 0) AS monetary,
        rank() OVER (PARTITION BY source_system ORDER BY recency_days DESC) - 1 AS r,
        rank() OVER (PARTITION BY source_system ORDER BY frequency) - 1 AS f,
        rank() OVER (PARTITION BY source_system ORDER BY net_revenue - coalesce(refund_amount, 0)) - 1 AS m,
        greatest(count(*) OVER (PARTITION BY source_system) - 1, 1) AS others
    FROM bought LEFT JOIN given USING (person)
)
SELECT * EXCLUDE (r, f, m, others), least(5, 1 + 5 * r // others) AS r_score,
    least(5, 1 + 5 * f // others) AS f_score, least(5, 1 + 5 * m // others) AS m_score
FROM ranked
"""

COHORT_RETENTION = """
WITH months AS (
    SELECT source_system, person, order_month, count(DISTINCT order_id) AS orders, sum(net_revenue) AS net_revenue,
        sum(margin) AS margin
    FROM order_totals WHERE customer_id IS NOT NULL AND order_date < DATE '{as_of}' GROUP BY ALL
),
born AS (SELECT *, min(order_month) OVER (PARTITION BY source_system, person) AS cohort_month FROM months),
cells AS (
    SELECT source_system, cohort_month, order_month, count(*) AS customers, sum(orders) AS orders,
        sum(net_revenue) AS net_revenue, sum(margin) AS margin
    FROM born GROUP BY ALL
)
SELECT *, customers / first(customers) OVER cohort AS retention, sum(net_revenue) OVER cohort AS cumulative_revenue,
    sum(margin) OVER cohort AS cumulative_margin
FROM cells
WINDOW cohort AS (PARTITION BY source_system, cohort_month ORDER BY order_month)
"""

QUERIES = {
    "dim_customer": DIM_CUSTOMER,
    "dim_product": DIM_PRODUCT,
    "fact_sales": FACT_SALES,
    "fact_returns": FACT_RETURNS,
    "order_totals": ORDER_TOTALS,
    "daily_sales": DAILY_SALES,
    "product_days": PRODUCT_DAYS,
    "customer_rfm": CUSTOMER_RFM,
    "cohort_retention": COHORT_RETENTION,
}
"""In an order in which each finds what it reads."""
