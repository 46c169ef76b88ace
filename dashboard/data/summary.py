"""What the executive report asks besides what pages ask: figures that compare, and sums over weeks and customers.

Amounts in the currency of the filters. Everything is of one publication: what tables of ops gained later is left out.
"""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_both, of_market

LEAST_LINES = 30
"""Of fewer sold lines a return rate says next to nothing."""
CONFIDENCE = 0.95


def bridge(answers: Answers, filters: Filters) -> Answer:
    """One row: how the change of revenue comes about, in three parts that add up to it.

    orders_effect = (orders − former orders) × former order value; value_effect = (order value − former order value) ×
    orders; returns_effect = former refunds − refunds. Orders are those whose first line is in a cell, so they add up.
    Empty where there is no period to compare with, or no order in one of the two.
    """
    where, now, then = of_both(filters)
    return answers.ask(
        f"""
        WITH sums AS (
            SELECT sum(net_revenue) FILTER ({now}) AS now, sum(net_revenue) FILTER ({then}) AS former,
                sum(leading_orders) FILTER ({now}) AS orders, sum(leading_orders) FILTER ({then}) AS former_orders,
                coalesce(sum(refund_amount) FILTER ({now}), 0) AS refunds,
                coalesce(sum(refund_amount) FILTER ({then}), 0) AS former_refunds
            FROM gold.daily_sales WHERE {where.text}
        )
        SELECT (now - refunds) - (former - former_refunds) AS change,
            CAST((orders - former_orders) * former / former_orders AS DOUBLE) AS orders_effect,
            CAST(now - orders * former / former_orders AS DOUBLE) AS value_effect,
            former_refunds - refunds AS returns_effect
        FROM sums WHERE {filters.former is not None} AND orders > 0 AND former_orders > 0
        """,
        **where.values,
    )


def segments(answers: Answers, filters: Filters) -> Answer:
    """One row per RFM segment, the most valuable first: customers, what they brought, shares, days since."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT segment, customers, customer_share, monetary,"
        " CAST(monetary AS DOUBLE) / nullif(sum(monetary) OVER (), 0) AS money_share, mean_recency_days"
        f" FROM gold.rfm_segments WHERE {where.text} AND customers > 0 ORDER BY monetary DESC, segment",
        **where.values,
    )


def people(answers: Answers, filters: Filters) -> Answer:
    """One row: customers seen from as-of, what they brought net of returns, and the share with a second order."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT count(*) AS customers, sum(monetary) AS monetary, CAST(count(*) FILTER (frequency > 1) AS DOUBLE)"
        f" / nullif(count(*), 0) AS repeat_share FROM gold.customer_rfm WHERE {where.text}",
        **where.values,
    )


def top_tenth(answers: Answers, filters: Filters) -> Answer:
    """One row: the share of net revenue of the best 10 % of the customers, and the Gini coefficient."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT revenue_share, gini, customers FROM gold.customer_concentration"
        f" WHERE {where.text} AND customer_percent = 10",
        **where.values,
    )


def retention(answers: Answers, filters: Filters) -> Answer:
    """One row per month since the first order (1, 3, 6, 12): retention over all cohorts of which it is wholly known.

    retention = customers of these cohorts with an order in that month ÷ all their customers.
    """
    where = of_market(filters.only())
    return answers.ask(
        "SELECT month_number, count(*) AS cohorts, CAST(sum(cohort_size) AS BIGINT) AS customers,"
        " CAST(sum(customers) AS DOUBLE) / sum(cohort_size) AS retention,"
        " CAST(sum(cumulative_revenue) AS DOUBLE) / sum(cohort_size) AS revenue_per_customer"
        f" FROM gold.cohort_retention WHERE {where.text} AND NOT is_partial AND customers IS NOT NULL"
        " AND month_number IN (1, 3, 6, 12) GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def cohort_halves(answers: Answers, filters: Filters) -> Answer:
    """One row: retention in the month after the first order, of the three newest cohorts and of those before them."""
    where = of_market(filters.only())
    return answers.ask(
        f"""
        WITH first AS (
            SELECT cohort_month, customers, cohort_size, row_number() OVER (ORDER BY cohort_month DESC) AS age
            FROM gold.cohort_retention
            WHERE {where.text} AND month_number = 1 AND NOT is_partial AND customers IS NOT NULL
        )
        SELECT min(cohort_month) FILTER (age <= 3) AS newest_since,
            CAST(sum(customers) FILTER (age <= 3) AS DOUBLE) / sum(cohort_size) FILTER (age <= 3) AS newest,
            CAST(sum(customers) FILTER (age > 3) AS DOUBLE) / sum(cohort_size) FILTER (age > 3) AS older
        FROM first HAVING count(*) > 3
        """,
        **where.values,
    )


def season(answers: Answers, filters: Filters) -> Answer:
    """At most one row: the daily net revenue of the source taken apart."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT series_outcome, method, first_day, last_day, trend_strength, weekly_strength, yearly_strength, growth,"
        " year_on_year, anomalies, change_points FROM gold.sales_series"
        f" WHERE series = 'total' AND measure = 'revenue' AND {where.text} LIMIT 1",
        **where.values,
    )


def odd_days(answers: Answers, filters: Filters, most: int = 3) -> Answer:
    """Days of the period whose net revenue was out of the ordinary, the furthest first: what came and what was due."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT full_date, value, value - remainder AS expected, remainder FROM gold.sales_decomposition"
        " WHERE series = 'total' AND measure = 'revenue' AND is_anomaly AND full_date BETWEEN $since AND $until"
        f" AND {where.text} ORDER BY abs(remainder) DESC, full_date LIMIT {most}",
        since=filters.period.since,
        until=filters.period.until,
        **where.values,
    )


def weekdays(answers: Answers, filters: Filters) -> Answer:
    """One row per weekday (1 is Monday), the best first: mean net of returns; days without sales count as 0."""
    where = of_market(filters)
    return answers.ask(
        f"""
        WITH days AS (
            SELECT CAST(unnest(generate_series($since, $until, INTERVAL 1 DAY)) AS DATE) AS full_date
        ),
        sold AS (
            SELECT full_date, sum(net_of_returns) AS revenue FROM gold.daily_sales
            WHERE {where.text} AND full_date BETWEEN $since AND $until GROUP BY 1
        )
        SELECT CAST(isodow(full_date) AS INTEGER) AS weekday, dayname(full_date) AS day_name,
            CAST(avg(coalesce(revenue, 0)) AS DOUBLE) AS mean_revenue
        FROM days LEFT JOIN sold USING (full_date) GROUP BY 1, 2 ORDER BY mean_revenue DESC, weekday
        """,
        since=filters.period.since,
        until=filters.period.until,
        **where.values,
    )


def payment_shares(answers: Answers, filters: Filters) -> Answer:
    """One row per known payment method of the period, the most revenue first: its share of all net revenue."""
    where = of_market(filters)
    return answers.ask(
        f"""
        WITH paid AS (
            SELECT payment_method, sum(net_revenue) AS net_revenue FROM gold.daily_sales
            WHERE {where.text} AND full_date BETWEEN $since AND $until GROUP BY 1
        )
        SELECT payment_method, net_revenue,
            CAST(net_revenue AS DOUBLE) / nullif(sum(net_revenue) OVER (), 0) AS share
        FROM paid QUALIFY payment_method <> 'unknown' AND net_revenue > 0 ORDER BY net_revenue DESC, payment_method
        """,
        since=filters.period.since,
        until=filters.period.until,
        **where.values,
    )
