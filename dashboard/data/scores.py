"""What models say of customers and of demand, and how good they were when they were tested."""

from __future__ import annotations

from dashboard.data.answers import Answer, Answers
from dashboard.data.filters import Filters, of_market
from dashboard.data.people import SCORED, of_people

MOST_SHOWN = 100
LIKELY = 0.5
"""Churn probability from which on a customer is more likely to leave than to stay."""


def levels(answers: Answers, filters: Filters) -> Answer:
    """One row per series that has a forecast."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT series_level, series_value, measure, max(series_state) AS series_state, max(forecast_method) AS"
        f" forecast_method, sum(forecast) AS forecast FROM gold.demand_forecast WHERE {where.text} GROUP BY 1, 2, 3"
        " ORDER BY CASE series_level WHEN 'total' THEN 0 WHEN 'category' THEN 1 ELSE 2 END, forecast DESC, 2, 3",
        **where.values,
    )


def forecast(answers: Answers, filters: Filters, level: str, value: str, measure: str) -> Answer:
    """One row per week ahead of the series: what is to be expected, with its 80 % and 95 % intervals."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT week_start, forecast, low_80, high_80, low_95, high_95 FROM gold.demand_forecast WHERE"
        f" series_level = $level AND series_value = $value AND measure = $measure AND {where.text} ORDER BY 1",
        level=level,
        value=value,
        measure=measure,
        **where.values,
    )


def weeks_before(answers: Answers, filters: Filters, level: str, value: str, measure: str) -> Answer:
    """One row per whole week (from Monday) of the last year before the forecast: revenue or units that came true.

    Of the total and of categories; products have no series here.
    """
    where = of_market(filters.only())
    column = "units" if measure == "units" else "net_revenue"
    of_category = " AND category = $value" if level == "category" else ""
    wanted = {"value": value} if level == "category" else {}
    return answers.ask(
        f"""
        WITH first AS (
            SELECT min(week_start) AS week_start FROM gold.demand_forecast WHERE source_system = $source
        )
        SELECT CAST(date_trunc('week', full_date) AS DATE) AS week_start, CAST(sum({column}) AS DOUBLE) AS value
        FROM gold.daily_sales WHERE {where.text}{of_category}
            AND full_date < (SELECT week_start FROM first)
            AND full_date >= (SELECT week_start - INTERVAL 364 DAY FROM first)
        GROUP BY 1 ORDER BY 1
        """,
        **wanted,
        **where.values,
    )


def customers(answers: Answers, filters: Filters, order: str) -> Answer:
    """The customers most likely to leave (`churn`) or worth most (`clv`), at most 100, with what speaks for it."""
    where = of_people(filters)
    column = {"churn": "churn_probability", "clv": "clv"}[order]
    return answers.ask(
        f"{SCORED} SELECT customer_id, segment, churn_probability, churn_reason_1, churn_reason_2, churn_reason_3,"
        f" orders_ahead, clv, clv_low, clv_high, churn_method, clv_method FROM people WHERE {where.text}"
        f" AND {column} IS NOT NULL ORDER BY {column} DESC, customer_id LIMIT {MOST_SHOWN}",
        **where.values,
    )


def risk_and_value(answers: Answers, filters: Filters) -> Answer:
    """One row per tenth of churn probability: customers, and the lifetime value that stands behind them."""
    where = of_people(filters)
    return answers.ask(
        f"{SCORED} SELECT CAST(least(floor(churn_probability * 10), 9) AS INTEGER) AS tenth, count(*) AS customers,"
        f" sum(clv) AS clv FROM people WHERE {where.text} AND churn_probability IS NOT NULL GROUP BY 1 ORDER BY 1",
        **where.values,
    )


def at_stake(answers: Answers, filters: Filters) -> Answer:
    """One row: customers who were scored, those more likely to leave than not, lifetime value of all and of these."""
    where = of_people(filters)
    return answers.ask(
        f"{SCORED} SELECT count(churn_probability) AS scored,"
        f" count(*) FILTER (churn_probability >= {LIKELY}) AS leaving, sum(clv) AS clv,"
        f" sum(clv) FILTER (churn_probability >= {LIKELY}) AS leaving_clv"
        f" FROM people WHERE {where.text}",
        **where.values,
    )


def ahead(answers: Answers, filters: Filters) -> Answer:
    """One row: revenue of all sales to be expected over the weeks ahead, and how many weeks these are."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT count(*) AS weeks, sum(forecast) AS revenue FROM gold.demand_forecast WHERE series_level = 'total'"
        f" AND measure = 'revenue' AND {where.text}",
        **where.values,
    )


def value_basis(answers: Answers, filters: Filters) -> Answer:
    """One row: what lifetime value is of (margin or revenue), and how many months ahead it looks; NULL without one."""
    where = of_market(filters.only())
    return answers.ask(
        "SELECT mode(clv_basis) AS clv_basis, CAST(max(len(clv_months)) AS INTEGER) AS months"
        f" FROM gold.customer_predictions WHERE {where.text}",
        **where.values,
    )


def scores(answers: Answers, filters: Filters) -> Answer:
    """One row per measure of each model and baseline on the test window, of the newest version of each problem."""
    return answers.ask(
        "SELECT problem, model_version, candidate, candidate_role, score_measure, score_level, score, score_low,"
        " score_high, tested_from, tested_until FROM gold.model_scores WHERE source_system = $source AND"
        " score_fold = 'test' QUALIFY model_version = max(model_version) OVER (PARTITION BY problem)"
        " ORDER BY problem, score_measure, score_level, candidate_role, candidate",
        source=filters.source,
    )


def curve(answers: Answers, filters: Filters, problem: str, curve: str) -> Answer:
    """The points of a curve of the newest version of a problem: x, y and cases of each candidate."""
    return answers.ask(
        "SELECT candidate, place, label, x, y, cases FROM gold.model_curves WHERE source_system = $source AND"
        " problem = $problem AND curve = $curve QUALIFY model_version = max(model_version) OVER ()"
        " ORDER BY candidate, label, place",
        source=filters.source,
        problem=problem,
        curve=curve,
    )
