"""What the models in use said of the generated shop when they were tested, held against what can be reached at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb

from lakehouse.published import PublishedLake, open_published
from lakehouse.settings import load_settings
from lakehouse.truth.marts import Figure
from lakehouse.world.generate import MARK, truth_folder
from lakehouse.world.profile import load_profile
from ml.oracle.churn import ORACLES, ceilings
from ml.oracle.churn import figures as churn_figures
from ml.oracle.demand import expected_weeks, figures

SOURCE, ALL = "shop", "all"
KNOWS = {
    "informed": "AUC of the informed oracle: planted parameters, and each customer's orders",
    "classed": "AUC of one who also knows the segment that the shop gave the customer",
    "all_seeing": "AUC of one who sees hidden rates and who has left: the ceiling",
}
LEVELS = ("total", "category", "product")
AGAINST_NAIVE = {"total": 0.80, "category": 0.80, "product": 0.97}
"""Level -> the most of the error of seasonal naive."""
NEAR_PERFECT, NEAR_INFORMED, ABOVE_RECENCY = 1.25, 0.97, 0.03
COVERED = (0.90, 0.98)
Scores = Mapping[tuple[str, str, str], float]
"""Candidate (`champion` for the one in use), measure and level -> the figure on the test window."""


class NoScores(Exception):
    """No model of the shop is in use; the message says what to do. Exit code 1."""


def verdicts(landing: Path, lake: Path) -> list[Figure]:
    """All figures of churn and demand. Raises NoScores, and what `open_published` does where nothing is published."""
    truth = truth_folder(landing)
    with open_published(lake) as published:
        return [*_churn(published, truth), *_demand(published, truth)]


def _scores(published: PublishedLake, problem: str) -> tuple[Scores, date, date]:
    """The measures of a problem, and the window that they were taken on."""
    rows = published.sql(
        f"""SELECT candidate, candidate_role, score_measure, score_level, score, tested_from, tested_until
        FROM gold.model_scores
        WHERE source_system = '{SOURCE}' AND problem = '{problem}' AND score_fold = 'test'"""
    ).fetchall()
    if not rows:
        raise NoScores(f"no model of {problem} is in use for {SOURCE}: `lakehouse run` trains one")
    found: dict[tuple[str, str, str], float] = {}
    for candidate, role, measure, level, score, *_ in rows:
        found[candidate, measure, level] = score
        if role == "champion":
            found["champion", measure, level] = score
    return found, rows[0][-2], rows[0][-1]


def _churn(published: PublishedLake, truth: Path) -> Iterator[Figure]:
    scores, cut_off, until = _scores(published, "churn")
    known = _ceilings(published, truth, cut_off, until)
    for oracle in ORACLES:
        said = f"{known[oracle]['roc_auc']:.3f}, accuracy {known[oracle]['accuracy']:.1%}"
        yield Figure(f"churn: {KNOWS[oracle]}", "", said, True)
    ours, recency = (scores[name, "roc_auc", ALL] for name in ("champion", "recency"))
    least = NEAR_INFORMED * known["informed"]["roc_auc"]
    yield Figure("churn: AUC against the informed oracle's", f"≥ {least:.3f}", f"{ours:.3f}", ours >= least)
    least = recency + ABOVE_RECENCY
    yield Figure("churn: AUC against recency alone", f"≥ {least:.3f}", f"{ours:.3f}", ours >= least)
    brier, base = scores["champion", "brier", ALL], known["majority"]["brier"]
    yield Figure("churn: Brier score against the base rate's", f"< {base:.4f}", f"{brier:.4f}", brier < base)
    accuracy, majority = scores["champion", "accuracy", ALL], known["majority"]["accuracy"]
    holds = accuracy >= majority
    yield Figure("churn: accuracy against the majority's", f"≥ {majority:.1%}", f"{accuracy:.1%}", holds)


def _ceilings(published: PublishedLake, truth: Path, cut_off: date, until: date) -> dict[str, dict[str, float]]:
    """Oracle -> measure -> value for the customers that the model was tested on."""
    orders = published.sql(
        f"SELECT customer_id, order_date FROM gold.order_totals"
        f" WHERE source_system = '{SOURCE}' AND customer_id IS NOT NULL"
    ).df()
    segments = published.sql(
        f"""SELECT customer_id, customer_segment FROM gold.dim_customer
        WHERE source_system = '{SOURCE}' AND customer_id IS NOT NULL AND customer_segment IS NOT NULL
            AND valid_from < '{cut_off}'::TIMESTAMPTZ AND valid_to >= '{cut_off}'::TIMESTAMPTZ"""
    ).fetchall()
    with duckdb.connect() as connection:
        hidden = connection.sql(f"SELECT * FROM '{truth}/true_customers/*.parquet'").df()
    found = ceilings(
        orders,
        hidden,
        load_profile(json.loads((truth / MARK).read_text())["profile"]),
        cut_off=cut_off,
        horizon_days=(until - cut_off).days,
        look_back_days=load_settings().models.churn.look_back_days,
        segments=dict(segments),
    )
    return churn_figures(found)


def _demand(published: PublishedLake, truth: Path) -> Iterator[Figure]:
    scores, first, until = _scores(published, "demand")
    actual = published.sql(
        f"""SELECT date_trunc('week', d.full_date)::TIMESTAMP AS week_start, p.product_id,
            coalesce(p.category, 'unknown') AS category, sum(d.lines)::DOUBLE AS lines,
            sum(d.net_revenue)::DOUBLE AS revenue
        FROM gold.product_days AS d JOIN gold.dim_product AS p
            ON p.product_durable_key = d.product_durable_key AND p.is_current
        WHERE d.source_system = '{SOURCE}' GROUP BY 1, 2, 3"""
    ).df()
    found = figures(expected_weeks(truth), actual, first=first, until=until)
    perfect = {(one.level, one.measure): one.wape for one in found}
    for measure in ("lines", "revenue"):
        for level in LEVELS:
            yield from _of_level(scores, f"{level} {measure}", level, perfect[level, measure])
    near = scores["champion", "wape", "category lines"]
    yield Figure("demand: category lines: WAPE", "≤ 15 %", f"{near:.1%}", near <= 0.15)
    total = scores["champion", "mape", "total revenue"]
    yield Figure("demand: total revenue: MAPE", "≤ 10 %", f"{total:.1%}", total <= 0.10)


def _of_level(scores: Scores, name: str, level: str, perfect: float) -> Iterator[Figure]:
    ours, naive = (scores[candidate, "wape", name] for candidate in ("champion", "seasonal_naive"))
    most = AGAINST_NAIVE[level] * naive
    yield Figure(f"demand: {name}: WAPE against seasonal naive", f"≤ {most:.1%}", f"{ours:.1%}", ours <= most)
    most = NEAR_PERFECT * perfect
    title = f"demand: {name}: WAPE, the perfect forecaster's being {perfect:.1%}"
    # Only of categories is it asked: a total is a matter of luck in a quarter, and products of chance altogether.
    target = f"≤ {most:.1%}" if level == "category" else ""
    yield Figure(title, target, f"{ours:.1%}", not target or ours <= most)
    covered = scores["champion", "coverage_95", name]
    low, high = COVERED  # of a total's 13 weeks just 12 lie within: one more or less is 8 points
    holds = low <= covered <= high
    yield Figure(f"demand: {name}: in the 95 % interval", f"{low:.0%} to {high:.0%}", f"{covered:.1%}", holds)
