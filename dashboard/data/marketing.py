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
    """One row per week (from Monday) and campaign: money spent, times shown and clicked.

    As in gold.campaign_roi: of a source whose marts are in the reporting currency each day's spend at the newest rate
    of that day or before; where none is known it stays in its own.
    """
    where = of_market(filters.only())
    return answers.ask(
        f"""
        WITH rated AS (
            SELECT s.*, m.reporting_currency, m.is_converted,
                CASE WHEN s.currency = m.reporting_currency THEN 1 ELSE f.exchange_rate END AS rate
            FROM silver.campaign_spend AS s LEFT JOIN gold.mart_currencies AS m USING (source_system)
            ASOF LEFT JOIN silver.fx_rates AS f
                ON f.source_system = s.source_system AND f.currency = s.currency AND s.spend_date >= f.rate_date
        ),
        spent AS (
            SELECT * REPLACE (
                CASE WHEN is_converted AND rate IS NOT NULL THEN CAST(amount * rate AS DECIMAL(18, 4)) ELSE amount END
                    AS amount,
                CASE WHEN is_converted AND rate IS NOT NULL THEN reporting_currency ELSE currency END AS currency
            ) FROM rated
        )
        SELECT CAST(date_trunc('week', spend_date) AS DATE) AS week_start,
            coalesce(c.campaign_name, campaign_id) AS campaign, sum(s.amount) AS spend,
            CAST(sum(s.impressions) AS BIGINT) AS impressions, CAST(sum(s.clicks) AS BIGINT) AS clicks
        FROM (SELECT * FROM spent WHERE {where.text}) AS s
        LEFT JOIN gold.dim_campaign AS c USING (source_system, campaign_id)
        GROUP BY 1, 2 ORDER BY 1, 2
        """,
        **where.values,
    )
