"""Heat maps: a grid of two dimensions, and the days of a year. What is not known stays blank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.base import SENTENCE, Chart, Look, blank, listed, marks, records
from dashboard.formats import is_nothing
from dashboard.themes.plotly import scale
from dashboard.tokens import NOTE, between, readable_on

_CELL = 30
MOST_COLUMNS_WITH_NUMBERS = 14
"""With more columns a cell is narrower than its number on a card of 1280 px."""
_MOST_ON_A_PHONE = 6
_MOST_BESIDE_NAMES = 3
"""On a telephone, where names of rows take half of the width."""
_SHORT_NAME = 4
_LONGEST_ON_A_PHONE = 8
"""Letters of a name (a month has eight); longer ones stand upright."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def grid(
    look: Look,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    text: Callable[[float], str],
    sentence: Callable[[int, int, float], str],
    ids: Sequence[Sequence[object]] | None = None,
    from_zero: bool = True,
    x_title: str = "",
    y_title: str = "",
    tall: int = _CELL,
    most_numbered: int = MOST_COLUMNS_WITH_NUMBERS,
) -> Chart:
    """One cell per row and column, the first row on top. None stays blank; colours begin at zero."""
    least, most = _extent(values, from_zero=from_zero)
    sentences = [
        [sentence(at, across, one) if not is_nothing(one) else "" for across, one in enumerate(row)]
        for at, row in enumerate(values)
    ]
    keys = ids or [[""] * len(columns)] * len(rows)
    numbered = len(columns) <= (_most_on_a_phone(rows) if look.is_narrow else most_numbered)
    figure = blank(look, tall * len(rows) + 56)
    said = [marks(list(keys[at]), row) for at, row in enumerate(sentences)]
    _cells(figure, look, values, said, (least, most), showscale=not numbered,
           colorbar=_scale([least, most], [text(least), text(most)], look))  # fmt: skip
    if numbered:
        _number(figure, look, values, text, least, most)
    _name_cells(figure, look, rows, columns, x_title, y_title)
    return Chart(figure, f"{len(rows)} by {len(columns)} cells; greatest: {listed(_greatest(values, sentences))}.")


def _most_on_a_phone(rows: Sequence[str]) -> int:
    """How many columns have room for numbers beside the names of the rows."""
    return _MOST_BESIDE_NAMES if max(map(len, rows), default=0) > _SHORT_NAME else _MOST_ON_A_PHONE


def _cells(
    figure: go.Figure,
    look: Look,
    values: Sequence[Sequence[float | None]],
    said: Sequence[Sequence[object]],
    extent: tuple[float, float],
    **colours: object,
) -> None:
    """The coloured cells, each with its id and sentence."""
    figure.add_heatmap(
        z=[[None if is_nothing(one) else one for one in row] for row in values],
        zmin=extent[0],
        zmax=extent[1],
        colorscale=scale(look.palette.one_way),
        xgap=2,
        ygap=2,
        customdata=said,
        hovertemplate=SENTENCE,
        hoverongaps=False,
        **colours,
    )


def _extent(values: Sequence[Sequence[float | None]], *, from_zero: bool) -> tuple[float, float]:
    """What the lightest and the darkest colour stand for."""
    known = [float(one) for row in values for one in row if not is_nothing(one)]
    most = max((abs(one) for one in known), default=1.0) or 1.0
    return min([*known, 0.0]) if from_zero else min(known, default=0.0) * 0.9, most


def _greatest(values: Sequence[Sequence[float | None]], sentences: Sequence[Sequence[str]]) -> list[str]:
    """What there is to say of each cell, the greatest first."""
    cells = [pair for row, line in zip(values, sentences, strict=True) for pair in zip(row, line, strict=True)]
    return [said for one, said in sorted(cells, key=lambda pair: -abs(pair[0] or 0)) if not is_nothing(one)]


def _name_cells(
    figure: go.Figure, look: Look, rows: Sequence[str], columns: Sequence[str], x_title: str, y_title: str
) -> None:
    """Names of columns on top, as many as there is room for, and of rows on the left."""
    longest = max(map(len, columns), default=0)
    is_upright = look.is_narrow and longest > _LONGEST_ON_A_PHONE
    room = (2 if longest > 4 else 5) if look.is_narrow and not is_upright else 12
    step = max(1, -(-len(columns) // room))
    at = list(range(0, len(columns), step))
    plain = {"showgrid": False, "zeroline": False}
    figure.update_xaxes(
        tickvals=at, ticktext=list(columns[::step]), side="top", tickangle=-90 if is_upright else 0,
        title={"text": x_title}, **plain,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=list(rows), autorange="reversed", title={"text": y_title},
        ticklabelstandoff=4, **plain,
    )  # fmt: skip


def _number(
    figure: go.Figure,
    look: Look,
    values: Sequence[Sequence[float | None]],
    text: Callable[[float], str],
    least: float,
    most: float,
) -> None:
    """The number of each cell, in whichever of ink and card can be read on its colour."""
    cells = [(at, across, one) for at, row in enumerate(values) for across, one in enumerate(row)]
    known = [(at, across, one) for at, across, one in cells if not is_nothing(one)]
    under = [between(look.palette.one_way, (one - least) / ((most - least) or 1)) for *_, one in known]
    figure.add_scatter(
        x=[across for _, across, _ in known],
        y=[at for at, *_ in known],
        mode="text",
        text=[text(one) for *_, one in known],
        textfont={"size": NOTE, "color": [readable_on(colour, look.palette) for colour in under]},
        hoverinfo="skip",
    )


def year(look: Look, frame: pd.DataFrame, since: date, until: date, *, value: str) -> Chart:
    """One cell per day, weeks from left to right, weekdays from top to bottom; days without a figure stay blank.

    `frame`: full_date, the value (money), orders.
    """
    first = since - timedelta(days=since.weekday())
    weeks = (until - first).days // 7 + 1
    amounts, data = _days(look, frame, first, weeks, value)
    known = sorted(one for row in amounts for one in row if one is not None)
    figure = blank(look, 188)
    figure.add_heatmap(
        x=list(range(weeks)),
        y=list(range(7)),
        z=amounts,
        zmin=known[0] if known else 0,
        # Colours end at the 98th of 100 days, or one sale would leave all others pale.
        zmax=known[int(len(known) * 0.98)] if known else 1,
        colorscale=scale(look.palette.one_way),
        colorbar=_scale_text(look, known),
        xgap=1 if look.is_narrow else 2,
        ygap=2,
        customdata=data,
        hovertemplate=SENTENCE,
        hoverongaps=False,
    )
    _name_days(figure, look, first, since, until)
    best = records(frame.sort_values(value, ascending=False).head(1))
    top = [f"{look.formats.day(one['full_date'].date())} with {look.money_full(one[value])}" for one in best]
    return Chart(figure, f"Calendar of {len(frame)} days; highest: {listed(top)}.")


def _days(
    look: Look, frame: pd.DataFrame, first: date, weeks: int, value: str
) -> tuple[list[list[float | None]], list[list[list[object]]]]:
    """By weekday and week: the figure, and (day, sentence)."""
    amounts: list[list[float | None]] = [[None] * weeks for _ in WEEKDAYS]
    data: list[list[list[object]]] = [[["", ""] for _ in range(weeks)] for _ in WEEKDAYS]
    for row in records(frame):
        day = row["full_date"].date()
        at, weekday = (day - first).days // 7, day.weekday()
        amounts[weekday][at] = row[value]
        said = f"{WEEKDAYS[weekday]} {look.formats.day(day)}: {look.money_full(row[value])} net of returns"
        orders = look.formats.count(row["orders"])
        data[weekday][at] = [str(day), f"{said}, {orders} {'order' if row['orders'] == 1 else 'orders'}"]
    return amounts, data


def _name_days(figure: go.Figure, look: Look, first: date, since: date, until: date) -> None:
    """Months below, weekdays on the left."""
    starts = [day for at in range((until - since).days + 1) if (day := since + timedelta(days=at)).day == 1]
    shown = starts[:: max(1, -(-len(starts) // (3 if look.is_narrow else 6)))]
    places = [(day - first).days // 7 for day in shown]
    # No angle is set: a narrow window on a desk turns names that would overlap.
    figure.update_xaxes(tickvals=places, ticktext=[look.formats.month(day) for day in shown], showgrid=False)
    figure.update_yaxes(
        tickvals=[0, 2, 4, 6],
        ticktext=[WEEKDAYS[at] for at in (0, 2, 4, 6)],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )


def _scale_text(look: Look, known: Sequence[float]) -> dict[str, object]:
    """The scale beside the days: least, and what the darkest begins with."""
    ends = [known[0], known[int(len(known) * 0.98)]] if known else [0.0, 1.0]
    return _scale(ends, [look.money(one) for one in ends], look)


def _scale(ends: Sequence[float], texts: Sequence[str], look: Look) -> dict[str, object]:
    """A thin scale that names its ends."""
    font = {"size": NOTE, "color": look.palette.soft}
    return {"thickness": 8, "outlinewidth": 0, "tickvals": list(ends), "ticktext": list(texts), "tickfont": font}
