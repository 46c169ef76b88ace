"""How sure the report is: models against their baselines, verdicts, rows refused, freshness; of one publication."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market

RISKY = 0.5
"""Chance of leaving from which on a customer counts as likely to leave."""


def forecast_sum(answers: Answers, filters: Filters) -> Answer:
    """At most one row: revenue to expect of all weeks ahead together, of as many weeks before, of those a year before.

    low and high add up the weeks' 80 % bounds, which is wider than an 80 % interval of the sum unless all weeks err
    together.
    """
    where = of_market(filters.only())
    return answers.ask(
        f"""
        WITH ahead AS (
            SELECT count(*) AS weeks, min(week_start) AS since, max(week_start) + 6 AS until, sum(forecast) AS revenue,
                sum(low_80) AS low, sum(high_80) AS high
            FROM gold.demand_forecast
            WHERE series_level = 'total' AND measure = 'revenue' AND {where.text} HAVING count(*) > 0
        ),
        sold AS (
            SELECT CAST(sum(d.net_revenue) FILTER (
                    d.full_date < a.since AND d.full_date >= a.since - CAST(a.weeks AS INTEGER) * 7
                ) AS DOUBLE) AS before,
                CASE WHEN min(d.full_date) <= min(a.since) - 364 THEN CAST(sum(d.net_revenue) FILTER (
                    d.full_date BETWEEN a.since - 364 AND a.since - 365 + CAST(a.weeks AS INTEGER) * 7
                ) AS DOUBLE) END AS year_before
            FROM gold.daily_sales AS d, ahead AS a WHERE {of_market(filters.only(), "d.").text}
        )
        SELECT CAST(weeks AS BIGINT) AS weeks, since, CAST(until AS DATE) AS until, revenue, low, high, before,
            revenue / nullif(before, 0) - 1 AS change, year_before, revenue / nullif(year_before, 0) - 1 AS year_change
        FROM ahead, sold
        """,
        **where.values,
    )


def leaving(answers: Answers, filters: Filters) -> Answer:
    """One row: customers scored, those likely to leave, and the value to expect of all and of these."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT count(*) AS customers, count(*) FILTER (churn_probability >= $risky) AS likely,"
        " CAST(sum(churn_probability) AS DOUBLE) AS expected, sum(clv) AS clv,"
        " sum(clv) FILTER (churn_probability >= $risky) AS likely_clv, max(clv_basis) AS clv_basis"
        f" FROM gold.customer_predictions WHERE {where.text} AND churn_probability IS NOT NULL",
        risky=RISKY,
        **where.values,
    )


def champions(answers: Answers, filters: Filters) -> Answer:
    """One row per problem: the measure of the champion on the test window, and of the best baseline.

    Churn by ROC AUC (more is better), lifetime value by mean absolute error of orders, demand by weighted absolute
    percentage error of total revenue (less is better).
    """
    return answers.ask(
        """
        WITH newest AS (
            SELECT * FROM gold.model_scores WHERE source_system = $source AND score_fold = 'test' AND (
                (problem = 'churn' AND score_measure = 'roc_auc' AND score_level = 'all')
                OR (problem = 'clv' AND score_measure = 'mae' AND score_level = 'purchases')
                OR (problem = 'demand' AND score_measure = 'wape' AND score_level = 'total revenue'))
            QUALIFY model_version = max(model_version) OVER (PARTITION BY problem)
        ),
        best AS (
            SELECT problem, CASE WHEN problem = 'churn' THEN max(score) ELSE min(score) END AS score,
                CASE WHEN problem = 'churn' THEN max_by(candidate, score) ELSE min_by(candidate, score) END AS candidate
            FROM newest WHERE candidate_role = 'baseline' GROUP BY problem
        )
        SELECT n.problem, n.candidate, n.score, n.score_low, n.score_high, b.candidate AS baseline,
            b.score AS baseline_score, n.tested_from, n.tested_until
        FROM newest AS n JOIN best AS b USING (problem) WHERE n.candidate_role = 'champion' ORDER BY n.problem
        """,
        source=filters.source,
    )


_OF_SOURCE = "WHERE source_system = $source AND"
_STATED = {
    "silver.order_lines.orders_beside_totals": (
        "silver.order_lines",
        "totals",
        f"SELECT count(DISTINCT order_id) FROM silver.order_lines {_OF_SOURCE} stated_order_total IS NOT NULL",
    ),
    "silver.order_lines.lines_beside_prices": (
        "silver.order_lines",
        "amounts",
        f"SELECT count(*) FROM silver.order_lines {_OF_SOURCE} gross_amount IS NOT NULL",
    ),
    "silver.payments.orders_beside_payments": (
        "silver.payments",
        "payments",
        f"SELECT count(DISTINCT order_id) FROM silver.payments {_OF_SOURCE} amount IS NOT NULL",
    ),
}
"""Rule of the gate -> the table that it is about, what files state, and of how many orders or lines a source does."""


def verdicts(answers: Answers) -> Answer:
    """One row: how expectations came out, by the latest judgement of each table up to the publication."""
    return answers.ask(
        """
        WITH latest AS (
            SELECT * FROM ops.quality_results WHERE judged_at <= $published_at
            QUALIFY judged_at = max(judged_at) OVER (PARTITION BY table_name)
        )
        SELECT count(*) AS expectations, count(DISTINCT table_name) AS tables,
            count(*) FILTER (verdict = 'passed') AS passed, count(*) FILTER (verdict = 'warned') AS warned,
            count(*) FILTER (verdict = 'waived') AS waived, count(*) FILTER (verdict = 'failed') AS failed
        FROM latest
        """,
        published_at=_published_at(answers),
    )


def not_passed(answers: Answers, most: int = 5) -> Answer:
    """The latest verdicts up to the publication that did not simply pass, the gravest first."""
    return answers.ask(
        f"""
        WITH latest AS (
            SELECT * FROM ops.quality_results WHERE judged_at <= $published_at
            QUALIFY judged_at = max(judged_at) OVER (PARTITION BY table_name)
        )
        SELECT verdict, rule, expectation, observed FROM latest WHERE verdict <> 'passed'
        ORDER BY CASE verdict WHEN 'failed' THEN 0 WHEN 'waived' THEN 1 ELSE 2 END, rule LIMIT {most}
        """,
        published_at=_published_at(answers),
    )


def beside_files(answers: Answers, filters: Filters) -> Answer:
    """One row per kind of thing that files state beside what the lake makes of them, as the gate last compared them:
    of how many orders or lines the source `states` it, and what was `found`, NULL where all is alike."""
    told = answers.ask(
        f"""
        WITH latest AS (
            SELECT * FROM ops.quality_results WHERE judged_at <= $published_at
            QUALIFY judged_at = max(judged_at) OVER (PARTITION BY table_name)
        )
        SELECT rule, CASE WHEN figure > 0 THEN array_to_string(
            list_filter(string_split(observed, '; '), lambda part: starts_with(part, $source || ': ')), '; ') END
            AS found
        FROM latest WHERE rule IN ({", ".join(f"'{rule}'" for rule in _STATED)}) ORDER BY rule
        """,
        published_at=_published_at(answers),
        source=filters.source,
    )
    found = {row["rule"]: row["found"] or None for row in told.table.to_pylist()}
    kinds = [(rule, *one) for rule, one in _STATED.items() if rule in found and answers.has(one[0])]
    if not kinds:
        return answers.ask("SELECT '' AS what, NULL AS found, 0 AS states WHERE false")
    union = " UNION ALL ".join(
        f"SELECT {at} AS place, '{what}' AS what, $found_{at} AS found, ({counted}) AS states"
        for at, (_, _, what, counted) in enumerate(kinds)
    )
    return answers.ask(
        f"SELECT what, found, states FROM ({union}) AS stated WHERE states > 0 ORDER BY place",
        source=filters.source,
        **{f"found_{at}": found[rule] for at, (rule, *_) in enumerate(kinds)},
    )


def rows_of_files(answers: Answers, filters: Filters) -> Answer:
    """One row: what became of the rows of the source's files. refused_share is of accepted and refused rows."""
    return answers.ask(
        """
        WITH found AS (
            SELECT coalesce(sum(rows), 0) AS rows, coalesce(sum(rows) FILTER (outcome = 'accepted'), 0) AS accepted,
                coalesce(sum(rows) FILTER (outcome = 'superseded'), 0) AS superseded
            FROM silver.lineage WHERE source_system = $source
        ),
        waiting AS (
            SELECT count(*) AS waiting FROM silver.quarantine WHERE status = 'open' AND source_system = $source
        )
        SELECT CAST(rows AS BIGINT) AS rows, CAST(accepted AS BIGINT) AS accepted,
            CAST(superseded AS BIGINT) AS superseded, waiting,
            CAST(waiting AS DOUBLE) / nullif(CAST(accepted AS BIGINT) + waiting, 0) AS waiting_share
        FROM found, waiting
        """,
        source=filters.source,
    )


def freshness(answers: Answers, filters: Filters) -> Answer:
    """One row: the last day with an order in this currency, and how many days before as-of that is."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT max(full_date) FILTER (lines > 0) AS last_day,"
        " CAST($as_of - max(full_date) FILTER (lines > 0) AS INTEGER) AS days, min(full_date) AS first_day"
        f" FROM gold.daily_sales WHERE {where.text}",
        as_of=answers.publication.as_of if answers.publication else None,
        **where.values,
    )


def whole(answers: Answers, filters: Filters) -> Answer:
    """One row: net of returns, orders and returns of all known days, to hold publications against each other."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT sum(net_of_returns) AS net_of_returns, CAST(sum(leading_orders) AS BIGINT) AS orders,"
        " CAST(sum(return_lines) AS BIGINT) AS return_lines, max(full_date) AS last_day"
        f" FROM gold.daily_sales WHERE {where.text}",
        **where.values,
    )


def whole_on_days(answers: Answers, filters: Filters) -> Answer:
    """One row: net of returns and orders of the days of the filters' period."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT sum(net_of_returns) AS net_of_returns, CAST(sum(leading_orders) AS BIGINT) AS orders"
        f" FROM gold.daily_sales WHERE {where.text} AND full_date BETWEEN $since AND $until",
        since=filters.period.since,
        until=filters.period.until,
        **where.values,
    )


def _published_at(answers: Answers) -> object:
    return answers.publication.published_at if answers.publication else None
