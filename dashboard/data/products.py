"""Products: by day in the period and the former one, and as seen from the publication's as-of day."""

from __future__ import annotations

from dashboard.data.answers import UNKNOWN, Answer, Answers
from dashboard.data.filters import Filters, of_both, of_market

APPLIED = ("category",)
MOST_PAIRS = 15
LEAST_LINES = 30
"""Of fewer lines a rate says next to nothing."""


def products(answers: Answers, filters: Filters) -> Answer:
    """One row per product that was sold or came back in the period or the former one; the most revenue first.

    Revenue is net of returns, `return_rate` units returned per unit sold, `margin_rate` of the revenue whose cost is
    known; both NULL where there is nothing to divide by.
    """
    days, now, then = of_both(filters.only())
    of_names = of_market(filters.only(*APPLIED))
    return answers.ask(
        f"""
        WITH named AS (
            SELECT product_durable_key, product_id, coalesce(product_name, product_id, 'unknown') AS product,
                coalesce(category, 'unknown') AS category, is_merchandise, abc_class
            FROM gold.product_performance WHERE source_system = $source AND currency = $currency
        ),
        sold AS (
            SELECT product_durable_key,
                coalesce(sum(net_of_returns) FILTER ({now}), 0) AS revenue,
                coalesce(sum(net_of_returns) FILTER ({then}), 0) AS former_revenue,
                sum(margin) FILTER ({now}) AS margin,
                coalesce(sum(costed_revenue) FILTER ({now}), 0) AS costed_revenue,
                CAST(coalesce(sum(units) FILTER ({now}), 0) AS BIGINT) AS units,
                CAST(coalesce(sum(returned_units) FILTER ({now}), 0) AS BIGINT) AS returned_units
            FROM gold.product_days WHERE {days.text} GROUP BY 1
        )
        SELECT product_id, product, category, is_merchandise, abc_class, revenue, former_revenue, margin, units,
            returned_units, CAST(margin / nullif(costed_revenue, 0) AS DOUBLE) AS margin_rate,
            returned_units / nullif(units, 0) AS return_rate
        FROM sold JOIN named USING (product_durable_key)
        {_in_categories(filters)}
        ORDER BY revenue DESC, product_id
        """,
        **(of_names.values | days.values),  # type: ignore[operator]
    )


def _in_categories(filters: Filters) -> str:
    return "WHERE list_contains($in_category, category)" if filters.category else ""


def classes(answers: Answers, filters: Filters) -> Answer:
    """One row per ABC class, of all days: products and net revenue; postage, fees and the like have no class."""
    where = of_market(filters.only(*APPLIED))
    return answers.ask(
        "SELECT abc_class, count(*) AS products, sum(net_revenue) AS net_revenue FROM (SELECT * REPLACE"
        f" (coalesce(category, '{UNKNOWN}') AS category) FROM gold.product_performance)"
        f" WHERE abc_class IS NOT NULL AND {where.text} GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def return_rates(answers: Answers, filters: Filters, dimension: str) -> Answer:
    """One row per category or reason of at least 30 lines, of all days.

    `rate`: share of lines of which something came back, with its 95 % interval.
    """
    wanted: dict[str, object] = {"source": filters.source, "dimension": dimension}
    chosen = filters.category if dimension == "category" else ()
    in_categories = " AND list_contains($in_category, dimension_value)" if chosen else ""
    return answers.ask(
        "SELECT dimension_value AS value, lines, returned_lines, line_return_rate AS rate, rate_low, rate_high"
        " FROM gold.return_rates WHERE source_system = $source AND dimension = $dimension"
        f" AND line_return_rate IS NOT NULL AND lines >= {LEAST_LINES}{in_categories} ORDER BY rate DESC, value",
        **(wanted | ({"in_category": chosen} if chosen else {})),
    )


def pairs(answers: Answers, filters: Filters) -> Answer:
    """Pairs of products bought together, each once, the surest first: how often, and how much more than by chance."""
    # Each pair stands in the mart from both sides: of two that are chosen the first, else the one that is chosen.
    is_first = "a.product_id < a.companion_id"
    in_categories = (
        f" AND list_contains($in_category, n.category) AND ({is_first} OR NOT list_contains($in_category, o.category))"
        if filters.category
        else f" AND {is_first}"
    )
    wanted: dict[str, object] = {"in_category": filters.category} if filters.category else {}
    return answers.ask(
        f"""
        WITH named AS (
            SELECT product_id, max(coalesce(product_name, product_id)) AS product,
                max(coalesce(category, 'unknown')) AS category
            FROM gold.product_performance WHERE source_system = $source GROUP BY 1
        )
        SELECT n.product, o.product AS companion, a.orders_together, a.confidence, a.adjusted_lift, a.q_value
        FROM gold.product_affinity AS a
        JOIN named AS n USING (product_id) JOIN named AS o ON o.product_id = a.companion_id
        WHERE a.source_system = $source AND a.is_significant{in_categories}
        ORDER BY a.affinity_rank, a.product_id LIMIT {MOST_PAIRS}
        """,
        source=filters.source,
        **wanted,
    )
