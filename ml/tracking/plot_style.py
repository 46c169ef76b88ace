"""The look of plots: colours, type, and a figure with a title that says what the reader learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CARD, LINE, INK, SOFT = "#ffffff", "#e2e7f0", "#17202c", "#5c6b7e"
ACCENT, REFERENCE = "#2d5fb8", "#a9b4c4"
CATEGORIES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8a6d00", "#7a7a7a")
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


def figure(panels: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty figure with so many panels, two beside each other, at twice the size that it is shown at."""
    from matplotlib.figure import Figure

    columns = min(panels, 2)
    rows = -(-panels // columns)
    size = (_WIDTH, _HEIGHT) if panels == 1 else (_WIDTH * 1.5, 0.6 + 2.8 * rows)
    made = Figure(figsize=size, dpi=_DPI, layout="constrained")
    return made, [made.add_subplot(rows, columns, place + 1) for place in range(panels)]


def title(axes: Axes, learned: str, under: str) -> None:
    """The sentence that the reader learns, and under it, softer, what is shown."""
    axes.set_title(f"{learned}\n", loc="left", fontsize=11, fontweight="bold", color=INK, pad=6)
    axes.annotate(under, (0, 1), (0, 8), xycoords="axes fraction", textcoords="offset points", fontsize=8.5, color=SOFT)


def title_of_all(figure: Figure, learned: str, under: str) -> None:
    """The same above several panels, whose own titles name them."""
    figure.suptitle(learned, x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    figure.supxlabel(under, x=0.01, ha="left", fontsize=8.5, color=SOFT)
