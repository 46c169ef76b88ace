"""Campaigns: what they cost, what they are credited with, and what they added."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market

NONE = "(none)"
"""The row of orders that no campaign is credited with."""


def campaigns(answers: Answers, filters: Filters) -> Answer:
    """One row per campaign, the first started first: everything that gold.campaign_roi says of it."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT * REPLACE (coalesce(campaign_name, campaign_id) AS campaign_name) FROM gold.campaign_roi"
        f" WHERE {where.text} AND campaign_id <> $none ORDER BY started_on NULLS LAST, campaign_id",
        none=NONE,
        **where.values,
    )


def spend(answers: Answers, filters: Filters) -> Answer:
    """One row per week (from Monday) and campaign: money spent, times shown and clicked."""
    where = of_market(filters.only(), "s.")
    return answers.ask(
        f"""
        SELECT CAST(date_trunc('week', s.spend_date) AS DATE) AS week_start,
            coalesce(c.campaign_name, s.campaign_id) AS campaign, sum(s.amount) AS spend,
            CAST(sum(s.impressions) AS BIGINT) AS impressions, CAST(sum(s.clicks) AS BIGINT) AS clicks
        FROM silver.campaign_spend AS s LEFT JOIN gold.dim_campaign AS c USING (source_system, campaign_id)
        WHERE {where.text} GROUP BY 1, 2 ORDER BY 1, 2
        """,
        **where.values,
    )
