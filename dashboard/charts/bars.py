"""Bars: ranked values, changes from zero, two figures side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import (
    SENTENCE,
    Chart,
    Look,
    axis,
    blank,
    compared,
    labels,
    listed,
    marks,
    name_rows,
    row_height,
    row_names,
)
from dashboard.formats import is_nothing
from dashboard.tokens import NOTE

_BAR, _AROUND = 30, 26
"""Height of a horizontal bar with the gap to the next, and of what is above and below all of them, in px."""
_OUTSIDE = 1.24
"""How much longer than the longest bar an axis is, so that labels beside bars are not cut."""
_LEFT_ON_A_PHONE = 0.5
"""What part of the bars' range a label left of them takes on a telephone."""
Text = Callable[[float], str]


def ranked(
    look: Look,
    frame: pd.DataFrame,
    *,
    name: str,
    value: str,
    text: Text,
    full: Text,
    former: str = "",
    against: str = "",
    of: str = "",
    chosen: Sequence[str] = (),
) -> Chart:
    """Horizontal bars in the order of the frame, labelled; behind each the wider grey one of the former period.

    `of`: what the values are, for sentences, as 'net of returns'. Bars that a filter leaves out are grey too.
    """
    values = [float(one) for one in frame[value]]
    names = [str(one) for one in frame[name]]
    shown = row_names(look, names)
    then = [float(one) for one in frame[former]] if former else []
    sentences = [
        " ".join(filter(None, (f"{names[at]}:", full(values[at]), of)))
        + (compared(look, values[at], then[at], against) if then else "")
        for at in range(len(names))
    ]
    figure = blank(look, row_height(shown, _BAR) * len(names) + _AROUND, barmode="overlay")
    colours = [look.palette.reference if chosen and one not in chosen else look.palette.accent for one in names]
    for amounts, colour, width in ((then, look.palette.reference, 0.74), (values, colours, 0.4 if then else 0.66)):
        if amounts:
            figure.add_bar(y=shown, x=amounts, width=width, orientation="h", hovertemplate=SENTENCE,
                           marker={"color": colour, "cornerradius": 3}, customdata=marks(names, sentences))  # fmt: skip
    _label(figure, look, shown, [max(0.0, one, *(then[at : at + 1])) for at, one in enumerate(values)],
           [text(one) for one in values])  # fmt: skip
    low, high = min([*values, *then, 0.0]), max([*values, *then, 0.0]) or 1.0
    figure.update_xaxes(visible=False, range=[low * _OUTSIDE, high * _OUTSIDE])
    name_rows(figure, look)
    return Chart(figure, f"{len(names)} bars; {listed(sentences)}.")


def _label(figure: go.Figure, look: Look, names: Sequence[str], ends: Sequence[float], texts: Sequence[str]) -> None:
    """A text behind the end of each bar, or of the longer one where two lie on each other."""
    figure.add_scatter(
        y=list(names),
        x=list(ends),
        mode="text",
        text=[f" {one}" for one in texts],
        textposition="middle right",
        textfont={"size": NOTE + 1, "color": look.palette.ink},
        cliponaxis=False,
        hoverinfo="skip",
    )


def named(
    look: Look,
    names: Sequence[str],
    values: Sequence[float],
    *,
    text: Text,
    sentences: Sequence[str],
    longest: int = 24,
) -> Chart:
    """Horizontal bars with their own sentences."""
    shown = row_names(look, names, longest)
    figure = blank(look, row_height(shown, _BAR) * len(names) + _AROUND, bargap=0.34)
    figure.add_bar(
        y=shown,
        x=list(values),
        orientation="h",
        marker={"color": look.palette.accent, "cornerradius": 3},
        text=[text(one) for one in values],
        **labels(look),
        customdata=marks(names, sentences),
        hovertemplate=SENTENCE,
    )
    figure.update_xaxes(visible=False, range=[0, max([*values, 0]) * _OUTSIDE or 1])
    name_rows(figure, look)
    return Chart(figure, f"{len(names)} bars; {listed(list(sentences))}.")


def diverging(
    look: Look,
    frame: pd.DataFrame,
    *,
    name: str,
    value: str,
    text: Text,
    sentences: Sequence[str],
    ids: Sequence[object] | None = None,
) -> Chart:
    """Horizontal bars to both sides of zero: ▲ better to the right, ▼ worse to the left."""
    values = [float(one) for one in frame[value]]
    names = [str(one) for one in frame[name]]
    palette = look.palette
    said = [f"{'▲' if one >= 0 else '▼'} {text(one)}" for one in values]
    shown = row_names(look, names)
    figure = blank(look, row_height(shown, _BAR) * len(names) + _AROUND, bargap=0.34)
    figure.add_bar(
        y=shown,
        x=values,
        orientation="h",
        marker={"color": [palette.better if one >= 0 else palette.worse for one in values], "cornerradius": 3},
        text=said,
        **labels(look),
        customdata=marks(ids or names, sentences),
        hovertemplate=SENTENCE,
    )
    figure.update_xaxes(
        range=_around(values, 0.7 if look.is_narrow else 0.4),
        showticklabels=False,
        zeroline=True,
        zerolinecolor=palette.reference,
    )
    name_rows(figure, look)
    return Chart(figure, f"{len(names)} bars around zero; {listed(list(sentences))}.")


def _around(values: Sequence[float], room: float) -> list[float]:
    """The range of an axis with room for labels, a share of all of it, on each side that has bars."""
    low, high = min([*values, 0.0]), max([*values, 0.0])
    sides = (low < 0) + (high > 0)
    reach = ((high - low) or 1.0) / (1 - room * sides / 2) * room / 2 if sides else 0.5
    return [low - reach if low < 0 else 0.0, high + reach if high > 0 or not sides else 0.0]


def pairs(
    look: Look,
    frame: pd.DataFrame,
    *,
    name: str,
    first: tuple[str, str],
    second: tuple[str, str],
    text: Text,
    ids: Sequence[object] | None = None,
) -> Chart:
    """Two horizontal bars for each row, the first in the accent, the second grey; (column, its name)."""
    names = [str(one) for one in frame[name]]
    shown = row_names(look, names)
    figure = blank(look, 44 * len(names) + 56, barmode="group", bargap=0.3, bargroupgap=0.08, showlegend=True)
    said = []
    for (column, title), colour in ((second, look.palette.reference), (first, look.palette.accent)):
        values = [None if is_nothing(one) else float(one) for one in frame[column]]
        sentences = [
            f"{names[at]}: {title} {text(one) if one is not None else 'not known'}" for at, one in enumerate(values)
        ]
        said += sentences[:2]
        figure.add_bar(
            y=shown,
            x=values,
            name=title,
            orientation="h",
            marker={"color": colour, "cornerradius": 3},
            text=["" if one is None else text(one) for one in values],
            **labels(look),
            customdata=marks(ids or names, sentences),
            hovertemplate=SENTENCE,
        )
    known = [float(one) for column, _ in (first, second) for one in frame[column] if not is_nothing(one)]
    figure.update_xaxes(visible=False, range=_with_room(look, known))
    name_rows(figure, look)
    figure.update_layout(legend={"traceorder": "reversed"})
    return Chart(figure, f"Two bars for each of {len(names)}; {listed(said, 4)}.")


def _with_room(look: Look, values: Sequence[float]) -> list[float]:
    """From zero, with as much room for a label left of a negative bar as right of a positive one."""
    low, high = min([*values, 0.0]), max([*values, 0.0]) or 1.0
    room = _LEFT_ON_A_PHONE if look.is_narrow else _OUTSIDE - 1
    return [low - (high - low) * room if low < 0 else 0.0, high * _OUTSIDE]


def brought(look: Look, frame: pd.DataFrame, *, name: str, revenue: str, count: str) -> Chart:
    """How many bring how much: of each row the share of revenue beside that of `count`, a column of what is counted."""
    shares = frame.assign(
        _of_count=frame[count] / frame[count].sum(),
        _of_revenue=frame[revenue] / frame[revenue].sum(),
    )
    return pairs(look, shares, name=name, first=("_of_revenue", "share of revenue"),
                 second=("_of_count", f"share of {count}"), text=look.formats.percent)  # fmt: skip


def columns(
    look: Look,
    names: Sequence[str],
    values: Sequence[float],
    *,
    text: Text,
    sentences: Sequence[str],
    height: int = 260,
) -> Chart:
    """Upright bars whose order means something, labelled where there are at most twelve, on a telephone six."""
    figure = blank(look, height, bargap=0.3)
    figure.add_bar(
        x=list(names),
        y=list(values),
        marker={"color": look.palette.accent, "cornerradius": 3},
        text=[text(one) for one in values] if len(values) <= (6 if look.is_narrow else 12) else None,
        **labels(look),
        customdata=marks(list(names), sentences),
        hovertemplate=SENTENCE,
    )
    step = _step(names, 300 if look.is_narrow else 480)
    figure.update_xaxes(type="category", tickangle=0, tickvals=list(names[::step]))
    line = axis(values, text)
    line["range"] = [line["range"][0], line["range"][1] * 1.06]
    figure.update_yaxes(**line)
    return Chart(figure, f"{len(names)} bars; {listed(list(sentences))}.")


def _step(names: Sequence[str], width: int) -> int:
    """Every how many-th name has room below a chart of so many px."""
    needed = 7 * max((len(one) + 1 for one in names), default=1) * len(names)
    return max(1, -(-needed // width))
