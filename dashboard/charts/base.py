"""What all figures share: the look, ticks that read well, marks that carry their id and a sentence."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.formats import Formats
from dashboard.themes.plotly import template
from dashboard.tokens import NOTE, Palette

SENTENCE = "%{customdata[1]}<extra></extra>"
"""Hover text of a mark whose customdata is (id, sentence)."""
LONGEST_NAME = 24
_STEPS = (1, 2, 5, 10)
"""No 2.5: its multiples have more digits than a short text shows, and £1.2 M would stand at 1.25 million."""
_ON_A_PHONE = 20


@dataclass(frozen=True)
class Look:
    """How one reader sees figures."""

    palette: Palette
    formats: Formats
    currency: str
    is_narrow: bool = False
    """True on a telephone: what would not fit is left to hovering."""

    def money(self, value: float | None) -> str:
        return self.formats.money(value, self.currency)

    def money_full(self, value: float | None) -> str:
        return self.formats.money_full(value, self.currency)


@dataclass(frozen=True)
class Chart:
    """A figure, and what it shows in a sentence or two for readers who do not see it."""

    figure: go.Figure
    alt: str


@dataclass(frozen=True)
class Listing:
    """A table for readers: texts in columns that are named in their words."""

    frame: pd.DataFrame
    numbers: Sequence[str] = ()
    """Columns that stand on the right."""
    wide: Sequence[str] = ()
    """Columns of sentences."""


def blank(look: Look, height: int, **layout: Any) -> go.Figure:
    """A figure without marks, of this height in px."""
    return go.Figure(layout={"template": template(look.palette), "height": height, "showlegend": False, **layout})


def short_name(name: str, longest: int = LONGEST_NAME) -> str:
    """The name for an axis; hover has all of it."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def unlike_names(names: Sequence[str], longest: int = LONGEST_NAME) -> list[str]:
    """Short names that differ: equal ones would fall on one place of an axis."""
    seen: dict[str, int] = {}
    found = []
    for name in (short_name(one, longest) for one in names):
        seen[name] = seen.get(name, 0) + 1
        found.append(name + "\u200b" * (seen[name] - 1))
    return found


def row_names(look: Look, names: Sequence[str], longest: int = LONGEST_NAME) -> list[str]:
    """Names for the rows of an axis, all different: cut at `longest`, on a telephone in two lines of 20.

    Of a pair, 'this + that', each has a line there.
    """
    if not look.is_narrow:
        return unlike_names(names, longest)
    lines = [
        [short_name(part, _ON_A_PHONE) for part in one.replace(" + ", "\0+ ").split("\0", 1)]
        if " + " in one
        else textwrap.wrap(one, _ON_A_PHONE, max_lines=2, placeholder="…")
        for one in names
    ]
    return unlike_names(["<br>".join(one) for one in lines], 3 * _ON_A_PHONE)


def row_height(names: Sequence[str], plain: int) -> int:
    """Height of a row in px: names of two lines need more."""
    return max(plain, 38) if any("<br>" in one for one in names) else plain


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values that cover low to high, at most about as many as `most`."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low] if math.isfinite(low) else []
    rough = (high - low) / most
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(one * scale for one in _STEPS if one * scale >= rough * 0.999)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [at * step for at in range(first, last + 1)]


def axis(
    values: Sequence[float], text: Callable[[float], str], *, from_zero: bool = True, most: int = 6
) -> dict[str, Any]:
    """Range, tick values and texts of an axis over these values, with about as many ticks as `most`."""
    known = [float(value) for value in values if value is not None and not math.isnan(value)]
    known += [0.0] if from_zero or not known else []
    low, high = min(known), max(known)
    if low == high:
        high = low + 1
    at = ticks(low, high, most)
    return {"tickvals": at, "ticktext": [text(one) for one in at], "range": [min(at[0], low), max(at[-1], high)]}


def marks(ids: Sequence[object], sentences: Sequence[str]) -> list[list[object]]:
    """customdata of marks: what a click chooses, what hovering says."""
    return [[one, sentence] for one, sentence in zip(ids, sentences, strict=True)]


def note(figure: go.Figure, look: Look, text: str, **where: Any) -> None:
    """A small text on the figure."""
    figure.add_annotation(
        text=text, showarrow=False, font={"size": NOTE, "color": look.palette.soft}, bgcolor=look.palette.card, **where
    )


def compared(look: Look, now: float, then: float | None, against: str) -> str:
    """', 12.3 % above the former year'; empty where there is nothing to compare with."""
    if then is None or math.isnan(then) or then <= 0:
        return ""
    share = now / then - 1
    side = "above" if share >= 0 else "below"
    return f", {look.formats.percent(abs(share))} {side} {against}"


def labels(look: Look) -> dict[str, Any]:
    """How numbers stand beside bars."""
    return {
        "textposition": "outside",
        "textfont": {"size": NOTE + 1, "color": look.palette.ink},
        "constraintext": "none",
        "cliponaxis": False,
    }


def name_rows(figure: go.Figure, look: Look, **more: Any) -> None:
    """Names on the left, the first on top."""
    ink = {"color": look.palette.ink}
    figure.update_yaxes(**{"autorange": "reversed", "showgrid": False, "tickfont": ink, "ticklabelstandoff": 6} | more)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as mappings of column -> value; days as datetimes."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def listed(parts: Sequence[str], most: int = 3) -> str:
    """'a, b and c'; what is beyond `most` is left out."""
    shown = list(parts[:most])
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else "nothing"
