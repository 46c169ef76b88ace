"""What is to be expected, of whom, how good are those who say so, and how do they fare in use?"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.charts import lines
from dashboard.charts import scores as charts
from dashboard.data import monitoring, people, scores
from dashboard.formats import NOTHING
from dashboard.model_names import candidate_name, measure_name, problem_name
from dashboard.shell import bar, kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

TABLES = ("gold.customer_predictions", "gold.demand_forecast", "gold.model_scores", "gold.model_curves")
LEVELS = {"total": "All sales", "category": "Category", "product": "Product"}
LEADING = {"churn": ("roc_auc", "brier", "pr_auc"), "clv": ("mae", "rmse"), "demand": ("wape", "mase")}
"""Problem -> the measures that are shown as bars, as far as they were taken."""
FOLLOWED = people.APPLIED


def kpis(page: Page) -> list[Kpi]:
    look, formats = page.look, page.look.formats
    ahead = scores.ahead(page.answers, page.filters).first()
    people = scores.at_stake(page.answers, page.filters).first()
    drifted = monitoring.drift(page.answers, page.filters).table.to_pylist()
    alerts = sum(1 for row in drifted if row["is_alert"])
    weeks = int(ahead["weeks"])
    return [
        Kpi(f"Revenue of the next {formats.count(weeks)} weeks" if weeks else "Revenue to come", "revenue to come",
            look.money(ahead["revenue"])),
        Kpi("Likely to leave", "likely to leave", formats.count(people["leaving"]),
            note=f"Of {formats.count(people['scored'])} customers who were scored."),
        Kpi("Lifetime value at stake", "likely to leave", look.money(people["leaving_clv"]),
            note="Of those who are likely to leave."),
        Kpi("Lifetime value of all", "lifetime value", look.money(people["clv"])),
        Kpi("Features that drifted", "drift",
            f"{formats.count(alerts)} of {formats.count(len(drifted))}" if drifted else NOTHING),
    ]  # fmt: skip


def name_of(row: dict[str, Any]) -> str:
    level = LEVELS.get(row["series_level"], row["series_level"])
    return level if row["series_level"] == "total" else f"{level}: {row['series_value']}"


def demand(page: Page) -> None:
    """The forecast of one series, chosen by the reader."""
    found = scores.levels(page.answers, page.filters)
    spec = Tile("forecast", "Demand to come", "forecast", f"Weeks ahead, seen from {page.seen_from}")
    if found.is_empty:
        tile.sentence(page, spec, words.NOT_TRAINED)
        return
    rows = found.table.to_pylist()
    names = {f"{name_of(row)}, {row['measure']}": row for row in rows}
    name = str(st.selectbox("Series", list(names), key="forecast_of", width=320, **bar.KEPT))
    row = names.get(name, rows[0])
    look, formats = page.look, page.look.formats
    is_money = "revenue" in row["measure"]
    text = look.money if is_money else formats.short
    full = look.money_full if is_money else lambda one: formats.number(one, 0)
    key = (row["series_level"], row["series_value"], row["measure"])
    before = scores.weeks_before(page.answers, page.filters, *key).frame()
    if row["series_level"] == "product":
        before = before.iloc[:0]
    spec = Tile("forecast", f"{name_of(row)}: what is to come", "forecast", f"Weeks ahead, seen from {page.seen_from}",
                f"{row['measure']}{', ' + look.currency if is_money else ''}; method:"
                f" {candidate_name(row['forecast_method'])}")  # fmt: skip
    tile.chart(page, spec, lambda: scores.forecast(page.answers, page.filters, *key),
               lambda frame: lines.fan(look, before, frame, text=text, full=full, of=row["measure"]))  # fmt: skip


def of_customers(page: Page) -> None:
    """Who is at risk and worth what, and whether the risk that is told comes true."""
    answers, filters, seen = page.answers, page.filters, f"Seen from {page.seen_from}"
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("risk", "Customers by churn risk", "churn risk", seen, "Customers by risk in %", FOLLOWED,
                              empty=words.nobody_scored(bool(filters.only(*FOLLOWED).in_force))),
                   lambda: scores.risk_and_value(answers, filters), partial(charts.risk, page.look))  # fmt: skip
    with right:
        tile.chart(page, Tile("calibration", "Does the risk that is told come true?", "calibration", "Test window",
                              "Share", empty=words.NOT_TRAINED),
                   lambda: scores.curve(answers, filters, "churn", "calibration"),
                   partial(charts.calibration, page.look))  # fmt: skip
    for key, title, figure, order in (
        ("leaving", "Customers most likely to leave, and why", "churn risk", "churn"),
        ("worth", "Customers of most lifetime value", "lifetime value", "clv"),
    ):
        spec = Tile(
            key,
            title,
            figure,
            seen,
            filters.currency,
            FOLLOWED,
            empty=words.nobody_scored(bool(filters.only(*FOLLOWED).in_force)),
        )
        tile.table(page, spec, partial(scores.customers, answers, filters, order), partial(charts.people, page.look))


def champions(page: Page) -> None:
    """For each problem, champion, challengers and baselines by its leading measures."""
    found = scores.scores(page.answers, page.filters)
    taken = {
        (row["problem"], row["score_measure"])
        for row in found.table.to_pylist()
        if row["score_level"] == charts.LEVELS.get(row["problem"])
    }
    shown = [
        (problem, measure) for problem, wanted in LEADING.items() for measure in wanted if (problem, measure) in taken
    ]
    for at in range(0, len(shown), 2):
        for place, (problem, measure) in zip(st.columns(2), shown[at : at + 2], strict=False):
            with place:
                tile.chart(page, Tile(f"score-{problem}-{measure}", f"{problem_name(problem)}, champion and others",
                                      "model score", "Test window",
                                      f"{measure_name(measure)}, {charts.LEVELS[problem]}"),
                           lambda: scores.scores(page.answers, page.filters),
                           lambda frame, p=problem, m=measure: charts.candidates(page.look, frame, p, m))  # type: ignore[misc]  # fmt: skip
    tile.table(page, Tile("scores", "All scores on the test window", "model score", "Newest version of each problem",
                          empty=words.NOT_TRAINED),
               lambda: scores.scores(page.answers, page.filters), partial(charts.scores, page.look))  # fmt: skip


def in_use(page: Page) -> None:
    """How the models in use fare: drift, what came true, and who made them champions."""
    answers, filters = page.answers, page.filters
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("drift", "Are customers still those that the model learned from?", "drift",
                              f"Latest scoring up to publication {page.number}",
                              f"Index, the {charts.MOST_FEATURES} that moved most; from the line on an alert",
                              empty=words.NO_DRIFT),
                   lambda: monitoring.drift(answers, filters), partial(charts.drift, page.look))  # fmt: skip
    with right:
        tile.table(page, Tile("came-true", "What was predicted, and what came true", "came true",
                              f"Predictions whose horizon is over by {page.seen_from}", empty=words.NOTHING_CAME_TRUE),
                   lambda: monitoring.came_true(answers, filters), partial(charts.came_true, page.look))  # fmt: skip
        tile.table(page, Tile("decisions", "Who decided which model is in use", "model decision",
                              f"Up to publication {page.number}", empty=words.NO_DECISIONS),
                   lambda: monitoring.decisions(answers, filters), partial(charts.decisions, page.look))  # fmt: skip


def draw(page: Page) -> None:
    if not page.answers.has(*TABLES):
        st.info(words.NO_PREDICTIONS, icon=":material/model_training:")
        return
    if scores.levels(page.answers, page.filters).is_empty and scores.scores(page.answers, page.filters).is_empty:
        st.info(words.NOT_TRAINED, icon=":material/model_training:")
        return
    kpi.row(page, kpis(page))
    demand(page)
    of_customers(page)
    in_use(page)
    champions(page)


if __name__ == "__main__":
    draw(open_page("Forecast & Models", FOLLOWED))
