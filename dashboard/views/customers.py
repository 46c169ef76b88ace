"""Who buys, who stays, who leaves? Segments, cohorts, value, and how much hangs on how few."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, heat, lines
from dashboard.charts.base import Chart, records
from dashboard.data import customers
from dashboard.data.answers import Answer
from dashboard.formats import NOTHING, is_nothing
from dashboard.shell import bar, kpi, lake, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

APPLIED = customers.APPLIED
SEGMENTS = ("Champions", "Loyal", "Potential Loyalists", "New", "About to Sleep", "At Risk", "Lost")
"""From best to worst, as far as conf/analytics.toml names them so; others come after, by revenue."""
MOST_COHORTS, MOST_CURVES = 18, 6


def kpis(page: Page) -> list[Kpi]:
    found = customers.segments(page.answers, page.filters)
    frame, formats = found.frame(), page.look.formats
    number, revenue = frame["customers"].sum(), frame["revenue"].sum()
    orders = (frame["orders"] * frame["customers"]).sum()
    gini = customers.concentration(page.answers, page.filters).first().get("gini")
    best = frame[frame["segment"] == SEGMENTS[0]]
    share = best["revenue"].sum() / revenue if revenue else None
    return [
        Kpi("Customers so far", "segment", formats.count(number)),
        Kpi("Brought so far, each", "value by tenth", page.look.money_full(revenue / number if number else None)),
        Kpi("Orders so far, each", "orders", formats.number(orders / number, 1) if number else NOTHING),
        Kpi(f"Brought by {SEGMENTS[0]}", "segment", formats.percent(share)),
        Kpi("Gini of revenue", "concentration", NOTHING if is_nothing(gini) else formats.number(gini, 2)),
    ]


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Segments from best to worst."""
    place = {name: at for at, name in enumerate(SEGMENTS)}
    return frame.assign(_at=[place.get(one, len(place)) for one in frame["segment"]]).sort_values("_at", kind="stable")


def segment_shares(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    ordered = in_order(frame)
    shares = ordered.assign(
        of_customers=ordered["customers"] / ordered["customers"].sum(),
        of_revenue=ordered["revenue"] / ordered["revenue"].sum(),
    )
    return bars.pairs(
        page.look,
        shares,
        name="segment",
        first=("of_revenue", "share of revenue"),
        second=("of_customers", "share of customers"),
        text=formats.percent,
    )


def score_map(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    found = {(row["f_score"], row["r_score"]): row for row in records(frame)}
    scores = [1, 2, 3, 4, 5]
    cells = [[found.get((often, late)) for late in scores] for often in reversed(scores)]

    def sentence(at: int, across: int, value: float) -> str:
        row = cells[at][across] or {}
        return (
            f"Recency {across + 1}, frequency {5 - at}: {formats.count(value)} customers, mostly {row['segment']},"
            f" {page.look.money_full(row['revenue'])} net of returns"
        )

    return heat.grid(
        page.look,
        [f"F {one}" for one in reversed(scores)],
        [f"R {one}" for one in scores],
        [[row["customers"] if row else None for row in line] for line in cells],
        text=formats.count,
        sentence=sentence,
        ids=[[row["segment"] if row else "" for row in line] for line in cells],
        tall=46,
    )


def cohort_map(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    wanted = frame[frame["month_number"] > 0]
    months = sorted(wanted[wanted["retention"].notna()]["cohort_month"].unique())[-MOST_COHORTS:]
    numbers = sorted(wanted[wanted["retention"].notna()]["month_number"].unique())
    found = {(row["cohort_month"], row["month_number"]): row for row in records(wanted)}
    sizes = dict(zip(frame["cohort_month"], frame["cohort_size"], strict=True))
    cells = [[found.get((month, number)) for number in numbers] for month in months]

    def sentence(at: int, across: int, value: float) -> str:
        row = cells[at][across] or {}
        partial = ", month not over yet" if row.get("is_partial") else ""
        return (
            f"Customers of {formats.month(months[at])}: {formats.percent(value)} ordered in month {numbers[across]}"
            f" after ({formats.count(row['customers'])} of {formats.count(row['cohort_size'])}{partial})"
        )

    return heat.grid(
        page.look,
        [f"{formats.month(one)} · {formats.count(sizes[one])}" for one in months],
        [str(one) for one in numbers],
        [[row["retention"] if row else None for row in line] for line in cells],
        text=lambda one: formats.number(one * 100, 0),
        sentence=sentence,
        x_title="Months since the first order",
        tall=24,
        most_numbered=20,
    )


def value_curves(page: Page, frame: pd.DataFrame) -> Chart:
    """Cumulative value by months since the first order, of some cohorts from the oldest to the newest."""
    formats = page.look.formats
    known = frame[frame["revenue_per_customer"].notna() & (frame["is_partial"] != True)]  # noqa: E712  # NULL is not partial
    lengths = known.groupby("cohort_month").size()
    months = [month for month in sorted(lengths.index) if lengths[month] >= 2]
    step = max(1, -(-len(months) // MOST_CURVES))
    curves = {
        formats.month(month): (list(part["month_number"].astype(float)), list(part["revenue_per_customer"]))
        for month in months[::step]
        if len(part := known[known["cohort_month"] == month])
    }
    return lines.curves(
        page.look,
        curves,
        text=page.look.money,
        x_text=lambda one: formats.number(one, 0),
        x_title="Months since the first order",
        sentence=lambda name, x, y: (
            f"Customers of {name}: {page.look.money_full(y)} each up to month {formats.number(x, 0)}"
        ),
    )


def tenths(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    names = ["best" if one == 1 else f"{one}." for one in frame["tenth"]]
    sentences = [
        f"Tenth {row['tenth']} of the customers, the best first: {look.money_full(row['mean_value'])} each,"
        f" {look.money_full(row['revenue'])} in all, {formats.count(row['customers'])} customers"
        for row in records(frame)
    ]
    return bars.columns(look, names, list(frame["mean_value"]), text=look.money, sentences=sentences)


def concentration(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    x = [0.0, *(frame["customer_percent"] / 100)]
    y = [0.0, *frame["revenue_share"]]
    return lines.curves(
        page.look,
        {"revenue": (x, y)},
        text=lambda one: formats.percent(one, 0),
        x_text=lambda one: formats.percent(one, 0),
        x_title="Share of the customers, the best first",
        sentence=lambda _, x, y: (
            f"The best {formats.percent(x, 0)} of the customers bring {formats.percent(y)} of revenue"
        ),
        reference=([0, 1], [0, 1], "if all were alike"),
        first_is_message=True,
    )


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
        kinds = [*SEGMENTS, *sorted(set(frame["now"].dropna()) | set(frame["before"].dropna()) - set(SEGMENTS))]
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
        st.multiselect("RFM segments in the list", SEGMENTS, key=bar.RFM, placeholder="All", width=420, **bar.KEPT)
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
                   lambda: customers.segments(answers, filters), lambda frame: segment_shares(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("scores", "Customers by recency and frequency", "score map", seen, "Customers", APPLIED,
                              click=bar.RFM),
                   lambda: customers.score_map(answers, filters), lambda frame: score_map(page, frame))  # fmt: skip
    best(page)
    tile.chart(page, Tile("cohorts", "How many come back, by month of their first order", "retention",
                          f"{seen}. All customers of the source", "Per cent of the cohort; its size beside it"),
               lambda: customers.cohorts(answers, filters), lambda frame: cohort_map(page, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("value", "What a customer brings over time, by cohort", "value of a customer",
                              f"{seen}. All customers of the source",
                              f"Cumulative net revenue each, {filters.currency}"),
                   lambda: customers.cohorts(answers, filters), lambda frame: value_curves(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("newcomers", "New customers and those who came back", "newcomers",
                              "All months. All customers of the source", "Customers"),
                   lambda: customers.newcomers(answers, filters),
                   lambda frame: lines.newcomers(page.look, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("concentration", "How much hangs on how few", "concentration",
                              f"{seen}. All customers of the source", "Share of net revenue"),
                   lambda: customers.concentration(answers, filters),
                   lambda frame: concentration(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("tenths", "What a customer has brought so far, by tenth", "value by tenth", seen,
                              f"Net of returns each, {filters.currency}", APPLIED),
                   lambda: customers.deciles(answers, filters), lambda frame: tenths(page, frame))  # fmt: skip
    moves(page)


if __name__ == "__main__":
    draw(open_page("Customers"))
