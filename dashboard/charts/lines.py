"""Lines: a period beside the former one, curves of several groups, forecasts with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import SENTENCE, Chart, Look, axis, blank, compared, listed, marks, note, records
from dashboard.tokens import NOTE, translucent

Text = Callable[[float], str]


def trend(
    look: Look,
    points: Sequence[date],
    now: Sequence[float],
    then: Sequence[float | None],
    *,
    of: str,
    against: str,
    label: Callable[[date], str],
    tick: Callable[[date], str],
    is_partial: bool = False,
    height: int = 280,
) -> Chart:
    """The period in the accent over the former one in grey; a last point that is not over yet is dashed.

    `then`: as long as `now`, None where there is nothing; empty where nothing is compared.
    """
    sentences = [
        f"{label(point)}: {look.money_full(value)} {of}{compared(look, value, then[at] if then else None, against)}"
        for at, (point, value) in enumerate(zip(points, now, strict=True))
    ]
    figure = blank(look, height, hovermode="x")
    if then:
        grey = look.palette.reference
        figure.add_scatter(
            x=list(points), y=list(then), mode="lines", line={"color": grey, "width": 2}, name=against, hoverinfo="skip"
        )
    _period(figure, look, points, now, sentences, len(now) - 1 if is_partial and len(now) > 1 else len(now))
    known = [*now, *(one for one in then if one is not None)]
    figure.update_yaxes(**axis(known, look.money))
    shown = _some(points, 4 if look.is_narrow else 6)
    figure.update_xaxes(tickvals=shown, ticktext=[tick(one) for one in shown], tickangle=0)
    _name_lines(figure, look, [("this period", look.palette.accent), *([(against, look.palette.soft)] if then else [])])
    return Chart(figure, _said(look, points, now, then, of, against, label))


def _period(
    figure: go.Figure,
    look: Look,
    points: Sequence[date],
    now: Sequence[float],
    sentences: Sequence[str],
    whole: int,
) -> None:
    """The line of the period: drawn up to the points that are over, dotted from there on."""
    style = {"color": look.palette.accent, "width": 2.4}
    ids = [str(one) for one in points]
    figure.add_scatter(
        x=list(points[:whole]),
        y=list(now[:whole]),
        mode="lines+markers" if whole <= 31 else "lines",
        line=style,
        marker={"size": 5},
        customdata=marks(ids[:whole], sentences[:whole]),
        hovertemplate=SENTENCE,
    )
    if whole < len(now):
        figure.add_scatter(
            x=list(points[whole - 1 :]),
            y=list(now[whole - 1 :]),
            mode="lines+markers",
            line=style | {"dash": "dot"},
            marker={"size": [0, 6], "symbol": "circle-open"},
            customdata=marks(ids[whole - 1 :], [sentences[-2], f"{sentences[-1]} (not over yet)"]),
            hovertemplate=SENTENCE,
        )


def _said(
    look: Look,
    points: Sequence[date],
    now: Sequence[float],
    then: Sequence[float | None],
    of: str,
    against: str,
    label: Callable[[date], str],
) -> str:
    best = max(range(len(now)), key=lambda at: now[at])
    before = sum(one for one in then if one is not None) if then else None
    return (
        f"Line over {len(now)} points: {look.money_full(sum(now))} {of}{compared(look, sum(now), before, against)};"
        f" highest at {label(points[best])} with {look.money_full(now[best])}."
    )


def _some(points: Sequence[date], most: int) -> list[date]:
    """Points that carry a label: the first, and every so many."""
    step = max(1, -(-len(points) // most))
    return list(points[::step])


def _name_lines(figure: go.Figure, look: Look, names: Sequence[tuple[str, str]]) -> None:
    """Names of lines above the plot, in their colours, with a dash that shows them."""
    text = "&nbsp;&nbsp;&nbsp;".join(f'<span style="color:{colour}"><b>—</b> {name}</span>' for name, colour in names)
    figure.update_layout(margin={"t": 34})
    note(figure, look, text, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10)


def curves(
    look: Look,
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    text: Text,
    x_text: Text,
    x_title: str,
    sentence: Callable[[str, float, float], str],
    reference: tuple[Sequence[float], Sequence[float], str] | None = None,
    height: int = 300,
    first_is_message: bool = False,
) -> Chart:
    """A line for each group, named at its end; `reference` is a grey one beside them, such as perfect equality."""
    figure = blank(look, height)
    shown = [*lines.values(), *([reference[:2]] if reference else [])]
    all_x = [x for xs, _ in shown for x in xs]
    all_y = [y for _, ys in shown for y in ys]
    if reference:
        _refer(figure, look, reference)
    for place, (name, (xs, ys)) in enumerate(lines.items()):
        message = look.palette.accent if first_is_message else look.palette.categories[place % 8]
        colour = message if place == 0 or not first_is_message else look.palette.reference
        figure.add_scatter(
            x=list(xs),
            y=list(ys),
            name=name,
            mode="lines+markers" if len(xs) <= 20 else "lines",
            line={"color": colour, "width": 2.2 if place == 0 else 1.7},
            marker={"size": 5},
            customdata=marks([name] * len(xs), [sentence(name, x, y) for x, y in zip(xs, ys, strict=True)]),
            hovertemplate=SENTENCE,
        )
    across = axis(all_x, x_text, most=3 if look.is_narrow else 6)
    figure.update_xaxes(**across, title={"text": x_title})
    figure.update_yaxes(**axis(all_y, text))
    figure.update_layout(showlegend=len(lines) > 1)
    said = [sentence(name, xs[-1], ys[-1]) for name, (xs, ys) in lines.items() if len(xs)]
    return Chart(figure, f"{len(lines)} lines; {listed(said, 4)}.")


def _refer(figure: go.Figure, look: Look, reference: tuple[Sequence[float], Sequence[float], str]) -> None:
    xs, ys, name = reference
    grey = {"color": look.palette.reference, "width": 1.5, "dash": "dash"}
    figure.add_scatter(x=list(xs), y=list(ys), mode="lines", line=grey, hoverinfo="skip", showlegend=False)
    x, y = ((one[0] + one[-1]) / 2 for one in (xs, ys))
    note(figure, look, name, x=x, y=y, xanchor="left", yanchor="top", xshift=6)


def fan(look: Look, before: pd.DataFrame, ahead: pd.DataFrame, *, text: Text, full: Text, of: str) -> Chart:
    """What came true, then what is to be expected, with 80 % and 95 % intervals as bands of the same hue.

    `before`: week_start, value. `ahead`: week_start, forecast, low_80, high_80, low_95, high_95.
    """
    figure = blank(look, 300)
    accent = look.palette.accent
    weeks = list(ahead["week_start"])
    _bands(figure, look, ahead)
    sentences = [
        f"Week of {look.formats.day(row['week_start'].date())}: {full(row['forecast'])} {of} expected, with 80 %"
        f" certainty {full(row['low_80'])} to {full(row['high_80'])}"
        for row in records(ahead)
    ]
    past = [
        f"Week of {look.formats.day(row['week_start'].date())}: {full(row['value'])} {of}" for row in records(before)
    ]
    figure.add_scatter(
        x=list(before["week_start"]),
        y=list(before["value"]),
        mode="lines",
        line={"color": look.palette.soft, "width": 2},
        customdata=marks([str(one) for one in before["week_start"]], past),
        hovertemplate=SENTENCE,
    )
    figure.add_scatter(
        x=weeks,
        y=list(ahead["forecast"]),
        mode="lines+markers",
        line={"color": accent, "width": 2.4, "dash": "dot"},
        marker={"size": 5},
        customdata=marks([str(one) for one in weeks], sentences),
        hovertemplate=SENTENCE,
    )
    figure.update_yaxes(**axis([*before["value"], *ahead["high_95"], *ahead["low_95"]], text))
    names = [("known", look.palette.soft), ("expected, with 80 % and 95 % intervals", accent)]
    _name_lines(figure, look, names)
    return Chart(figure, f"Forecast of {len(weeks)} weeks; {listed(sentences, 1)}.")


def _bands(figure: go.Figure, look: Look, ahead: pd.DataFrame) -> None:
    """The 95 % interval, and upon it the 80 % one, which is darker by that."""
    weeks = list(ahead["week_start"])
    for low, high, share in (("low_95", "high_95", 0.15), ("low_80", "high_80", 0.25)):
        figure.add_scatter(
            x=[*weeks, *reversed(weeks)],
            y=[*ahead[high], *reversed(list(ahead[low]))],
            fill="toself",
            fillcolor=translucent(look.palette.accent, share),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
        )


def newcomers(look: Look, frame: pd.DataFrame) -> Chart:
    """Customers by month: those of the first order below, those who came back above."""
    figure = blank(look, 280, barmode="stack", bargap=0.25)
    months = [look.formats.month(one.date()) for one in frame["order_month"]]
    count = look.formats.count
    said = []
    for column, name, done, colour in (
        ("newcomers", "first order", "ordered for the first time", look.palette.accent),
        ("returning", "came back", "came back", look.palette.categories[1]),
    ):
        sentences = [
            f"{month}: {count(value)} customers {done}" + (" (month not over yet)" if partial else "")
            for month, value, partial in zip(months, frame[column], frame["is_partial"], strict=True)
        ]
        said.append(sentences[-1])
        figure.add_bar(
            x=months,
            y=list(frame[column]),
            name=name,
            marker={"color": colour, "line": {"color": look.palette.card, "width": 1}},
            customdata=marks(months, sentences),
            hovertemplate=SENTENCE,
        )
    figure.update_layout(showlegend=True, legend={"font": {"size": NOTE + 1}})
    figure.update_yaxes(**axis([*(frame["newcomers"] + frame["returning"])], count))
    figure.update_xaxes(
        type="category", tickvals=months[:: -(-len(months) // (4 if look.is_narrow else 8))], tickangle=0
    )
    return Chart(figure, f"Customers over {len(months)} months; {listed(said)}.")
