"""Customers as seen from the publication's as-of day. Filters of country and class follow where they live now."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market
from dashboard.data.people import PEOPLE, of_people

MOST_SHOWN = 200
SEGMENTS = ("Champions", "Loyal", "Potential Loyalists", "New", "About to Sleep", "At Risk", "Lost")
"""From best to worst, as far as conf/analytics.toml names them so; others come after, by revenue."""


def segments(answers: Answers, filters: Filters) -> Answer:
    """One row per RFM segment: customers, what they brought net of returns, mean recency (days), orders (mean, all)."""
    where = of_people(filters, in_segments=False)
    return answers.ask(
        f"""{PEOPLE}
        SELECT segment, count(*) AS customers, sum(monetary) AS revenue, CAST(avg(recency_days) AS DOUBLE) AS recency,
            CAST(avg(frequency) AS DOUBLE) AS orders, CAST(sum(frequency) AS BIGINT) AS all_orders
        FROM people WHERE {where.text} GROUP BY 1 ORDER BY revenue DESC, segment
        """,
        **where.values,
    )


def segment_values(answers: Answers, filters: Filters) -> Answer:
    """One row per RFM segment: quartiles of what its customers brought each, net of returns."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT segment, CAST(quantile_cont(monetary, 0.25) AS DOUBLE) AS low, CAST(median(monetary) AS DOUBLE) AS"
        " middle, CAST(quantile_cont(monetary, 0.75) AS DOUBLE) AS high FROM gold.customer_rfm"
        f" WHERE {where.text} GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def score_map(answers: Answers, filters: Filters) -> Answer:
    """One row per pair of recency and frequency score: customers and what they brought."""
    where = of_people(filters, in_segments=False)
    return answers.ask(
        f"{PEOPLE} SELECT r_score, f_score, count(*) AS customers, sum(monetary) AS revenue, mode(segment) AS segment"
        f" FROM people WHERE {where.text} GROUP BY 1, 2 ORDER BY 1, 2",
        **where.values,
    )


def deciles(answers: Answers, filters: Filters) -> Answer:
    """One row per tenth of the customers, the best first: what one of them brought on average so far."""
    where = of_people(filters)
    return answers.ask(
        f"""{PEOPLE}, ranked AS (
            SELECT monetary, ntile(10) OVER (ORDER BY monetary DESC, customer_id) AS tenth
            FROM people WHERE {where.text}
        )
        SELECT CAST(tenth AS INTEGER) AS tenth, count(*) AS customers, sum(monetary) AS revenue,
            CAST(avg(monetary) AS DOUBLE) AS mean_value
        FROM ranked GROUP BY 1 ORDER BY 1
        """,
        **where.values,
    )


def best(answers: Answers, filters: Filters, *, named: bool) -> Answer:
    """The customers who brought most, at most 200.

    Names and addresses are read only where `named`.
    """
    where = of_people(filters)
    rows = f"""{PEOPLE}, chosen AS (
        SELECT * FROM people WHERE {where.text} ORDER BY monetary DESC, customer_id LIMIT {MOST_SHOWN}
    )"""
    shown = "customer_id, segment, customer_segment, country_name, recency_days, frequency, monetary, last_ordered_on"
    if not named:
        return answers.ask(f"{rows} SELECT {shown} FROM chosen ORDER BY monetary DESC, customer_id", **where.values)
    return answers.ask(
        f"""{rows}, persons AS (
            SELECT customer_durable_key, max(email) AS email,
                max(nullif(coalesce(company_name, concat_ws(' ', first_name, last_name)), '')) AS name
            FROM gold.dim_customer WHERE is_current GROUP BY 1
        )
        SELECT name, email, {shown} FROM chosen LEFT JOIN persons USING (customer_durable_key)
        ORDER BY monetary DESC, customer_id
        """,
        **where.values,
    )


def cohorts(answers: Answers, filters: Filters) -> Answer:
    """One row per cohort and month since: size, retention (share, NULL where not yet known), value of a customer."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT cohort_month, month_number, cohort_size, customers, retention, revenue_per_customer,"
        f" margin_per_customer, is_partial FROM gold.cohort_retention WHERE {where.text} ORDER BY 1, 2",
        **where.values,
    )


def retention(answers: Answers, filters: Filters) -> Answer:
    """One row per month since the first order: of all cohorts whose month is known and over, how many came back."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT month_number, CAST(sum(customers) AS BIGINT) AS customers, CAST(sum(cohort_size) AS BIGINT) AS"
        " cohort_size, sum(customers) / sum(cohort_size) AS retention FROM gold.cohort_retention"
        f" WHERE {where.text} AND month_number > 0 AND customers IS NOT NULL AND NOT coalesce(is_partial, false)"
        " GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def newcomers(answers: Answers, filters: Filters) -> Answer:
    """One row per month: customers who ordered for the first time, and those who had ordered before."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT order_month, CAST(sum(customers) FILTER (month_number = 0) AS BIGINT) AS newcomers,"
        " CAST(coalesce(sum(customers) FILTER (month_number > 0), 0) AS BIGINT) AS returning, bool_or(is_partial)"
        f" AS is_partial FROM gold.cohort_retention WHERE {where.text} AND customers IS NOT NULL GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def concentration(answers: Answers, filters: Filters) -> Answer:
    """One row per percent of the customers, the best first: their share of revenue; and the Gini coefficient."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT customer_percent, revenue_share, customers, gini FROM gold.customer_concentration"
        f" WHERE {where.text} ORDER BY 1",
        **where.values,
    )


def moves(before: Answers, now: Answers, filters: Filters) -> Answer:
    """Customers by RFM segment in two publications: columns before, now (NULL: no customer), customers.

    The query is the one that both were asked; the rows are theirs, put side by side.
    """
    where = of_market(filters.only())
    sql = f"SELECT customer_id, segment FROM gold.customer_rfm WHERE {where.text}"
    then, today = (one.ask(sql, **where.values) for one in (before, now))
    both = then.table.rename_columns(["customer_id", "before"]).join(
        today.table.rename_columns(["customer_id", "now"]), "customer_id", join_type="full outer"
    )
    counted = both.group_by(["before", "now"]).aggregate([("customer_id", "count")])
    return Answer(counted.rename_columns(["before", "now", "customers"]), sql, then.parameters)
