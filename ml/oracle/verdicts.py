"""What the models in use said of the generated shop when they were tested, held against what can be reached at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from lakehouse.published import PublishedLake, open_published
from lakehouse.truth.marts import Figure
from lakehouse.world.generate import truth_folder
from ml.oracle.churn import churn_ceiling
from ml.oracle.demand import expected_weeks, figures

SOURCE = "shop"
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
    ceiling = churn_ceiling(published, truth, cut_off=cut_off, until=until)
    ours, recency = (scores[name, "roc_auc", "all"] for name in ("champion", "recency"))
    least = NEAR_INFORMED * ceiling.informed_auc
    yield Figure("churn: AUC of the informed oracle, the ceiling", "", f"{ceiling.informed_auc:.3f}", True)
    yield Figure("churn: AUC of who sees hidden rates and drop-outs", "", f"{ceiling.seeing_auc:.3f}", True)
    yield Figure("churn: AUC", f"≥ {least:.3f}", f"{ours:.3f}", ours >= least)
    least = recency + ABOVE_RECENCY
    yield Figure("churn: AUC against recency alone", f"≥ {least:.3f}", f"{ours:.3f}", ours >= least)
    brier, base = scores["champion", "brier", "all"], ceiling.churned * (1 - ceiling.churned)
    yield Figure("churn: Brier score against the base rate's", f"< {base:.4f}", f"{brier:.4f}", brier < base)
    accuracy, majority = scores["champion", "accuracy", "all"], max(ceiling.churned, 1 - ceiling.churned)
    said = f"{accuracy:.1%} (oracle {ceiling.informed_accuracy:.1%}, seeing {ceiling.seeing_accuracy:.1%})"
    yield Figure("churn: accuracy against the majority's", f"≥ {majority:.1%}", said, accuracy >= majority)


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
    if level != "product":
        most = NEAR_PERFECT * perfect
        title = f"demand: {name}: WAPE against the perfect forecaster's {perfect:.1%}"
        yield Figure(title, f"≤ {most:.1%}", f"{ours:.1%}", ours <= most)
    covered = scores["champion", "coverage_95", name]
    low, high = COVERED
    target, holds = f"{low:.0%} to {high:.0%}", low <= covered <= high
    yield Figure(f"demand: {name}: in the 95 % interval", target, f"{covered:.1%}", holds)
