"""The first row of a page: figures with their change and how they got there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from dashboard import words
from dashboard.charts.spark import sparkline
from dashboard.formats import is_nothing
from dashboard.shell.page import Page


@dataclass(frozen=True)
class Kpi:
    label: str
    figure: str
    """Its definition."""
    text: str
    now: float | None = None
    then: float | None = None
    """What it is compared with; None where there is nothing."""
    is_share: bool = False
    """A share changes by points, anything else by per cent."""
    less_is_better: bool = False
    points: Sequence[float] = ()
    note: str = ""


def row(page: Page, kpis: Sequence[Kpi], key: str = "kpis") -> None:
    with st.container(key=key):
        for place, one in enumerate(kpis):
            text, side, colour = change(page, one)
            with st.container(key=f"figure-{key}-{place}"):
                st.metric(
                    one.label,
                    one.text,
                    delta=text,
                    delta_arrow=side,
                    delta_color=colour,
                    help=f"{words.definition(one.figure)} {one.note}".strip() + _compared(page, one, side),
                )
                if line := sparkline(one.points, page.look.palette.accent):
                    st.html(line)


def _compared(page: Page, one: Kpi, side: str) -> str:
    return f" Compared with the {page.against}." if side != "off" and one.then is not None else ""


def change(page: Page, one: Kpi) -> tuple[str | None, Literal["up", "down", "off"], Literal["green", "red", "gray"]]:
    """The change in words, the side of its arrow, and its colour: green is better. No words where nothing is known."""
    if is_nothing(one.now):
        return None, "off", "gray"
    if is_nothing(one.then) or (one.then == 0 and not one.is_share):
        return "nothing to compare with", "off", "gray"
    difference = one.now - one.then if one.is_share else one.now / one.then - 1
    said = page.look.formats.points(difference) if one.is_share else page.look.formats.change(difference)
    if not any(digit in said for digit in "123456789"):
        return said, "off", "gray"
    is_better = (difference > 0) != one.less_is_better
    return said, "up" if difference > 0 else "down", "green" if is_better else "red"
