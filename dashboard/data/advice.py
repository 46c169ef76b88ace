"""What recommendations rest on: each question gives the expected effect with its interval, worked out in the query."""

from __future__ import annotations

from statistics import NormalDist

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market, of_period
from dashboard.data.marketing import NONE

LEAST_LINES = 30
"""Of fewer sold lines a return rate says next to nothing."""
_ERROR = 0.05
"""Chance that any product at all is called out though nothing is the matter with it (Bonferroni)."""


def campaign_effects(answers: Answers, filters: Filters) -> Answer:
    """One row per campaign with a held-out group: what it added to margin less its spend, with the 95 % interval.

    net = adjusted incremental margin − spend, by CUPED, see gold.campaign_roi; lost = −net. The best first.
    """
    where = of_market(filters.only())
    return answers.ask(
        "SELECT coalesce(campaign_name, campaign_id) AS campaign, spend, contacted, held_out, power_at_break_even,"
        " CAST(adjusted_margin - spend AS DOUBLE) AS net, CAST(adjusted_margin_low - spend AS DOUBLE) AS net_low,"
        " CAST(adjusted_margin_high - spend AS DOUBLE) AS net_high, CAST(spend - adjusted_margin AS DOUBLE) AS lost,"
        " CAST(spend - adjusted_margin_high AS DOUBLE) AS lost_low,"
        " CAST(spend - adjusted_margin_low AS DOUBLE) AS lost_high FROM gold.campaign_roi"
        f" WHERE {where.text} AND campaign_id <> $none AND adjusted_margin_low IS NOT NULL AND spend > 0"
        " AND open_windows = 0 ORDER BY net DESC, campaign_id",
        none=NONE,
        **where.values,
    )


def returned_too_often(answers: Answers, filters: Filters) -> Answer:
    """Products that come back more often than all others: the refunds that the shop's own rate would have spared.

    Rates are shares of lines, of all days; low and high are their interval by Wilson at a level at which in one shop of
    twenty any product at all is called out by chance (Bonferroni). spared = refunds × (1 − other rate ÷ rate), and with
    the two ends of the interval; other rate = of all other products together. The most spared first.
    """
    where = of_market(filters.only())
    return answers.ask(
        f"""
        WITH rates AS (
            SELECT dimension_value AS product_id, CAST(lines AS DOUBLE) AS n, line_return_rate AS p,
                CAST(returned_lines AS DOUBLE) AS returned
            FROM gold.return_rates WHERE source_system = $source AND dimension = 'product'
                AND line_return_rate IS NOT NULL
        ),
        spans AS (
            SELECT product_id, n, p,
                (sum(returned) OVER () - returned) / nullif(sum(n) OVER () - n, 0) AS other_rate,
                (p + $z * $z / (2 * n) - $z * sqrt(p * (1 - p) / n + $z * $z / (4 * n * n))) / (1 + $z * $z / n) AS low,
                (p + $z * $z / (2 * n) + $z * sqrt(p * (1 - p) / n + $z * $z / (4 * n * n))) / (1 + $z * $z / n) AS high
            FROM rates WHERE n > 0
        ),
        named AS (
            SELECT product_id, coalesce(max(product_name), product_id) AS product,
                CAST(sum(refund_amount) AS DOUBLE) AS refunds
            FROM gold.product_performance WHERE {where.text} AND is_merchandise GROUP BY product_id
        )
        SELECT product, CAST(n AS BIGINT) AS lines, p AS rate, low, high, other_rate, refunds,
            refunds * (1 - other_rate / p) AS spared, refunds * (1 - other_rate / low) AS spared_low,
            refunds * (1 - other_rate / high) AS spared_high
        FROM spans JOIN named USING (product_id)
        WHERE n >= $least AND low > other_rate AND refunds > 0 ORDER BY spared DESC, product_id
        """,
        z=_deviations(answers, filters),
        least=LEAST_LINES,
        **where.values,
    )


def _deviations(answers: Answers, filters: Filters) -> float:
    """Standard deviations of the interval for so many products as are held against the others at once."""
    tested = answers.ask(
        "SELECT count(*) AS tested FROM gold.return_rates WHERE source_system = $source AND dimension = 'product'"
        " AND lines >= $least AND line_return_rate IS NOT NULL",
        source=filters.source,
        least=LEAST_LINES,
    ).first()["tested"]
    return NormalDist().inv_cdf(1 - _ERROR / (2 * max(tested, 1)))


def sold_at_a_loss(answers: Answers, filters: Filters) -> Answer:
    """Merchandise that lost money in the period: margin below 0 over its lines whose cost is known. The worst first."""
    days, market = of_period(filters.only()), of_market(filters.only())
    return answers.ask(
        f"""
        WITH named AS (
            SELECT product_durable_key, coalesce(product_name, product_id, 'unknown') AS product, is_merchandise
            FROM gold.product_performance WHERE {market.text}
        ),
        sold AS (
            SELECT product_durable_key, sum(margin) AS margin, sum(costed_revenue) AS costed_revenue,
                CAST(sum(units) AS BIGINT) AS units
            FROM gold.product_days WHERE {days.text} GROUP BY 1
        )
        SELECT product, margin, -margin AS loss, costed_revenue, units FROM sold JOIN named USING (product_durable_key)
        WHERE is_merchandise AND margin < 0 AND units > 0 ORDER BY margin, product
        """,
        **days.values,
    )


def demand_ahead(answers: Answers, filters: Filters) -> Answer:
    """One row per category whose demand leaves the level of the last weeks: units to expect, and the difference.

    The weeks ahead against as many whole weeks before. low and high add up the 80 % bounds of the weeks, which is wider
    than an 80 % interval of the sum unless all weeks err together. Only where that span leaves out what sold before.
    """
    where = of_market(filters.only())
    return answers.ask(
        f"""
        WITH ahead AS (
            SELECT series_value AS category, min(week_start) AS since, count(*) AS weeks, sum(forecast) AS units,
                sum(low_80) AS low, sum(high_80) AS high
            FROM gold.demand_forecast
            WHERE series_level = 'category' AND measure = 'units' AND {where.text} GROUP BY 1
        ),
        sold AS (
            SELECT a.category, CAST(sum(d.units) AS DOUBLE) AS before FROM ahead AS a JOIN gold.daily_sales AS d
                ON d.category = a.category AND d.full_date < a.since
                AND d.full_date >= a.since - CAST(a.weeks AS INTEGER) * 7
            WHERE {of_market(filters.only(), "d.").text} GROUP BY 1
        )
        SELECT category, CAST(weeks AS BIGINT) AS weeks, units, low, high, before, units - before AS more,
            low - before AS more_low, high - before AS more_high
        FROM ahead JOIN sold USING (category) WHERE before > 0 AND (low > before OR high < before)
        ORDER BY abs(more) DESC, category
        """,
        **where.values,
    )
