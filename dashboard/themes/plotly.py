"""The tokens as a template of Plotly."""

from __future__ import annotations

from functools import cache
from typing import Any

import plotly.graph_objects as go

from dashboard.tokens import NOTE, SANS, TEXT, Palette


@cache
def template(palette: Palette) -> go.layout.Template:
    """Everything that figures share; a figure says only what is its own."""
    axis = _axis(palette)
    layout = {
        "font": {"family": SANS, "size": TEXT, "color": palette.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": list(palette.categories),
        "colorscale": {"sequential": scale(palette.one_way), "diverging": scale(palette.two_way)},
        "margin": {"l": 8, "r": 20, "t": 12, "b": 8, "pad": 2},
        "xaxis": axis | {"showgrid": False},
        "yaxis": axis | {"showline": False},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette.card,
            "bordercolor": palette.line,
            "font": {"family": SANS, "size": TEXT, "color": palette.ink},
            "align": "left",
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": NOTE + 1, "color": palette.soft},
        },
        "dragmode": False,
        "separators": ".,",
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette.soft, "activecolor": palette.accent},
        "geo": {
            "bgcolor": "rgba(0,0,0,0)",
            "landcolor": palette.line,
            "lakecolor": palette.card,
            "coastlinecolor": palette.card,
            "countrycolor": palette.card,
            "framecolor": palette.line,
        },
    }
    return go.layout.Template(layout=layout)


def _axis(palette: Palette) -> dict[str, Any]:
    return {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zerolinecolor": palette.line,
        "zerolinewidth": 1,
        "tickfont": {"size": NOTE + 1, "color": palette.soft},
        "title": {"font": {"size": NOTE + 1, "color": palette.soft}, "standoff": 8},
        "automargin": True,
        "ticks": "",
        "ticklabeloverflow": "allow",
    }


def scale(colours: tuple[str, ...]) -> list[list[Any]]:
    """Colours, evenly apart, as Plotly's colour scale."""
    return [[at / (len(colours) - 1), colour] for at, colour in enumerate(colours)]
