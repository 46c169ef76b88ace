"""The tokens as a style of matplotlib: `with matplotlib.rc_context(style(LIGHT))`."""

from __future__ import annotations

from typing import Any

from dashboard.tokens import TEXT, TITLE, Palette

FONT = "DejaVu Sans"
"""Comes with matplotlib."""


def style(palette: Palette) -> dict[str, Any]:
    """Settings (rcParams) for pictures beside reports. Sizes in points of a picture of 100 px an inch.

    Letters are drawn as shapes, of a type that is wherever matplotlib is: a picture looks alike on every machine.
    """
    return {
        "figure.facecolor": palette.card,
        "figure.dpi": 100,
        "savefig.facecolor": palette.card,
        "savefig.dpi": 200,
        "svg.fonttype": "path",
        "svg.hashsalt": "lakehouse",
        "font.family": FONT,
        "text.parse_math": False,  # $ is a currency
        "font.size": TEXT * 0.72,
        "text.color": palette.ink,
        **_axes(palette),
        "legend.frameon": False,
        "lines.linewidth": 1.8,
        "patch.linewidth": 0,
    }


def _axes(palette: Palette) -> dict[str, Any]:
    return {
        "axes.facecolor": palette.card,
        "axes.edgecolor": palette.line,
        "axes.labelcolor": palette.soft,
        "axes.titlecolor": palette.ink,
        "axes.titlesize": TITLE * 0.72,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.prop_cycle": _cycle(palette),
        "grid.color": palette.line,
        "grid.linewidth": 0.8,
        "xtick.color": palette.line,
        "ytick.color": palette.line,
        "xtick.labelcolor": palette.soft,
        "ytick.labelcolor": palette.soft,
        "ytick.left": False,
    }


def _cycle(palette: Palette) -> Any:
    from cycler import cycler

    return cycler(color=palette.categories)
