"""The look of plots: colours, type, and a figure with a title that says what the reader learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD, LINE, INK, SOFT = "#ffffff", "#e2e7f0", "#17202c", "#5c6b7e"
ACCENT, REFERENCE = "#2d5fb8", "#a9b4c4"
BAND_80, BAND_95 = 0.25, 0.15
"""Opacity of an interval's band, in the colour of its line."""
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 9, "text.color": INK, "axes.labelcolor": SOFT, "axes.edgecolor": LINE,
    "axes.facecolor": CARD, "figure.facecolor": CARD, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.axisbelow": True, "grid.color": LINE, "grid.linewidth": 0.8, "xtick.color": SOFT,
    "ytick.color": SOFT, "xtick.major.size": 0, "ytick.major.size": 0, "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
}  # fmt: skip
_WIDTH, _HEIGHT, _DPI = 6.4, 4.0, 200


def figure(height: float = _HEIGHT) -> tuple[Figure, Axes]:
    """An empty figure of 6.4 inches by the height, for 200 dots an inch: twice the size it is shown at."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(_WIDTH, height), dpi=_DPI, layout="constrained")
    return made, made.add_subplot()


def title(axes: Axes, learned: str, under: str) -> None:
    """The sentence that the reader learns, and under it, softer, what is shown."""
    axes.set_title(f"{learned}\n", loc="left", fontsize=11, fontweight="bold", color=INK, pad=6)
    axes.annotate(under, (0, 1), (0, 8), xycoords="axes fraction", textcoords="offset points", fontsize=8.5, color=SOFT)


def at_end(axes: Axes, x: float, y: float, text: str, color: str) -> None:
    """The name of a line at its end, in place of a legend."""
    axes.annotate(text, (x, y), (4, 0), textcoords="offset points", color=color, fontsize=8.5, va="center")
