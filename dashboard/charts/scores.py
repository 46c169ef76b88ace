"""Figures and tables of models: who is at risk, how good models were when tested, and how they fare in use."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.charts import bars, lines, points
from dashboard.charts.base import Chart, Listing, Look, records
from dashboard.formats import NOTHING, Formats, is_nothing
from dashboard.model_names import candidate_name, measure_name, problem_name

LEVELS = {"churn": "all", "clv": "value", "demand": "total revenue"}
"""Problem -> the level at which its candidates are drawn: errors of different levels have no axis in common."""
MOST_CANDIDATES, MOST_FEATURES = 10, 12


def people(look: Look, frame: pd.DataFrame) -> Listing:
    formats, rows = look.formats, records(frame)
    reasons = [
        "; ".join(str(row[f"churn_reason_{at}"]) for at in (1, 2, 3) if row[f"churn_reason_{at}"]) for row in rows
    ]
    shown = pd.DataFrame(
        {
            "Customer": [row["customer_id"] for row in rows],
            "Segment": [row["segment"] or NOTHING for row in rows],
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
    return Listing(shown, list(shown.columns)[2:6], wide=("What speaks for the risk",))


def risk(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
    names = [f"{row['tenth'] * 10}–{row['tenth'] * 10 + 10}" for row in records(frame)]
    sentences = [
        f"Risk of {name} %: {formats.count(row['customers'])} customers, {look.money_full(row['clv'])} lifetime value"
        for name, row in zip(names, records(frame), strict=True)
    ]
    return bars.columns(look, names, list(frame["customers"]), text=formats.short, sentences=sentences)


def calibration(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
    known = frame[frame["x"].notna() & frame["y"].notna()]
    curves = {
        candidate_name(str(name)): (list(part.sort_values("x")["x"]), list(part.sort_values("x")["y"]))
        for name, part in known.groupby("candidate")
    }
    return lines.curves(look, curves, text=lambda one: formats.percent(one, 0),
                        x_text=lambda one: formats.percent(one, 0), x_title="Risk that was told",
                        sentence=lambda name, x, y: f"{name}: told {formats.percent(x)}, true {formats.percent(y)}",
                        reference=([0, 1], [0, 1], "told = came true"))  # fmt: skip


def candidates(look: Look, frame: pd.DataFrame, problem: str, measure: str) -> Chart:
    """One point with its interval per candidate of a problem."""
    formats = look.formats
    of_level = frame["score_level"] == LEVELS[problem]
    chosen = frame[(frame["problem"] == problem) & (frame["score_measure"] == measure) & of_level].head(MOST_CANDIDATES)
    named = chosen.assign(
        name=[f"{candidate_name(row['candidate'])} ({row['candidate_role']})" for row in records(chosen)],
    )
    sentences = [
        f"{candidate_name(row['candidate'])}, {row['candidate_role']}: {measure_name(measure)}"
        f" {formats.number(row['score'], 3)}"
        + ("" if is_nothing(row["score_low"]) else f", surely between {formats.number(row['score_low'], 3)} and"
           f" {formats.number(row['score_high'], 3)}")
        for row in records(named)
    ]  # fmt: skip
    return points.intervals(look, named, name="name", value="score", low="score_low", high="score_high",
                            text=lambda one: formats.number(one, 2), sentences=sentences)  # fmt: skip


def scores(look: Look, frame: pd.DataFrame) -> Listing:
    formats, rows = look.formats, records(frame)
    shown = pd.DataFrame(
        {
            "Problem": [problem_name(row["problem"]) for row in rows],
            "Version": [str(row["model_version"]) for row in rows],
            "Model or baseline": [candidate_name(row["candidate"]) for row in rows],
            "Role": [row["candidate_role"] for row in rows],
            "Measure": [measure_name(str(row["score_measure"])) for row in rows],
            "Of": [str(row["score_level"]).replace("_", " ") for row in rows],
            "Score": [formats.number(row["score"], 3) for row in rows],
            "95 % interval": [
                "" if is_nothing(row["score_low"])
                else f"{formats.number(row['score_low'], 3)} to {formats.number(row['score_high'], 3)}"
                for row in rows
            ],
        }
    )  # fmt: skip
    return Listing(shown, ("Score", "95 % interval"))


def drift(look: Look, frame: pd.DataFrame) -> Chart:
    """The features that moved most; those below the limit of an alert are grey."""
    number, top = look.formats.number, frame.sort_values("figure", ascending=False).head(MOST_FEATURES)
    rows = records(top)
    names = [str(row["feature"]).replace("_", " ") for row in rows]
    sentences = [
        f"{name}: index {number(row['figure'], 2)}"
        + (f", an alert: it reaches {number(row['limit_value'], 2)}" if row["is_alert"] else ", no alert")
        for name, row in zip(names, rows, strict=True)
    ]
    drawn = bars.named(look, names, list(top["figure"]), text=lambda one: number(one, 2), sentences=sentences)
    colours = [look.palette.accent if row["is_alert"] else look.palette.reference for row in rows]
    drawn.figure.data[0].marker.color = colours
    if top["limit_value"].notna().any():
        line = {"color": look.palette.soft, "width": 1.2, "dash": "dash"}
        drawn.figure.add_vline(x=float(top["limit_value"].max()), line=line)
    return drawn


def came_true(look: Look, frame: pd.DataFrame) -> Listing:
    formats, rows = look.formats, records(frame)
    shown = pd.DataFrame(
        {
            "Problem": [problem_name(row["problem"]) for row in rows],
            "Of": ["All customers" if row["level"] == "all" else str(row["level"]) for row in rows],
            "Predicted on": [formats.day(row["predicted_on"]) for row in rows],
            "Measure": [measure_name(row["measure"]) for row in rows],
            "To be expected": [_said(formats, row, "expected") for row in rows],
            "Came true": [_said(formats, row, "figure") for row in rows],
        }
    )
    return Listing(shown, ("To be expected", "Came true"))


def _said(formats: Formats, row: dict[str, Any], column: str) -> str:
    """ROC-AUC and Brier scores as numbers, shares in per cent."""
    value = row[column]
    return formats.number(value, 3) if row["measure"] in ("roc_auc", "brier") else formats.percent(value)


def decisions(look: Look, frame: pd.DataFrame) -> Listing:
    formats, rows = look.formats, records(frame)
    shown = pd.DataFrame(
        {
            "When": [formats.instant(row["decided_at"]) for row in rows],
            "Problem": [problem_name(row["problem"]) for row in rows],
            "Decision": [_decided(row) for row in rows],
            "By": [_by(row) for row in rows],
            "Why": [row["details"] or NOTHING for row in rows],
        }
    )
    return Listing(shown)


def _decided(row: dict[str, Any]) -> str:
    version = row["model_version"]
    return {
        "settle": f"Version {version} is in use",
        "promote": f"Version {version} made champion",
        "rollback": f"Back to version {version}",
    }.get(row["decision"], f"{row['decision']}: version {version}")


def _by(row: dict[str, Any]) -> str:
    """A publication settles, a training promotes what it trained, anything else is a person's word."""
    if row["decision"] == "settle":
        return "A publication"
    return "A training" if str(row["details"] or "").startswith("training of ") else "A person"
