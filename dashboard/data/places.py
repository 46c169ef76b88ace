"""Where things are sold: countries, cities, and both over time."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_both, of_period

MOST_CITIES = 15


def countries(answers: Answers, filters: Filters) -> Answer:
    """One row per country: ISO code (NULL where there is none), revenue now and then, margin, return rate by units."""
    where, now, then = of_both(filters)
    return answers.ask(
        f"""
        WITH codes AS (
            SELECT country_name, max(country_code) AS country_code FROM gold.geography_sales
            WHERE source_system = $source GROUP BY 1
        ),
        sold AS (
            SELECT country_name,
                coalesce(sum(net_of_returns) FILTER ({now}), 0) AS revenue,
                coalesce(sum(net_of_returns) FILTER ({then}), 0) AS former_revenue,
                CAST(coalesce(sum(units) FILTER ({now}), 0) AS BIGINT) AS units,
                CAST(sum(margin) FILTER ({now}) / nullif(sum(costed_revenue) FILTER ({now}), 0) AS DOUBLE)
                    AS margin_rate,
                sum(returned_units) FILTER ({now}) / nullif(sum(units) FILTER ({now}), 0) AS return_rate
            FROM gold.daily_sales WHERE {where.text} GROUP BY 1
        )
        SELECT country_name AS country, country_code, revenue, former_revenue, units, margin_rate, return_rate
        FROM sold LEFT JOIN codes USING (country_name) ORDER BY revenue DESC, country
        """,
        **where.values,
    )


def cities(answers: Answers, filters: Filters) -> Answer:
    """The cities of most net revenue (returns not taken off, for these are known by country), at most 15."""
    where = of_period(filters, "s.order_date")
    parts = {"category": "p.category", "segment": "c.customer_segment", "country": "g.country_name"}
    parts["channel"] = "s.sales_channel"
    chosen = " ".join(f"AND list_contains($in_{name}, coalesce({parts[name]}, 'unknown'))" for name in filters.chosen)
    return answers.ask(
        f"""
        SELECT g.city, coalesce(g.country_name, 'unknown') AS country, count(DISTINCT s.order_id) AS orders,
            sum(CASE WHEN m.is_converted THEN round(s.gross_revenue * s.reporting_rate, 4)
                - round(s.discount * s.reporting_rate, 4) ELSE s.net_revenue END) AS net_revenue
        FROM gold.fact_sales AS s JOIN gold.mart_currencies AS m USING (source_system)
        JOIN gold.dim_geography AS g USING (geography_key)
        LEFT JOIN gold.dim_product AS p USING (product_key) LEFT JOIN gold.dim_customer AS c USING (customer_key)
        WHERE s.source_system = $source AND s.order_status = 'completed' AND g.city IS NOT NULL
            AND (m.is_converted OR s.currency = $currency) AND s.order_date BETWEEN $since AND $until {chosen}
        GROUP BY ALL ORDER BY net_revenue DESC, city LIMIT {MOST_CITIES}
        """,
        **where.values,
    )
