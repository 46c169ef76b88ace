"""A page being drawn: what it asks, what the reader chose, how it is to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import words
from dashboard.charts.base import Look
from dashboard.data.answers import Answers
from dashboard.data.filters import RFM, Filters
from dashboard.formats import Formats
from dashboard.shell import bar, lake, style
from dashboard.tokens import PALETTES, Mode

NAMES = {
    "category": "Category",
    "segment": "Customer class",
    "country": "Country",
    "channel": "Channel",
    RFM: "RFM segment",
}
"""Dimension of a filter -> what readers call it."""


@dataclass(frozen=True)
class Page:
    answers: Answers
    filters: Filters
    look: Look

    @property
    def period(self) -> str:
        return self.look.formats.days(self.filters.period.since, self.filters.period.until)

    @property
    def against(self) -> str:
        """What the period is compared with, in words: 'former year'."""
        return str(self.filters.compare)

    @property
    def the_former(self) -> str:
        """'the former year', for sentences."""
        return f"the {self.filters.compare}"

    @property
    def behind(self) -> str:
        """What the grey bars are, for subtitles; empty where nothing is compared."""
        return f"; grey: {self.filters.compare}" if self.filters.former else ""

    @property
    def seen_from(self) -> str:
        """As-of of the publication."""
        return self.look.formats.day(self.answers.publication.as_of) if self.answers.publication else ""

    @property
    def number(self) -> int:
        """Of the publication; 0 where there is none."""
        return self.answers.publication.publication if self.answers.publication else 0

    def in_force(self, *dimensions: str) -> str:
        """The filters of these dimensions, in words; empty where none leaves anything out."""
        chosen = self.filters.only(*dimensions).in_force
        return ", ".join(f"{said_name(name)} {' or '.join(values)}" for name, values in chosen.items())


def said_name(name: str) -> str:
    """What a dimension is called within a sentence."""
    return NAMES[name][0].lower() + NAMES[name][1:] if name != RFM else NAMES[name]


def open_page(title: str, follows: Sequence[str] = ()) -> Page:
    """Opens the lake at the publication chosen and draws the bar of filters.

    `follows`: the filters that some tile of the page heeds; of others that are in force the page says that it does not.
    Where there is nothing to see the page says so in a sentence and stops.
    """
    mode: Mode = "dark" if st.context.theme.type == "dark" else "light"
    palette = PALETTES[mode]
    style.apply(palette)
    st.header(title, anchor=False)
    answers = lake.answers()
    filters = bar.draw(answers, NAMES, with_segments=RFM in follows)
    is_narrow = "Mobi" in st.context.headers.get("User-Agent", "")
    page = Page(answers, filters, Look(palette, Formats(st.context.locale or "en"), filters.currency, is_narrow))
    if aside := page.in_force(*(name for name in NAMES if name not in follows)):
        st.caption(words.not_followed(aside))
    return page
