"""The bar of filters: the same on every page, kept over pages, written in the address, and set by clicks on charts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.data import choices
from dashboard.data.answers import Answers
from dashboard.data.choices import Market
from dashboard.data.filters import COLUMNS, RFM, Compare, Filters, Period
from dashboard.shell import lake

LAST_30, LAST_90, LAST_YEAR, ALL, OWN = "Last 30 days", "Last 90 days", "Last 12 months", "All days", "Own days"
PERIODS = (LAST_30, LAST_90, LAST_YEAR, ALL, OWN)
KEPT: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
"""Of widgets that are written in the address and keep their value over pages."""
_COMPARE = {"Former year": Compare.FORMER_YEAR, "Former period": Compare.FORMER_PERIOD, "Nothing": Compare.NOTHING}


def draw(answers: Answers, names: Mapping[str, str], *, with_segments: bool = False) -> Filters:
    """The bar; what it says. Stops the page where no sale is published.

    `with_segments`: RFM segments can be chosen; where they cannot, a choice made on another page stays in force.
    """
    found = choices.markets(answers)
    if not found:
        st.info(words.NO_SALES, icon=":material/info:")
        st.stop()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        market = _market(found)
        period = _period(market)
        compare = _compare(market, period)
        number = sum(1 for name in (*COLUMNS, RFM) if st.session_state.get(name))
        label = f"Filters · {number}" if number else "Filters"
        with st.popover(label, icon=":material/filter_list:", key="more_filters"):
            chosen = {name: _values(choices.values(answers, market, name), name, names[name]) for name in COLUMNS}
            chosen[RFM] = _segments(answers, market, names[RFM], with_segments)
            _publication()
        if number or _is_other_publication():
            st.button("Reset", icon=":material/restart_alt:", on_click=reset, type="tertiary", key="reset")
    return Filters(market.source, market.currency, period, market.known, compare, **chosen)


def reset() -> None:
    """Takes all filters away; the period and what it is compared with stay."""
    for name in (*COLUMNS, RFM):
        st.session_state[name] = []
    st.session_state[lake.KEY] = lake.NEWEST


def toggle(name: str, value: str) -> None:
    """A click: filters by the value, or no longer where it was the filter already."""
    st.session_state[name] = [] if st.session_state.get(name) == [value] else [value]


def _market(found: list[Market]) -> Market:
    sources = list(dict.fromkeys(one.source for one in found))
    source = st.selectbox("Source", sources, key="source", width=170, **KEPT) if len(sources) > 1 else sources[0]
    of_source = [one for one in found if one.source == source] or found
    currencies = [one.currency for one in of_source]
    if len(currencies) == 1:
        return of_source[0]
    currency = st.selectbox("Currency", currencies, key="currency", width=110, **KEPT)
    return next((one for one in of_source if one.currency == currency), of_source[0])


def _period(market: Market) -> Period:
    known = market.known
    kind = st.selectbox("Period", PERIODS, index=PERIODS.index(LAST_90), key="period", width=170, **KEPT)
    if kind == OWN:
        return _own_days(known)
    if kind == LAST_YEAR:
        year = Period(known.until, known.until).former(Compare.FORMER_YEAR)
        first = year.since.toordinal() + 1 if year else known.since.toordinal()
    else:
        first = {LAST_30: known.until.toordinal() - 29, LAST_90: known.until.toordinal() - 89}.get(
            str(kind), known.since.toordinal()
        )
    return Period(max(date.fromordinal(first), known.since), known.until)


def _own_days(known: Period) -> Period:
    since = max(known.since, date.fromordinal(known.until.toordinal() - 89))
    days = st.date_input(
        "Days",
        (since, known.until),
        min_value=known.since,
        max_value=known.until,
        key="dates",
        width=230,
        format="DD/MM/YYYY",
        **KEPT,
    )
    chosen = days if isinstance(days, tuple) else (days,)
    both = [one for one in chosen if one]
    return Period(min(both), max(both)) if both else known


def _compare(market: Market, period: Period) -> Compare:
    """The former year is offered first where all of its days are known."""
    year = period.former(Compare.FORMER_YEAR)
    first = 0 if year and year.within(market.known) else 1
    chosen = st.selectbox("Compare with", list(_COMPARE), index=first, key="compare", width=170, **KEPT)
    return _COMPARE.get(str(chosen), Compare.NOTHING)


def _segments(answers: Answers, market: Market, label: str, is_asked: bool) -> tuple[str, ...]:
    if is_asked:
        return _values(choices.segments(answers, market), RFM, label)
    return tuple(str(one) for one in st.session_state.get(RFM, []))


def _values(options: list[str], name: str, label: str) -> tuple[str, ...]:
    if not options:
        return ()
    chosen = st.multiselect(label, options, key=name, placeholder="All", **KEPT)
    return tuple(str(one) for one in chosen)


def _publication() -> None:
    found = lake.published()
    said = {str(one.publication): f"{one.publication}, as of {one.as_of:%Y-%m-%d}" for one in found}
    if len(found) > 1:
        options = [lake.NEWEST, *said]
        st.selectbox(
            "Publication",
            options,
            key=lake.KEY,
            format_func=lambda one: said.get(one, f"{one} ({found[0].publication})"),
            **KEPT,
        )


def _is_other_publication() -> bool:
    return str(st.session_state.get(lake.KEY, lake.NEWEST)) != lake.NEWEST
