"""Trend and season: series taken apart, days of the week, payment methods."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market, of_period


def series(answers: Answers, filters: Filters) -> Answer:
    """One row per daily series that was looked at: whether it could be taken apart, and how strong its parts are."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT series, series_value, measure, series_outcome, method, trend_strength, weekly_strength,"
        " yearly_strength, growth, year_on_year, anomalies, change_points FROM gold.sales_series"
        f" WHERE {where.text} ORDER BY series, series_value, measure",
        **where.values,
    )


def decomposition(answers: Answers, filters: Filters, series: str, value: str, measure: str) -> Answer:
    """One row per day of the series: value = trend + weekly + yearly + remainder; and what is out of the ordinary."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT full_date, value, trend, weekly, yearly, remainder, is_anomaly, is_change_point"
        " FROM gold.sales_decomposition WHERE series = $series AND series_value = $value AND measure = $measure"
        f" AND {where.text} ORDER BY 1",
        series=series,
        value=value,
        measure=measure,
        **where.values,
    )


def weekdays(answers: Answers, filters: Filters) -> Answer:
    """One row per month and weekday (1 is Monday): mean revenue of such a day; days without sales count as 0."""
    where = of_period(filters)
    return answers.ask(
        f"""
        WITH days AS (
            SELECT CAST(unnest(generate_series($since, $until, INTERVAL 1 DAY)) AS DATE) AS full_date
        ),
        sold AS (
            SELECT full_date, sum(net_of_returns) AS revenue FROM gold.daily_sales WHERE {where.text} GROUP BY 1
        )
        SELECT CAST(date_trunc('month', full_date) AS DATE) AS month_start,
            CAST(isodow(full_date) AS INTEGER) AS weekday, count(*) AS days,
            CAST(avg(coalesce(revenue, 0)) AS DOUBLE) AS mean_revenue
        FROM days LEFT JOIN sold USING (full_date) GROUP BY 1, 2 ORDER BY 1, 2
        """,
        **where.values,
    )


def payments(answers: Answers, filters: Filters) -> Answer:
    """One row per month and payment method: net revenue and orders (counted where their first line is)."""
    where = of_period(filters)
    return answers.ask(
        "SELECT month_start, payment_method, sum(net_revenue) AS net_revenue,"
        f" CAST(sum(leading_orders) AS BIGINT) AS orders FROM gold.daily_sales WHERE {where.text} AND lines > 0"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        **where.values,
    )
