"""What gold says of the generated shop, held against its truth: cohorts, campaigns, daily orders, pairs of products."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from lakehouse.published import open_published
from lakehouse.world.generate import truth_folder

_TOTAL = "source_system = 'shop' AND series = 'total' AND measure = 'orders'"
TABLES = {
    "roi": "SELECT * FROM gold.campaign_roi WHERE source_system = 'shop' AND campaign_id <> '(none)'",
    "cohorts": "SELECT cohort_month, month_number, customers FROM gold.cohort_retention WHERE source_system = 'shop'",
    "days": f"SELECT * FROM gold.sales_decomposition WHERE {_TOTAL}",
    "series": f"SELECT * FROM gold.sales_series WHERE {_TOTAL}",
    "pairs": "SELECT * FROM gold.product_affinity WHERE source_system = 'shop' AND is_significant",
}
OUTCOMES = ("orders", "revenue", "margin")
Ask = Callable[[str], tuple[float, ...]]


@dataclass(frozen=True)
class Figure:
    """One figure, with what it should be and whether it is."""

    title: str
    target: str
    found: str
    holds: bool


@dataclass(frozen=True)
class CampaignLine:
    """One campaign: truth and estimates of its revenue."""

    campaign: str
    truth: float
    adjusted: float
    low: float
    high: float
    naive: float
    detectable: float
    power: float | None


@contextmanager
def _asked(landing: Path, lake: Path) -> Iterator[Ask]:
    truth = truth_folder(landing)
    with open_published(lake) as published:
        tables = {name: published.sql(sql).to_arrow_table() for name, sql in TABLES.items()}
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        for name in ("true_campaigns", "true_days", "true_pairs", "true_cohorts"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{truth}/{name}/*.parquet'")
        yield lambda sql: connection.sql(sql).fetchall()[0]


def campaign_lines(landing: Path, lake: Path) -> list[CampaignLine]:
    """One entry per campaign, in the order of their numbers."""
    truth = truth_folder(landing)
    with open_published(lake) as published:
        roi = published.sql(TABLES["roi"]).to_arrow_table()
    with duckdb.connect() as connection:
        connection.register("roi", roi)
        found = connection.sql(
            f"""SELECT campaign_id, coalesce(t.incremental_revenue, 0)::DOUBLE, adjusted_revenue::DOUBLE,
                adjusted_revenue_low::DOUBLE, adjusted_revenue_high::DOUBLE, naive_revenue::DOUBLE,
                detectable_revenue::DOUBLE, power_at_break_even
            FROM roi JOIN '{truth}/true_campaigns/*.parquet' AS t USING (campaign_id) ORDER BY campaign_id"""
        )
        return [CampaignLine(*row) for row in found.fetchall()]


def figures(landing: Path, lake: Path) -> list[Figure]:
    """All figures. Raises what `open_published` does where nothing is published."""
    with _asked(landing, lake) as ask:
        return [*_cohorts(ask), *campaign_figures(ask), *_decomposition(ask), *season_figures(ask), *_pairs(ask)]


def _cohorts(ask: Ask) -> Iterator[Figure]:
    (worst,) = ask(
        """SELECT max(abs(coalesce(c.customers, 0) - t.customers) / s.customers) FROM true_cohorts AS t
        JOIN true_cohorts AS s ON s.cohort_month = t.cohort_month AND s.month_number = 0
        LEFT JOIN cohorts AS c ON c.cohort_month = t.cohort_month AND c.month_number = t.month_number"""
    )
    yield Figure("cohorts: worst cell of retention", "± 2 points", f"{worst * 100:.2f}", worst <= 0.02)


def campaign_figures(ask: Ask) -> Iterator[Figure]:
    """Intervals that hold the truth and not the naive figure. Asks tables `roi` and `true_campaigns`."""
    (campaigns,) = ask("SELECT count(*) FROM true_campaigns")
    least = round(campaigns * 9 / 12)
    for how in ("incremental", "adjusted"):
        for what in OUTCOMES:
            name = f"{how}_{what}"
            (inside,) = ask(
                f"""SELECT count_if(coalesce(t.incremental_{what}, 0) BETWEEN {name}_low AND {name}_high)
                FROM true_campaigns AS t JOIN roi USING (campaign_id)"""
            )
            title = f"campaigns: truth inside the 95 % interval of {how} {what}"
            yield Figure(title, f"≥ {least} of {campaigns}", f"{inside}", inside >= least)
    naive, wider = ask(
        """SELECT count_if(naive_revenue NOT BETWEEN adjusted_revenue_low AND adjusted_revenue_high
                AND naive_revenue NOT BETWEEN incremental_revenue_low AND incremental_revenue_high),
            count_if(adjusted_revenue_high - adjusted_revenue_low > incremental_revenue_high - incremental_revenue_low)
        FROM roi"""
    )
    yield Figure("campaigns: naive revenue outside the interval", f"{campaigns}", f"{naive}", naive == campaigns)
    yield Figure("campaigns: adjusted interval wider than the plain one", "0", f"{wider}", wider == 0)
    naive_roi, estimate, low, high, true, planted = ask(
        """WITH pooled AS (SELECT sum(naive_revenue)::DOUBLE AS naive, sum(adjusted_revenue)::DOUBLE AS adjusted,
            1.96 * sqrt(sum(standard_error_revenue::DOUBLE ** 2)) AS half, sum(roi.spend)::DOUBLE AS spend,
            sum(t.incremental_revenue)::DOUBLE AS truth, sum(t.naive_value)::DOUBLE AS planted
            FROM roi JOIN true_campaigns AS t USING (campaign_id))
        SELECT naive / spend - 1, adjusted / spend - 1, (adjusted - half) / spend - 1, (adjusted + half) / spend - 1,
            truth / spend - 1, planted / spend - 1 FROM pooled"""
    )
    naive_holds = not low <= naive_roi <= high
    target = f"some {round(planted, 0) * 100:,.0f}%, outside"
    yield Figure("all campaigns: NAIVE return on revenue", target, f"{naive_roi:,.0%}", naive_holds)
    found = f"{estimate:,.0%} ({low:,.0%} to {high:,.0%})"
    yield Figure("all campaigns: incremental return on revenue", f"{true:,.0%}", found, low <= true <= high)


def _decomposition(ask: Ask) -> Iterator[Figure]:
    (week,) = ask(
        """WITH found AS (SELECT isodow(full_date) AS d, ln(1 + avg(weekly / trend)) AS f FROM days GROUP BY d),
        planted AS (SELECT isodow(day) AS d, ln(avg(week)) AS f FROM true_days GROUP BY d)
        SELECT max(abs((found.f - (SELECT avg(f) FROM found)) - (planted.f - (SELECT avg(f) FROM planted))))
        FROM found JOIN planted USING (d)"""
    )
    yield Figure("orders: worst weekday factor, log", "± 0.07", f"{week:.3f}", week <= 0.07)
    made, planted = ask(
        """WITH later AS (SELECT a.day, a.expected_orders + a.expected_campaign_orders AS now,
            b.expected_orders + b.expected_campaign_orders AS before
            FROM true_days AS a JOIN true_days AS b ON a.day = b.day + 365)
        SELECT (SELECT 1 + any_value(year_on_year) FROM series), sum(now) / sum(before) FROM later
        WHERE day > (SELECT max(day) FROM true_days) - 365"""
    )
    off = abs(made / planted - 1)
    yield Figure("orders: year on year", f"{planted - 1:.1%} ± 5 %", f"{made - 1:.1%}", off <= 0.05)


def season_figures(ask: Ask) -> Iterator[Figure]:
    """A year is a season only over more than two of them: before that it stays in the trend, and sales stand out."""
    (days,) = ask("SELECT count(yearly) FROM days")
    planted = "expected_orders / (week * season)" if days else "expected_orders / (week * peak)"
    (r,) = ask(f"SELECT corr(trend, {planted}) FROM days JOIN true_days ON day = full_date")
    yield Figure("orders: trend against the planted one, r", "≥ 0.95", f"{r:.3f}", r >= 0.95)
    if days:
        # In orders, as the parts add up; by weeks, of which each is there but a few times.
        (r,) = ask(
            """SELECT corr(made, planted) FROM (
                SELECT avg(yearly) AS made, avg(expected_orders / week * (1 - 1 / season)) AS planted
                FROM days JOIN true_days ON day = full_date GROUP BY week(full_date))"""
        )
        yield Figure("orders: yearly season by weeks against the planted one, r", "≥ 0.95", f"{r:.3f}", r >= 0.95)
    else:
        flagged, sale = ask(
            """SELECT count_if(is_anomaly AND remainder > 0), count(*) FROM days JOIN true_days ON day = full_date
            WHERE is_black_friday"""
        )
        yield Figure("orders: Black Friday days flagged", f"≥ 6 of 8 ({sale})", f"{flagged}", flagged >= sale * 0.75)


def _pairs(ask: Ask) -> Iterator[Figure]:
    planted, found, wrong = ask(
        """WITH called AS (SELECT DISTINCT least(product_id, companion_id) AS a,
            greatest(product_id, companion_id) AS b FROM pairs),
        planted AS (SELECT least(product_id, companion_id) AS a,
            greatest(product_id, companion_id) AS b FROM true_pairs)
        SELECT (SELECT count(*) FROM planted), (SELECT count(*) FROM called SEMI JOIN planted USING (a, b)),
            (SELECT count(*) FROM called ANTI JOIN planted USING (a, b))"""
    )
    yield Figure("pairs: planted ones found", f"≥ {planted * 0.9:.0f} of {planted}", f"{found}", found >= planted * 0.9)
    yield Figure("pairs: false ones", f"≤ {planted * 0.1:.0f}", f"{wrong}", wrong <= planted * 0.1)
