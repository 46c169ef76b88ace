"""Customers with what filters ask of them: class and country as they live now, RFM segment as of the publication."""

from __future__ import annotations

from dashboard.data.filters import RFM, Condition, Filters, of_market

APPLIED = ("segment", "country", RFM)
"""Filters that a customer can be held against; categories and channels are of order lines."""
_NOW = """
    now AS (
        SELECT customer_durable_key, max(coalesce(customer_segment, 'unknown')) AS customer_segment,
            max(coalesce(country_name, 'unknown')) AS country_name
        FROM gold.dim_customer WHERE is_current GROUP BY 1
    )
"""
PEOPLE = f"""
    WITH {_NOW},
    people AS (
        SELECT r.*, coalesce(n.customer_segment, 'unknown') AS customer_segment,
            coalesce(n.country_name, 'unknown') AS country_name
        FROM gold.customer_rfm AS r LEFT JOIN now AS n USING (customer_durable_key)
    )
"""
"""`people`: one row per customer of gold.customer_rfm."""
SCORED = f"""
    WITH {_NOW},
    people AS (
        SELECT p.*, r.segment, coalesce(n.customer_segment, 'unknown') AS customer_segment,
            coalesce(n.country_name, 'unknown') AS country_name
        FROM gold.customer_predictions AS p LEFT JOIN now AS n USING (customer_durable_key)
        LEFT JOIN gold.customer_rfm AS r USING (source_system, currency, customer_durable_key)
    )
"""
"""`people`: one row per customer of gold.customer_predictions, with the RFM segment (NULL where there is none)."""


def of_people(filters: Filters, *, in_segments: bool = True) -> Condition:
    """The people whom the filters let through; those of all RFM segments unless `in_segments`."""
    where = of_market(filters.only("segment", "country"))
    if not (in_segments and filters.rfm):
        return where
    return Condition(f"{where.text} AND list_contains($in_rfm, segment)", {**where.values, "in_rfm": filters.rfm})
