"""Sales by day and what tells cells apart: what several pages begin with. Amounts in the currency of the filters."""

from __future__ import annotations

from datetime import timedelta

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import COLUMNS, Filters, Grain, Period, bucket, of_both, of_market, of_period

_SUMS = """
    sum(net_of_returns) AS net_of_returns, sum(net_revenue) AS net_revenue, sum(refund_amount) AS refund_amount,
    sum(margin) AS margin, sum(costed_revenue) AS costed_revenue, CAST(sum(units) AS BIGINT) AS units,
    CAST(sum(returned_units) AS BIGINT) AS returned_units
"""
# Distinct orders and customers cannot be added up from cells, so these are counted from lines.
_LINES = """
    FROM gold.fact_sales AS s
    JOIN gold.mart_currencies AS m USING (source_system)
    LEFT JOIN gold.dim_customer AS c USING (customer_key)
    LEFT JOIN gold.dim_product AS p USING (product_key)
    LEFT JOIN gold.dim_geography AS g USING (geography_key)
    WHERE s.source_system = $source AND s.order_status = 'completed'
      AND (m.is_converted OR s.currency = $currency) AND s.order_date BETWEEN $since AND $until
"""
_LINE_COLUMNS = {
    "category": "coalesce(p.category, 'unknown')",
    "segment": "coalesce(c.customer_segment, 'unknown')",
    "country": "coalesce(g.country_name, 'unknown')",
    "channel": "coalesce(s.sales_channel, 'unknown')",
}
# One scan of the lines for both: they are most of what a change of a filter costs in a large shop.
_ALL_AND_POINTS = "GROUP BY GROUPING SETS ((), (point)) ORDER BY point NULLS FIRST"
CALENDAR_DAYS = 365


def totals(answers: Answers, filters: Filters) -> Answer:
    """One row: the totals of the period; NULL where nothing was sold and nothing came back."""
    where = of_period(filters)
    return answers.ask(f"SELECT {_SUMS} FROM gold.daily_sales WHERE {where.text}", **where.values)


def reach(answers: Answers, filters: Filters) -> Answer:
    """One row: distinct completed orders with a line that the filters let through, and customers behind them."""
    where = of_period(filters, "order_date")
    if not filters.chosen:
        return answers.ask(
            "SELECT count(DISTINCT order_id) AS orders, count(DISTINCT customer_durable_key)"
            f" FILTER (customer_id IS NOT NULL) AS customers FROM gold.order_totals WHERE {where.text}",
            **where.values,
        )
    parts = " ".join(f"AND list_contains($in_{name}, {_LINE_COLUMNS[name]})" for name in filters.chosen)
    return answers.ask(
        "SELECT count(DISTINCT s.order_id) AS orders, count(DISTINCT c.customer_durable_key)"
        f" FILTER (c.customer_id IS NOT NULL) AS customers {_LINES} {parts}",
        **where.values,
    )


def reach_by_point(answers: Answers, filters: Filters, grain: Grain) -> Answer:
    """One row per point with an order: as `reach`, of the point's days. The first, without a point, is of all days."""
    where = of_period(filters, "order_date")
    if not filters.chosen:
        return answers.ask(
            f"SELECT {bucket(grain, 'order_date')} AS point, count(DISTINCT order_id) AS orders,"
            " count(DISTINCT customer_durable_key) FILTER (customer_id IS NOT NULL) AS customers"
            f" FROM gold.order_totals WHERE {where.text} {_ALL_AND_POINTS}",
            **where.values,
        )
    parts = " ".join(f"AND list_contains($in_{name}, {_LINE_COLUMNS[name]})" for name in filters.chosen)
    return answers.ask(
        f"SELECT {bucket(grain, 's.order_date')} AS point, count(DISTINCT s.order_id) AS orders,"
        " count(DISTINCT c.customer_durable_key) FILTER (c.customer_id IS NOT NULL) AS customers"
        f" {_LINES} {parts} {_ALL_AND_POINTS}",
        **where.values,
    )


def series(answers: Answers, filters: Filters, grain: Grain) -> Answer:
    """One row per point of the period in which something was sold or came back, in order: its totals and orders.

    Orders are those whose first line is in the cells chosen, so that they add up.
    """
    where = of_period(filters)
    return answers.ask(
        f"SELECT {bucket(grain)} AS point, CAST(sum(leading_orders) AS BIGINT) AS orders, {_SUMS}"
        f" FROM gold.daily_sales WHERE {where.text} GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def by(answers: Answers, filters: Filters, dimension: str) -> Answer:
    """One row per value of the dimension: revenue now and then, margin; the most revenue first."""
    where, now, then = of_both(filters)
    return answers.ask(
        f"""
        SELECT {COLUMNS[dimension]} AS value,
            coalesce(sum(net_of_returns) FILTER ({now}), 0) AS revenue,
            coalesce(sum(net_of_returns) FILTER ({then}), 0) AS former_revenue,
            sum(margin) FILTER ({now}) AS margin, coalesce(sum(costed_revenue) FILTER ({now}), 0) AS costed_revenue
        FROM gold.daily_sales WHERE {where.text} GROUP BY 1 ORDER BY revenue DESC, value
        """,
        **where.values,
    )


def changes(answers: Answers, filters: Filters) -> Answer:
    """One row per value of each dimension: revenue now, then, and their difference; the greatest differences first.

    Empty where there is no period to compare with.
    """
    where, now, then = of_both(filters)
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS dimension, {column} AS value, coalesce(sum(net_of_returns) FILTER (is_now), 0) AS revenue,"
        f" coalesce(sum(net_of_returns) FILTER (is_then), 0) AS former_revenue FROM cells GROUP BY {column}"
        for name, column in COLUMNS.items()
    )
    return answers.ask(
        f"""
        WITH cells AS (
            SELECT {", ".join(COLUMNS.values())}, net_of_returns, {now} AS is_now, {then} AS is_then
            FROM gold.daily_sales WHERE {where.text}
        )
        SELECT *, revenue - former_revenue AS difference FROM ({parts})
        WHERE {filters.former is not None} AND value <> 'unknown' AND revenue <> former_revenue
        ORDER BY abs(difference) DESC, dimension, value
        """,
        **where.values,
    )


def calendar(answers: Answers, filters: Filters) -> Answer:
    """One row per day with sales or returns, of the year up to the period's last day: revenue and orders."""
    since = max(filters.period.until - timedelta(days=CALENDAR_DAYS - 1), filters.known.since)
    where = of_period(filters.during(Period(since, filters.period.until)))
    return answers.ask(
        "SELECT full_date, sum(net_of_returns) AS revenue, CAST(sum(leading_orders) AS BIGINT) AS orders"
        f" FROM gold.daily_sales WHERE {where.text} GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def by_month(answers: Answers, filters: Filters, dimension: str) -> Answer:
    """One row per value and month of all known days: revenue."""
    where = of_market(filters)
    return answers.ask(
        f"SELECT {COLUMNS[dimension]} AS value, month_start, sum(net_of_returns) AS revenue"
        f" FROM gold.daily_sales WHERE {where.text} GROUP BY 1, 2 ORDER BY 2, 1",
        **where.values,
    )
