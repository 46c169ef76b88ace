"""Marks that several pictures share: rows of bars, cells with their number, axes that say money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.report.pictures.canvas import WIDTH, Canvas
from dashboard.report.pictures.lettering import points, wide
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import NOTE, TEXT, between, readable_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Text = Callable[[float], str]
_ROW, _ROW_OF_TWO = 24, 32
"""Height of a row of bars, in px, and where a name has two lines."""
_NEAR_END = 0.04
"""How near the end of an axis a tick is whose text would stand out beyond it."""
_BAR, _GAP = 0.62, 6
"""Share of its row that a bar takes; between its end and its number, in px."""


def row_height(names: Sequence[str]) -> float:
    """Height of each row, in px, so that names do not lie on each other."""
    return _ROW_OF_TWO if any("\n" in one for one in names) else _ROW


def name_rows(axes: Axes, sheet: Sheet, names: Sequence[str]) -> None:
    """One row per name, the first on top."""
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names, linespacing=1.05)
    axes.tick_params(axis="y", length=0, labelcolor=sheet.palette.ink, labelsize=points(TEXT - 1), pad=5)


def no_lines(axes: Axes) -> None:
    """Without ticks, grid and spines: what is drawn says its own number."""
    axes.grid(visible=False)
    axes.set_xticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def bars(
    canvas: Canvas, axes: Axes, values: Sequence[float | None], texts: Sequence[str], color: str | Sequence[str] = ""
) -> None:
    """Horizontal bars from zero, each with its text beside it. None has no bar."""
    known = [0.0 if one is None else one for one in values]
    axes.barh(range(len(known)), known, height=_BAR, color=color or canvas.sheet.palette.accent)
    ends = [max(one, 0.0) for one in known]
    axes.set_xlim(min([*known, 0.0]), 1.0)
    say_beside(canvas, axes, ends, texts)
    no_lines(axes)


def say_beside(canvas: Canvas, axes: Axes, ends: Sequence[float], texts: Sequence[str]) -> None:
    """A text to the right of where each row ends. The axis, whose left end stands, becomes as long as they need."""
    low = axes.get_xlim()[0]
    room = axes.get_position().width * WIDTH
    needed = [
        (end - low) * room / max(room - _GAP - wide(text, NOTE), room / 4)
        for end, text in zip(ends, texts, strict=True)
    ]
    high = low + (max(needed, default=0.0) or 1.0)
    axes.set_xlim(low, high)
    for at, (end, text) in enumerate(zip(ends, texts, strict=True)):
        axes.text(end + (high - low) * _GAP / room, at, text, va="center_baseline", fontsize=points(NOTE),
                  color=canvas.sheet.palette.ink)  # fmt: skip


def cell(
    axes: Axes, sheet: Sheet, at: tuple[float, float, float, float], share: float | None, text: str, **how: Any
) -> None:
    """A cell (left, top, width, height) in the colour of a share of the most; None has none. Its number is inside."""
    from matplotlib.patches import Rectangle

    left, top, width, height = at
    colour = sheet.palette.card if share is None else between(sheet.palette.one_way, share)
    edge: dict[str, Any] = {"edgecolor": sheet.palette.line, "linewidth": 0.8} if share is None else {}
    axes.add_patch(Rectangle((left + 1, top + 1), width - 2, height - 2, facecolor=colour, **edge))
    axes.text(
        left + width / 2, top + height / 2, text, ha="center", va="center_baseline", fontsize=points(NOTE),
        color=readable_on(colour, sheet.palette), **how,
    )  # fmt: skip


def paper(axes: Axes, width: float, height: float) -> None:
    """Axes measured in px from their upper left, that show nothing of their own."""
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")


def ticks_of(axes: Axes, sheet: Sheet, text: Text, *, along: str = "y", most: int = 5) -> None:
    """Few round ticks with their texts; call it when the limits stand."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis = axes.yaxis if along == "y" else axes.xaxis
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))
    axes.tick_params(axis=along, length=0, labelsize=points(NOTE), labelcolor=sheet.palette.soft)  # type: ignore[arg-type]


def months_of(axes: Axes, sheet: Sheet, first: date, last: date, most: int = 8) -> None:
    """Ticks at the first of months, as many as there is room for; days where there are not two months."""
    starts = [day for at in range((last - first).days + 1) if (day := first + timedelta(days=at)).day == 1]
    if len(starts) >= 2:
        shown, label = starts[:: -(-len(starts) // most)], sheet.formats.month
    else:
        span = (last - first).days
        shown = [first + timedelta(days=span * at // 4) for at in range(5 if span >= 4 else 1)]
        label = sheet.formats.day_of_month
    axes.set_xticks(shown, [label(one) for one in shown])  # type: ignore[arg-type]  # days are its unit here
    if (last - shown[-1]).days < (last - first).days * _NEAR_END:
        axes.get_xticklabels()[-1].set_horizontalalignment("right")
    axes.tick_params(axis="x", length=3, labelsize=points(NOTE), labelcolor=sheet.palette.soft)
