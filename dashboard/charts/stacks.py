"""Bars made of parts: shares over time, parts of a count; and plain bars over weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd

from dashboard.charts.base import SENTENCE, Chart, Look, axis, blank, listed, marks, name_rows, unlike_names

OTHER, UNKNOWN = "other", "unknown"
"""Grey, whatever their size: nothing is learnt of them."""
MOST_PARTS = 8
_BAR, _AROUND = 24, 56
Text = Callable[[float], str]


def shares(
    look: Look, frame: pd.DataFrame, *, at: str, part: str, value: str, full: Text, where: Callable[[object], str]
) -> Chart:
    """Columns of 100 %, one per value of `at`, split by `part`; at most eight parts, the rest are one."""
    table = frame.pivot_table(index=at, columns=part, values=value, aggfunc="sum", fill_value=0.0)
    order = table.sum().sort_values(ascending=False).index.tolist()
    kept = order if len(order) <= MOST_PARTS else order[: MOST_PARTS - 1]
    whole = table.sum(axis=1)
    labels = [where(one) for one in table.index]
    figure = blank(look, 300, barmode="stack", bargap=0.2, showlegend=True)
    said = []
    for place, name in enumerate([*kept, *([OTHER] if len(kept) < len(order) else [])]):
        amounts = table[name] if name in kept else table[order[MOST_PARTS - 1 :]].sum(axis=1)
        part_of = (amounts / whole.where(whole > 0)).fillna(0.0)
        sentences = [
            f"{label}: {name} {look.formats.percent(share)}, {full(amount)}"
            for label, share, amount in zip(labels, part_of, amounts, strict=True)
        ]
        figure.add_bar(
            x=labels,
            y=part_of,
            name=str(name),
            marker={
                "color": look.palette.reference if name in (OTHER, UNKNOWN) else look.palette.categories[place],
                "line": {"color": look.palette.card, "width": 1},
            },
            customdata=marks([name] * len(labels), sentences),
            hovertemplate=SENTENCE,
        )
        said.append(f"{name} {look.formats.percent(amounts.sum() / (whole.sum() or 1))}")
    figure.update_yaxes(**axis([0, 1], lambda one: look.formats.percent(one, 0)))
    step = -(-len(labels) // (4 if look.is_narrow else 8))
    figure.update_xaxes(type="category", tickangle=0, tickvals=labels[::step])
    return Chart(figure, f"Shares over {len(labels)} months; in all {listed(said, 4)}.")


def stacked(look: Look, frame: pd.DataFrame, *, name: str, parts: Mapping[str, str], text: Text, of: str) -> Chart:
    """Horizontal bars of parts; `parts`: column -> colour, in order from the left. Parts of nothing are left out."""
    names = [str(one) for one in frame[name]]
    shown = unlike_names(names, longest=36)
    figure = blank(look, _BAR * len(names) + _AROUND, barmode="stack", bargap=0.28, showlegend=True)
    said = []
    for part, colour in parts.items():
        values = [float(one) for one in frame[part]]
        if not any(values):
            continue
        sentences = [f"{one}: {text(value)} {of} {part}" for one, value in zip(names, values, strict=True)]
        said += sentences[:1]
        figure.add_bar(
            y=shown,
            x=values,
            name=part,
            orientation="h",
            marker={"color": colour, "line": {"color": look.palette.card, "width": 1}},
            customdata=marks(names, sentences),
            hovertemplate=SENTENCE,
        )
    whole = [sum(float(row[part]) for part in parts) for _, row in frame.iterrows()]
    figure.update_xaxes(**axis(whole, text, most=3 if look.is_narrow else 6), tickangle=0)
    name_rows(figure, look)
    figure.update_layout(legend={"traceorder": "normal"})
    return Chart(figure, f"{len(names)} bars of parts; {listed(said, 4)}.")


def over_time(
    look: Look, days: Sequence[date], values: Sequence[float], *, text: Text, sentences: Sequence[str]
) -> Chart:
    """A bar per week on an axis of time."""
    figure = blank(look, 220, bargap=0.15)
    figure.add_bar(
        x=list(days),
        y=list(values),
        marker={"color": look.palette.accent, "cornerradius": 2},
        customdata=marks([str(day) for day in days], sentences),
        hovertemplate=SENTENCE,
    )
    figure.update_yaxes(**axis(values, text))
    step = max(1, -(-len(days) // (3 if look.is_narrow else 6)))
    figure.update_xaxes(tickvals=list(days[::step]), ticktext=[look.formats.day(day) for day in days[::step]])
    figure.update_xaxes(tickangle=0)
    return Chart(figure, f"{len(days)} weeks; {listed(list(sentences))}.")
