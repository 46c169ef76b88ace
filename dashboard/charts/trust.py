"""Tables of where data comes from: what publications brought, and what stands behind a figure."""

from __future__ import annotations

import pandas as pd

from dashboard.charts.base import Listing, Look, records
from dashboard.formats import MINUS, NOTHING, Formats, is_nothing

_OUTCOMES = {
    "rows": "Rows",
    "accepted": "Accepted",
    "superseded": "Superseded",
    "quarantined": "In quarantine",
    "other": "Other",
}


def growth(look: Look, frame: pd.DataFrame) -> Listing:
    """Tables that changed most come first."""
    formats = look.formats
    size = frame["difference"].fillna(frame["rows"]).abs()
    rows = records(frame.assign(_size=size).sort_values(["_size", "table_name"], ascending=[False, True]))
    shown = pd.DataFrame(
        {
            "Table": [row["table_name"] for row in rows],
            "Rows": [formats.count(row["rows"]) for row in rows],
            "Rows before": [formats.count(row["former_rows"]) for row in rows],
            "Difference": [_difference(formats, row["difference"]) for row in rows],
        }
    )
    return Listing(shown, list(shown.columns)[1:])


def _difference(formats: Formats, value: float | None) -> str:
    if is_nothing(value):
        return "new"
    return formats.count(0) if not value else f"{'+' if value > 0 else MINUS}{formats.count(abs(value))}"


def behind(look: Look, frame: pd.DataFrame) -> Listing:
    rows = records(frame)
    shown = pd.DataFrame(
        {
            "Table": [row["table_name"] for row in rows],
            "Rows": [look.formats.count(row["rows"]) for row in rows],
            "Made from": [row["made_from"] for row in rows],
        }
    )
    return Listing(shown, ("Rows",))


def files(look: Look, frame: pd.DataFrame) -> Listing:
    formats, rows = look.formats, records(frame)
    shown = pd.DataFrame(
        {
            "File": [NOTHING if pd.isna(row["file"]) else row["file"] for row in rows],
            "Feed": [str(row["feed"]).replace("_", " ") for row in rows],
        }
    )
    for column, name in _OUTCOMES.items():
        shown[name] = [formats.count(row[column]) for row in rows]
    shown["Loaded"] = [NOTHING if pd.isna(row["loaded_at"]) else formats.day(row["loaded_at"]) for row in rows]
    return Listing(shown, list(_OUTCOMES.values()))
