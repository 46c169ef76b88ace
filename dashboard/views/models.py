"""What is to be expected, of whom, and how good are those who say so?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, lines, points
from dashboard.charts.base import Chart, records
from dashboard.data import scores
from dashboard.data.answers import Answer
from dashboard.formats import is_nothing
from dashboard.shell import bar, tile
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

TABLES = ("gold.customer_predictions", "gold.demand_forecast", "gold.model_scores", "gold.model_curves")
LEVELS = {"total": "All sales", "category": "Category", "product": "Product"}
PROBLEMS = {"churn": "Churn", "clv": "Lifetime value", "demand": "Demand"}
LEADING = {"churn": ("roc_auc", "brier", "pr_auc"), "clv": ("mae", "rmse"), "demand": ("wape", "mase")}
"""Problem -> the measures that are shown as bars, as far as they were taken."""
MOST_CANDIDATES = 10


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
                f"{row['measure']}{', ' + look.currency if is_money else ''}; by {row['forecast_method']}")  # fmt: skip
    tile.chart(page, spec, lambda: scores.forecast(page.answers, page.filters, *key),
               lambda frame: lines.fan(look, before, frame, text=text, full=full, of=row["measure"]))  # fmt: skip


def people(page: Page, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    look, formats = page.look, page.look.formats
    rows = records(frame)
    reasons = [
        "; ".join(str(row[f"churn_reason_{at}"]) for at in (1, 2, 3) if row[f"churn_reason_{at}"]) for row in rows
    ]
    shown = pd.DataFrame(
        {
            "Customer": [row["customer_id"] for row in rows],
            "Churn risk": [formats.percent(row["churn_probability"]) for row in rows],
            "Lifetime value": [look.money_full(row["clv"]) for row in rows],
            "80 % interval": [
                "" if is_nothing(row["clv_low"]) else f"{look.money(row['clv_low'])} to {look.money(row['clv_high'])}"
                for row in rows
            ],
            "Orders to come": [formats.number(row["orders_ahead"], 1) for row in rows],
            "What speaks for the risk": reasons,
        }
    )
    right = st.column_config.TextColumn
    return shown, {name: right(name, alignment="right") for name in list(shown.columns)[1:5]}


def risk(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    names = [f"{row['tenth'] * 10}–{row['tenth'] * 10 + 10}" for row in records(frame)]
    sentences = [
        f"Risk of {name} %: {formats.count(row['customers'])} customers, {look.money_full(row['clv'])} lifetime value"
        for name, row in zip(names, records(frame), strict=True)
    ]
    return bars.columns(look, names, list(frame["customers"]), text=formats.short, sentences=sentences)


def calibration(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    known = frame[frame["x"].notna() & frame["y"].notna()]
    curves = {
        str(name): (list(part.sort_values("x")["x"]), list(part.sort_values("x")["y"]))
        for name, part in known.groupby("candidate")
    }
    return lines.curves(page.look, curves, text=lambda one: formats.percent(one, 0),
                        x_text=lambda one: formats.percent(one, 0), x_title="Risk that was told",
                        sentence=lambda name, x, y: f"{name}: told {formats.percent(x)}, true {formats.percent(y)}",
                        reference=([0, 1], [0, 1], "told = came true"))  # fmt: skip


def candidates(page: Page, frame: pd.DataFrame, problem: str, measure: str) -> Chart:
    """One point with its interval per candidate of a problem."""
    formats = page.look.formats
    chosen = frame[(frame["problem"] == problem) & (frame["score_measure"] == measure)].head(MOST_CANDIDATES)
    said = measure.replace("_", " ").upper()
    named = chosen.assign(
        name=[f"{row['candidate']} ({row['candidate_role']})" for row in records(chosen)],
    )
    sentences = [
        f"{row['candidate']}, {row['candidate_role']}: {said} {formats.number(row['score'], 3)}"
        + ("" if is_nothing(row["score_low"]) else f", surely between {formats.number(row['score_low'], 3)} and"
           f" {formats.number(row['score_high'], 3)}")
        for row in records(named)
    ]  # fmt: skip
    return points.intervals(page.look, named, name="name", value="score", low="score_low", high="score_high",
                            text=lambda one: formats.number(one, 2), sentences=sentences)  # fmt: skip


def listing(page: Page, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    formats = page.look.formats
    rows = records(frame)
    shown = pd.DataFrame(
        {
            "Problem": [PROBLEMS.get(row["problem"], row["problem"]) for row in rows],
            "Version": [str(row["model_version"]) for row in rows],
            "Model or baseline": [row["candidate"] for row in rows],
            "Role": [row["candidate_role"] for row in rows],
            "Measure": [str(row["score_measure"]).replace("_", " ").upper() for row in rows],
            "Of": [str(row["score_level"]).replace("_", " ") for row in rows],
            "Score": [formats.number(row["score"], 3) for row in rows],
            "95 % interval": [
                "" if is_nothing(row["score_low"])
                else f"{formats.number(row['score_low'], 3)} to {formats.number(row['score_high'], 3)}"
                for row in rows
            ],
        }
    )  # fmt: skip
    right = st.column_config.TextColumn
    return shown, {name: right(name, alignment="right") for name in ("Score", "95 % interval")}


def champions(page: Page) -> None:
    """For each problem, champion, challengers and baselines by its leading measures."""
    found = scores.scores(page.answers, page.filters)
    taken = {(row["problem"], row["score_measure"]) for row in found.table.to_pylist()}
    shown = [
        (problem, measure) for problem, wanted in LEADING.items() for measure in wanted if (problem, measure) in taken
    ]
    for at in range(0, len(shown), 2):
        for place, (problem, measure) in zip(st.columns(2), shown[at : at + 2], strict=False):
            with place:
                said = measure.replace("_", " ").upper()
                tile.chart(page, Tile(f"score-{problem}-{measure}", f"{PROBLEMS[problem]}: champion and challengers",
                                      "model score", "Test window", said),
                           lambda: scores.scores(page.answers, page.filters),
                           lambda frame, p=problem, m=measure: candidates(page, frame, p, m))  # type: ignore[misc]  # fmt: skip
    tile.table(page, Tile("scores", "All scores on the test window", "model score", "Newest version of each problem",
                          empty=words.NOT_TRAINED),
               lambda: scores.scores(page.answers, page.filters), lambda frame: listing(page, frame))  # fmt: skip


def draw(page: Page) -> None:
    answers, filters = page.answers, page.filters
    missing = [name for name in TABLES if not answers.has(name)]
    if missing:
        st.info(words.not_in_publication(missing), icon=":material/info:")
        st.info(words.NOT_TRAINED, icon=":material/model_training:")
        return
    demand(page)
    seen = f"Seen from {page.seen_from}"
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("risk", "Customers by churn risk", "churn risk", seen, "Customers by risk in %",
                              empty=words.NOT_TRAINED),
                   lambda: scores.risk_and_value(answers, filters), lambda frame: risk(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("calibration", "Does the risk that is told come true?", "calibration", "Test window",
                              "Share", empty=words.NOT_TRAINED),
                   lambda: scores.curve(answers, filters, "churn", "calibration"),
                   lambda frame: calibration(page, frame))  # fmt: skip
    for key, title, order in (("leaving", "Customers most likely to leave, and why", "churn"),
                              ("worth", "Customers of most lifetime value", "clv")):  # fmt: skip
        figure = "churn risk" if order == "churn" else "lifetime value"

        def ask(order: str = order) -> Answer:
            return scores.customers(answers, filters, order)

        tile.table(page, Tile(key, title, figure, seen, filters.currency, empty=words.NOT_TRAINED), ask,
                   lambda frame: people(page, frame))  # fmt: skip
    champions(page)


if __name__ == "__main__":
    draw(open_page("Forecast & Models"))
