"""The figures that a shop is calibrated to, worked out by DuckDB from the truth or from a published lake.

Value is gross: quantity x unit price. Buyers, cohorts and scores count completed orders. A score 1 to 5 is
min(5, 1 + floor(5 (min rank - 1) / (n - 1))).
"""

from __future__ import annotations

FIGURES_SQL = """
WITH completed AS (SELECT * FROM lines WHERE order_status = 'completed'),
spans AS (SELECT min(order_date) AS first_day, max(order_date) AS last_day FROM lines),
orders AS (
    SELECT order_id, any_value(customer_id) AS customer_id, any_value(order_date) AS order_date,
        any_value(ordered_at) AS ordered_at, sum(gross) AS gross
    FROM completed GROUP BY order_id
),
buyers AS (
    SELECT customer_id, max(ordered_at) AS last_order, count(*) AS orders, sum(gross) AS gross,
        date_trunc('month', min(order_date)) AS cohort
    FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id
),
ranks AS (
    SELECT *, count(*) OVER () AS n,
        rank() OVER (ORDER BY last_order::DATE) AS r, rank() OVER (ORDER BY orders) AS f, rank() OVER (ORDER BY gross) AS m
    FROM buyers
),
scores AS (
    SELECT gross, least(5, 1 + floor(5 * (r - 1) / greatest(n - 1, 1))) >= 4
        AND least(5, 1 + floor(5 * (f - 1) / greatest(n - 1, 1))) >= 4
        AND least(5, 1 + floor(5 * (m - 1) / greatest(n - 1, 1))) >= 4 AS is_champion
    FROM ranks
),
sizes AS (SELECT cohort, count(*) AS size FROM buyers GROUP BY cohort),
returning_buyers AS (
    SELECT cohort, date_diff('month', cohort, date_trunc('month', order_date)) AS month, count(DISTINCT customer_id) AS n
    FROM orders JOIN buyers USING (customer_id) GROUP BY ALL
),
retention AS (
    SELECT month, avg(coalesce(n, 0) / size) AS share
    FROM (SELECT cohort, size, unnest([1, 6]) AS month FROM sizes) AS cells
    LEFT JOIN returning_buyers USING (cohort, month)
    WHERE cohort + INTERVAL 7 MONTH <= (SELECT last_day + 1 FROM spans)
    GROUP BY month
),
naive AS (
    SELECT sum(gross) AS gross FROM orders AS o WHERE EXISTS (
        SELECT 1 FROM touches AS t
        WHERE t.customer_id = o.customer_id AND NOT t.is_holdout
            AND o.ordered_at >= t.touched_at AND o.ordered_at < t.touched_at + INTERVAL 30 DAY
    )
)
SELECT
    (SELECT count(*) FROM lines) AS lines,
    (SELECT sum(gross) FROM lines) AS gross_all,
    (SELECT sum(gross) FROM completed) AS gross_completed,
    (SELECT count(*) FROM completed) / (SELECT count(*) FROM lines) AS completed_share,
    (SELECT count(*) FROM buyers) AS buyers,
    (SELECT avg(gross) FROM completed) AS line_value,
    (SELECT count(*) FROM returns) AS returns,
    (SELECT strftime(first_day, '%Y-%m') || ' to ' || strftime(last_day, '%Y-%m') FROM spans) AS span,
    (SELECT share FROM retention WHERE month = 1) AS retention_1,
    (SELECT share FROM retention WHERE month = 6) AS retention_6,
    (SELECT avg(is_champion::INT) FROM scores) AS champions,
    (SELECT sum(gross) FILTER (is_champion) / sum(gross) FROM scores) AS champions_revenue,
    (SELECT gross FROM naive) AS naive_revenue
"""
"""One row. Reads the relations lines (order_id, customer_id, ordered_at, order_date, order_status, gross), returns and
touches (customer_id, touched_at, is_holdout)."""
