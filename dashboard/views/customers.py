"""Who buys, who stays, who leaves? Segments, cohorts, value, and how much hangs on how few."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import heat, lines, people
from dashboard.charts.base import Chart, records
from dashboard.data import customers
from dashboard.data.answers import Answer
from dashboard.formats import NOTHING, is_nothing
from dashboard.shell import bar, kpi, lake, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

APPLIED = customers.APPLIED


def kpis(page: Page) -> list[Kpi]:
    found = customers.segments(page.answers, page.filters)
    frame, formats = found.frame(), page.look.formats
    number, revenue = frame["customers"].sum(), frame["revenue"].sum()
    orders = (frame["orders"] * frame["customers"]).sum()
    gini = customers.concentration(page.answers, page.filters).first().get("gini")
    best = frame[frame["segment"] == people.SEGMENTS[0]]
    share = best["revenue"].sum() / revenue if revenue else None
    return [
        Kpi("Customers so far", "segment", formats.count(number)),
        Kpi("Brought so far, each", "value by tenth", page.look.money_full(revenue / number if number else None)),
        Kpi("Orders so far, each", "orders", formats.number(orders / number, 1) if number else NOTHING),
        Kpi(f"Brought by {people.SEGMENTS[0]}", "segment", formats.percent(share)),
        Kpi("Gini of revenue", "concentration", NOTHING if is_nothing(gini) else formats.number(gini, 2)),
    ]


def moves(page: Page) -> None:
    """Who moved from segment to segment since an earlier publication."""
    published = [one.publication for one in lake.published()]
    now = page.answers.publication.publication if page.answers.publication else 0
    earlier = [one for one in published if one < now]
    spec = Tile("moves", "Who moved from segment to segment", "migration", "Between two publications", "Customers",
                empty=words.ONE_PUBLICATION)  # fmt: skip
    if not earlier:
        tile.sentence(page, spec, words.ONE_PUBLICATION)
        return
    before = st.selectbox("Segments then, of publication", earlier, key="before", bind="query-params", width=230)
    formats = page.look.formats

    def ask() -> Answer:
        return customers.moves(lake.at(before), page.answers, page.filters)

    def draw(frame: pd.DataFrame) -> Chart:
        kinds = [
            *people.SEGMENTS,
            *sorted(set(frame["now"].dropna()) | set(frame["before"].dropna()) - set(people.SEGMENTS)),
        ]
        names = [*dict.fromkeys(one for one in kinds if one in set(frame["now"]) | set(frame["before"])), NOTHING]
        counts = {(row["before"] or NOTHING, row["now"] or NOTHING): row["customers"] for row in records(frame)}
        return heat.grid(
            page.look,
            names,
            names,
            [[counts.get((then, today)) for today in names] for then in names],
            text=formats.count,
            sentence=lambda at, across, value: (
                f"{formats.count(value)} customers: {names[at]} in publication {before}, {names[across]} now"
            ),
            x_title="Segment now",
            y_title="Segment then",
        )

    tile.chart(page, spec, ask, draw)


def best(page: Page) -> None:
    """The customers who brought most; names and addresses only where the reader asks for them."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="of-whom"):
        st.multiselect(
            "RFM segments in the list", people.SEGMENTS, key=bar.RFM, placeholder="All", width=420, **bar.KEPT
        )
        masked = st.toggle("Hide who they are", value=True, key="masked")
    rfm = tuple(str(one) for one in st.session_state.get(bar.RFM, []))
    look, formats = page.look, page.look.formats
    of = f" among {' and '.join(rfm)}" if rfm else ""
    spec = Tile("best", f"The customers who brought most{of}", "value by tenth", f"Seen from {page.seen_from}",
                f"Net of returns, {look.currency}", APPLIED, empty=words.NO_CUSTOMERS)  # fmt: skip

    def show(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
        shown = frame.assign(
            monetary=[look.money_full(one) for one in frame["monetary"]],
            last_ordered_on=[formats.day(one) for one in frame["last_ordered_on"]],
        )
        config = {
            "name": "Name",
            "email": "E-mail",
            "customer_id": "Customer",
            "segment": "Segment",
            "customer_segment": "Class",
            "country_name": "Country",
            "recency_days": st.column_config.NumberColumn("Days since last order"),
            "frequency": st.column_config.NumberColumn("Orders"),
            "monetary": st.column_config.TextColumn("Net of returns", alignment="right"),
            "last_ordered_on": "Last order",
        }
        return shown, {name: kind for name, kind in config.items() if name in frame.columns}

    tile.table(page, spec, lambda: customers.best(page.answers, page.filters, rfm, named=not masked), show)


def draw(page: Page) -> None:
    seen = f"Seen from {page.seen_from}"
    answers, filters = page.answers, page.filters
    if customers.segments(answers, filters.only()).is_empty:
        st.info(words.NO_CUSTOMERS, icon=":material/info:")
        return
    kpi.row(page, kpis(page))
    left, right = st.columns([3, 2])
    with left:
        tile.chart(page, Tile("segments", "Segments: how many, and what they bring", "segment", seen, "Shares", APPLIED,
                              click=bar.RFM),
                   lambda: customers.segments(answers, filters),
                   lambda frame: people.segment_shares(page.look, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("scores", "Customers by recency and frequency", "score map", seen, "Customers", APPLIED,
                              click=bar.RFM),
                   lambda: customers.score_map(answers, filters),
                   lambda frame: people.score_map(page.look, frame))  # fmt: skip
    best(page)
    over_time(page, seen)
    how_much(page, seen)
    moves(page)


def over_time(page: Page, seen: str) -> None:
    """Who comes back, and what that brings."""
    answers, filters = page.answers, page.filters
    tile.chart(page, Tile("cohorts", "How many come back, by month of their first order", "retention",
                          f"{seen}. All customers of the source", "Per cent of the cohort; its size beside it"),
               lambda: customers.cohorts(answers, filters),
               lambda frame: people.cohort_map(page.look, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("value", "What a customer brings over time, by cohort", "value of a customer",
                              f"{seen}. All customers of the source",
                              f"Cumulative net revenue each, {filters.currency}"),
                   lambda: customers.cohorts(answers, filters),
                   lambda frame: people.value_curves(page.look, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("newcomers", "New customers and those who came back", "newcomers",
                              "All months. All customers of the source", "Customers"),
                   lambda: customers.newcomers(answers, filters),
                   lambda frame: lines.newcomers(page.look, frame))  # fmt: skip


def how_much(page: Page, seen: str) -> None:
    """How much hangs on how few."""
    answers, filters = page.answers, page.filters
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("concentration", "How much hangs on how few", "concentration",
                              f"{seen}. All customers of the source", "Share of net revenue"),
                   lambda: customers.concentration(answers, filters),
                   lambda frame: people.concentration(page.look, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("tenths", "What a customer has brought so far, by tenth", "value by tenth", seen,
                              f"Net of returns each, {filters.currency}", APPLIED),
                   lambda: customers.deciles(answers, filters),
                   lambda frame: people.tenths(page.look, frame))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Customers"))
