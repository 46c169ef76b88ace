"""A daily series taken apart: value and trend, the week, the year, what is left, with what is out of the ordinary."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts.base import SENTENCE, Chart, Look, axis, listed, marks, records
from dashboard.themes.plotly import template
from dashboard.tokens import NOTE

Text = Callable[[float], str]
_PARTS = {"trend": "Trend over the days", "weekly": "Week", "yearly": "Year", "remainder": "What is left"}


def decomposition(look: Look, frame: pd.DataFrame, *, text: Text, full: Text, of: str) -> Chart:
    """Panels over one time axis. `frame`: full_date, value, trend, weekly, yearly, remainder, is_anomaly,
    is_change_point; a part that is NULL throughout has no panel."""
    parts = [name for name in _PARTS if frame[name].notna().any()]
    figure = make_subplots(rows=len(parts), cols=1, shared_xaxes=True, vertical_spacing=0.07,
                           row_heights=[2.2, *[1] * (len(parts) - 1)],
                           subplot_titles=[_PARTS[name] for name in parts])  # fmt: skip
    figure.update_layout(template=template(look.palette), height=180 + 110 * len(parts), showlegend=False)
    figure.update_layout(margin={"t": 24})
    figure.update_annotations(font={"size": NOTE + 1, "color": look.palette.soft}, x=0, xanchor="left")
    days = list(frame["full_date"])
    figure.add_scatter(
        x=days, y=list(frame["value"]), mode="lines", line={"color": look.palette.reference, "width": 1}, row=1, col=1,
        hoverinfo="skip",
    )  # fmt: skip
    for at, name in enumerate(parts, 1):
        colour = look.palette.accent if name != "remainder" else look.palette.soft
        sentences = [
            f"{look.formats.day(day.date())}: {_PARTS[name].lower()} {full(one)}"
            for day, one in zip(days, frame[name], strict=True)
        ]
        figure.add_scatter(
            x=days, y=list(frame[name]), mode="lines", line={"color": colour, "width": 2.2 if at == 1 else 1.2},
            customdata=marks([str(day.date()) for day in days], sentences), hovertemplate=SENTENCE, row=at, col=1,
        )  # fmt: skip
        values = [*frame[name].dropna(), *(frame["value"] if at == 1 else [])]
        line = axis(values, text, most=6 if at == 1 else 2)
        figure.update_yaxes(**line, row=at, col=1)
    said = _anomalies(look, figure, frame, full, of, len(parts))
    changed = [day for day, is_one in zip(days, frame["is_change_point"], strict=True) if is_one]
    for day in changed:
        figure.add_vline(x=day, line={"color": look.palette.warned, "width": 1, "dash": "dot"}, row=1, col=1)
    levels = listed([look.formats.day(day.date()) for day in changed], 6)
    return Chart(
        figure, f"{len(days)} days taken apart; out of the ordinary: {listed(said)}; new levels from: {levels}."
    )


def _anomalies(look: Look, figure: go.Figure, frame: pd.DataFrame, full: Text, of: str, last: int) -> list[str]:
    """Marks the days out of the ordinary; returns what there is to say of them, the furthest first."""
    odd = frame[frame["is_anomaly"].astype(bool)]
    odd = odd.reindex(odd["remainder"].abs().sort_values(ascending=False).index)
    sentences = [
        f"{look.formats.day(row['full_date'].date())}: {full(row['value'])} {of}, {full(abs(row['remainder']))}"
        f" {'more' if row['remainder'] > 0 else 'less'} than trend and season explain"
        for row in records(odd)
    ]
    for place, column in ((1, "value"), (last, "remainder")):
        figure.add_scatter(
            x=list(odd["full_date"]), y=list(odd[column]), mode="markers",
            marker={"symbol": "diamond", "size": 7, "color": look.palette.categories[5]},
            customdata=marks([str(day.date()) for day in odd["full_date"]], sentences), hovertemplate=SENTENCE,
            row=place, col=1,
        )  # fmt: skip
    return sentences
