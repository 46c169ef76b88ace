"""Points: two measures of many things, and estimates with their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import (
    SENTENCE,
    Chart,
    Look,
    axis,
    blank,
    listed,
    marks,
    name_rows,
    note,
    row_height,
    row_names,
)
from dashboard.formats import is_nothing
from dashboard.tokens import translucent

Text = Callable[[float], str]
_ROW, _AROUND = 34, 64


def cloud(
    look: Look,
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    x_text: Text,
    y_text: Text,
    x_title: str,
    y_title: str,
    ids: Sequence[object],
    sentences: Sequence[str],
    logarithmic: bool = False,
) -> Chart:
    """One point per row."""
    figure = blank(look, 340)
    figure.add_scatter(
        x=list(frame[x]),
        y=list(frame[y]),
        mode="markers",
        marker={
            "size": 8,
            "color": translucent(look.palette.accent, 0.55),
            "line": {"width": 0.5, "color": look.palette.card},
        },
        customdata=marks(ids, sentences),
        hovertemplate=SENTENCE,
    )
    values = [float(one) for one in frame[x]]
    across = axis(values, x_text, most=3 if look.is_narrow else 6) if not logarithmic else _decades(values, x_text)
    figure.update_xaxes(**across, title={"text": x_title}, showgrid=True)
    figure.update_yaxes(**axis([float(one) for one in frame[y]], y_text), title={"text": y_title})
    return Chart(figure, f"{len(frame)} points, {y_title} over {x_title}; {listed(list(sentences))}.")


def _decades(values: Sequence[float], text: Text) -> dict[str, object]:
    """A logarithmic axis with a tick for each power of ten."""
    low, high = (math.log10(max(one, 1.0)) for one in (min(values, default=1.0), max(values, default=10.0)))
    powers = range(math.floor(low), math.ceil(high) + 1)
    return {
        "type": "log",
        "tickvals": [10.0**one for one in powers],
        "ticktext": [text(10.0**one) for one in powers],
        "range": [low - 0.1, high + 0.1],
    }


def intervals(
    look: Look,
    frame: pd.DataFrame,
    *,
    name: str,
    value: str,
    low: str,
    high: str,
    text: Text,
    sentences: Sequence[str],
    beside: tuple[str, str] | None = None,
    mark: tuple[float, str] | None = None,
    value_name: str = "",
) -> Chart:
    """A point with its interval per row; `beside` (column, name) is a hollow grey one; `mark` a line with its name."""
    names = [str(one) for one in frame[name]]
    shown = row_names(look, names)
    figure = blank(look, row_height(shown, _ROW) * len(names) + _AROUND)
    _spans(figure, look, shown, list(frame[low]), list(frame[high]))
    solid = {"size": 10, "color": look.palette.accent}
    hollow = {"symbol": "diamond-open", "size": 10, "color": look.palette.soft, "line": {"width": 2}}
    for column, title, marker in (*(((*beside, hollow),) if beside else ()), (value, value_name, solid)):
        figure.add_scatter(x=list(frame[column]), y=shown, mode="markers", name=title, marker=marker,
                           customdata=marks(names, sentences), hovertemplate=SENTENCE)  # fmt: skip
    columns = [value, low, high, *([beside[0]] if beside else [])]
    known = [float(one) for column in columns for one in frame[column] if not is_nothing(one)]
    across = axis(known, text, most=3 if look.is_narrow else 6)
    figure.update_xaxes(**across, showgrid=True, side="bottom", tickangle=0)
    name_rows(figure, look, showgrid=True, categoryorder="array", categoryarray=shown)
    if mark:
        figure.add_vline(x=mark[0], line={"color": look.palette.soft, "width": 1.2, "dash": "dash"})
        note(figure, look, mark[1], x=mark[0], y=0, yref="paper", yanchor="bottom", xanchor="left", xshift=3)
    figure.update_layout(showlegend=bool(beside), margin={"t": 30})
    return Chart(figure, f"{len(names)} estimates with their intervals; {listed(list(sentences))}.")


def _spans(
    figure: go.Figure, look: Look, names: Sequence[str], low: Sequence[float | None], high: Sequence[float | None]
) -> None:
    """A bar from low to high for each that has both."""
    for name, left, right in zip(names, low, high, strict=True):
        if not is_nothing(left) and not is_nothing(right):
            figure.add_scatter(
                x=[left, right],
                y=[name] * 2,
                mode="lines",
                line={"color": translucent(look.palette.accent, 0.45), "width": 5},
                hoverinfo="skip",
                showlegend=False,
            )
