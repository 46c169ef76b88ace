"""Who buys, who stays, who leaves? Segments, cohorts, value, and how much hangs on how few."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import heat, lines, people
from dashboard.charts.base import Chart, records
from dashboard.data import customers
from dashboard.data import people as of_people
from dashboard.data.answers import Answer
from dashboard.data.filters import RFM
from dashboard.formats import NOTHING, is_nothing
from dashboard.shell import kpi, lake, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

APPLIED = of_people.APPLIED
OF_ALL = ("segment", "country")
"""Filters of tiles that show all RFM segments, so that another one can be chosen."""


def kpis(page: Page) -> list[Kpi]:
    formats, chosen = page.look.formats, page.filters.rfm
    # Exact, not as charts have them: half a penny would be rounded to either side.
    whole = customers.segments(page.answers, page.filters).table.to_pylist()
    kept = [one for one in whole if not chosen or one["segment"] in chosen]
    number, revenue = sum(one["customers"] for one in kept), sum(one["revenue"] for one in kept)
    orders = sum(one["all_orders"] for one in kept)
    gini = customers.concentration(page.answers, page.filters).first().get("gini")
    of_all = sum(one["revenue"] for one in whole)
    best = sum(one["revenue"] for one in whole if one["segment"] == people.SEGMENTS[0])
    share = best / of_all if of_all else None
    return [
        Kpi("Customers so far", "segment", formats.count(number)),
        Kpi("Brought so far, each", "value by tenth", page.look.money_full(revenue / number if number else None)),
        Kpi("Orders so far, each", "orders", formats.number(Decimal(orders) / number, 1) if number else NOTHING),
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
    masked = st.toggle("Hide who they are", value=True, key="masked")
    look = page.look
    spec = Tile("best", "The customers who brought most", "value by tenth", f"Seen from {page.seen_from}",
                f"Net of returns, {look.currency}", APPLIED, empty=words.NOBODY_THERE)  # fmt: skip
    tile.table(page, spec, lambda: customers.best(page.answers, page.filters, named=not masked),
               lambda frame: people.listing(look, frame))  # fmt: skip


def draw(page: Page) -> None:
    seen = f"Seen from {page.seen_from}"
    answers, filters = page.answers, page.filters
    if customers.segments(answers, filters.only()).is_empty:
        st.info(words.NO_CUSTOMERS, icon=":material/info:")
        return
    kpi.row(page, kpis(page))
    left, right = st.columns([3, 2])
    with left:
        tile.chart(page, Tile("segments", "Segments: how many, and what they bring", "segment", seen, "Shares", OF_ALL,
                              click=RFM),
                   lambda: customers.segments(answers, filters),
                   lambda frame: people.segment_shares(page.look, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("scores", "Customers by recency and frequency", "score map", seen, "Customers", OF_ALL,
                              click=RFM),
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
    draw(open_page("Customers", APPLIED))
