"""Marts against the truth: what is close to it holds, and what is not does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import pytest

from lakehouse.truth.marts import campaign_figures, season_figures

DAYS = """
    CREATE TABLE true_days AS
    SELECT day, 1 + 0.2 * cos(2 * pi() * dayofyear(day) / 365) AS year_wave, 100 + 0.05 * number AS level,
        number % 360 < 4 AS is_black_friday, if(is_black_friday, 2.0, 1.0) AS peak, year_wave * peak AS season,
        1.0 AS week, level * season AS expected_orders
    FROM (SELECT DATE '2021-01-01' + number::INT AS day, number FROM range(1095) AS t(number))
"""
SHORT = """
    CREATE TABLE days AS
    SELECT day AS full_date, level * year_wave AS trend, NULL::DOUBLE AS yearly, 0.0 AS remainder,
        is_black_friday AS is_anomaly FROM true_days
"""
LONG = """
    CREATE TABLE days AS
    SELECT day AS full_date, level AS trend, level * (season - 1) AS yearly, 0.0 AS remainder, false AS is_anomaly
    FROM true_days
"""
Judge = Callable[..., dict[str, bool]]


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Whether each figure holds for days made by one statement and changed by another."""
    with duckdb.connect() as connection:

        def ask(query: str) -> tuple[float, ...]:
            return connection.sql(query).fetchall()[0]

        def said(made: str, *changes: str) -> dict[str, bool]:
            for statement in (DAYS, made, *changes):
                connection.execute(statement)
            return {one.title.split()[1]: one.holds for one in season_figures(ask)}

        yield said


def test_of_less_than_two_years_sales_stand_out(judge: Judge) -> None:
    assert judge(SHORT, "UPDATE days SET remainder = if(is_anomaly, 1, 0)") == {"trend": True, "Black": True}


def test_sales_that_do_not_stand_out_do_not_hold(judge: Judge) -> None:
    assert judge(SHORT, "UPDATE days SET is_anomaly = false") == {"trend": True, "Black": False}


def test_of_three_years_the_yearly_season_is_judged(judge: Judge) -> None:
    assert judge(LONG) == {"trend": True, "yearly": True}


def test_a_season_at_another_time_of_the_year_does_not_hold(judge: Judge) -> None:
    late = """UPDATE days SET yearly = other.yearly FROM days AS other
        WHERE other.full_date = days.full_date - 90 OR (days.full_date < DATE '2021-04-01'
            AND other.full_date = days.full_date + 275)"""
    assert judge(LONG, late) == {"trend": True, "yearly": False}


def test_a_trend_that_falls_does_not_hold(judge: Judge) -> None:
    assert judge(LONG, "UPDATE days SET trend = 200 - trend") == {"trend": False, "yearly": True}


def naive_holds(campaigns: int, inside: int) -> bool:
    """Of so many campaigns, of which so many have a naive figure within their intervals."""
    bounds = ", ".join(
        f"0 AS {how}_{what}_low, 200 AS {how}_{what}_high"
        for how in ("incremental", "adjusted")
        for what in ("orders", "revenue", "margin")
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"""CREATE TABLE roi AS SELECT id AS campaign_id, if(id < {inside}, 190, 500) AS naive_revenue,
                100 AS adjusted_revenue, 50 AS standard_error_revenue, 10 AS spend, {bounds}
            FROM range({campaigns}) AS t(id)"""
        )
        connection.execute(
            """CREATE TABLE true_campaigns AS SELECT campaign_id, 100 AS incremental_orders,
                100 AS incremental_revenue, 100 AS incremental_margin, naive_revenue AS naive_value FROM roi"""
        )
        found = list(campaign_figures(lambda query: connection.sql(query).fetchall()[0]))
    return next(one.holds for one in found if one.title.startswith("campaigns: naive"))


@pytest.mark.parametrize("campaigns", [12, 27])
def test_no_naive_figure_may_be_within_the_interval(campaigns: int) -> None:
    assert naive_holds(campaigns, inside=0)
    assert not naive_holds(campaigns, inside=1)
