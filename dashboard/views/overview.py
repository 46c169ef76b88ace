"""How is the shop doing? Figures with their change, the trend, the days, and what changed most."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, heat, lines
from dashboard.charts.base import Chart, compared, records
from dashboard.data import sales
from dashboard.data.answers import Answer
from dashboard.data.filters import ALL, Filters, Grain, buckets
from dashboard.shell import kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import NAMES, Page, open_page
from dashboard.shell.tile import Tile

MOST_CHANGES = 10


def ratio(above: Any, below: Any) -> float | None:
    return float(above) / float(below) if above is not None and below else None


def figures(page: Page, filters: Filters, counted: Answer) -> dict[str, float | None]:
    """The KPIs of one period, whose orders and customers are in the first row; None where there is nothing to say."""
    found, people = sales.totals(page.answers, filters).first(), counted.first()
    return {
        "revenue": None if found["net_of_returns"] is None else float(found["net_of_returns"]),
        "orders": float(people["orders"]),
        "customers": float(people["customers"]),
        "order_value": ratio(found["net_revenue"], people["orders"]),
        "margin": None if found["margin"] is None else float(found["margin"]),
        "margin_rate": ratio(found["margin"], found["costed_revenue"]),
        "return_rate": ratio(found["returned_units"], found["units"]),
    }


def kpis(page: Page) -> list[Kpi]:
    counted = sales.reach_by_point(page.answers, page.filters, page.filters.period.grain)
    now = figures(page, page.filters, counted)
    before = page.filters.during(page.filters.former) if page.filters.former else None
    then = figures(page, before, sales.reach(page.answers, before)) if before else {}
    points = sales.series(page.answers, page.filters, page.filters.period.grain).frame()
    people = counted.frame().iloc[1:]
    look, formats = page.look, page.look.formats
    both = points.merge(people, on="point", suffixes=("_led", ""))
    values = (both["net_revenue"] / both["orders"]).dropna()
    returned = (points["returned_units"] / points["units"].where(points["units"] > 0)).dropna()
    rate = formats.percent(now["margin_rate"])
    found = [
        Kpi("Revenue", "net of returns", look.money(now["revenue"]),
            points=list(points["net_of_returns"])),
        Kpi("Orders", "orders", formats.count(now["orders"]), points=list(people["orders"])),
        Kpi("Customers", "customers", formats.count(now["customers"]), points=people["customers"].tolist()),
        Kpi("Average order value", "average order value", look.money_full(now["order_value"]), points=list(values)),
        Kpi("Margin", "margin", look.money(now["margin"]), points=list(points["margin"].dropna()),
            note=f"{rate} of the revenue whose cost is known." if now["margin"] is not None else words.NO_COSTS),
        Kpi("Return rate of units", "return rate of units", formats.percent(now["return_rate"]), is_share=True,
            less_is_better=True, points=list(returned)),
    ]  # fmt: skip
    names = ("revenue", "orders", "customers", "order_value", "margin", "return_rate")
    return [
        Kpi(**(vars(one) | {"now": now[name], "then": then.get(name)})) for one, name in zip(found, names, strict=True)
    ]


def aligned(answer: Answer, days: list[date], column: str) -> list[float]:
    """The column at each point; 0 where nothing was sold and nothing came back."""
    found = {row["point"]: row[column] for row in answer.table.to_pylist()}
    return [float(found.get(day) or 0) for day in days]


def trend(page: Page, column: str, of: str) -> Chart:
    """The period's line over that of the period compared with, point by point."""
    period, former = page.filters.period, page.filters.former
    grain = period.grain
    days = buckets(period, grain)
    now = aligned(sales.series(page.answers, page.filters, grain), days, column)
    then: list[float | None] = []
    if former:
        answer = sales.series(page.answers, page.filters.during(former), grain)
        found = aligned(answer, buckets(former, grain), column)[: len(days)]
        then = [*found, *[None] * (len(days) - len(found))]
    formats = page.look.formats
    label = {
        Grain.DAY: formats.day,
        Grain.WEEK: lambda day: f"Week from {formats.day(day)}",
        Grain.MONTH: formats.month,
    }
    tick = formats.month if grain is Grain.MONTH else formats.day_of_month
    is_partial = period.days % 7 != 0 if grain is Grain.WEEK else grain is Grain.MONTH and ends_early(period.until)
    return lines.trend(
        page.look, days, now, then, of=of, against=page.against, label=label[grain], tick=tick, is_partial=is_partial
    )  # fmt: skip


def ends_early(day: date) -> bool:
    """Whether the day is not the last of its month."""
    return date.fromordinal(day.toordinal() + 1).month == day.month


def what_changed(page: Page, frame: pd.DataFrame) -> Chart:
    top = frame.head(MOST_CHANGES)
    rows = records(top)
    look = page.look
    sentences = [
        f"{NAMES[row['dimension']]} {row['value']}: {look.money_full(row['revenue'])} net of returns"
        + (compared(look, row["revenue"], row["former_revenue"], page.the_former) or f", new against {page.the_former}")
        for row in rows
    ]
    named = top.assign(name=[f"{row['value']} · {NAMES[row['dimension']].lower()}" for row in rows])
    return bars.diverging(look, named, name="name", value="difference", text=look.money, sentences=sentences)


def calendar(page: Page, frame: pd.DataFrame) -> Chart:
    days = sorted(day.date() for day in frame["full_date"])
    return heat.year(page.look, frame, days[0], days[-1], value="revenue")


def by_dimension(page: Page, name: str) -> None:
    look = page.look
    label = NAMES[name].lower()
    money = f"Net of returns, {look.currency}{page.behind}"
    spec = Tile(f"by-{name}", f"Revenue by {label}", "net of returns", page.period, money, ALL, click=name,
                opens="products" if name == "category" else "",
                needs=("value", words.NO_DIMENSION.format(dimension=label)))  # fmt: skip
    former = "former_revenue" if page.filters.former else ""
    chosen = getattr(page.filters, name)

    def draw(frame: pd.DataFrame) -> Chart:
        return bars.ranked(look, frame.head(12), name="value", value="revenue", text=look.money, full=look.money_full,
                           former=former, against=page.the_former, of="net of returns", chosen=chosen)  # fmt: skip

    tile.chart(page, spec, lambda: sales.by(page.answers, page.filters, name), draw)


def draw(page: Page) -> None:
    look = page.look
    if former := page.filters.former:
        st.caption(f"{page.period}, compared with the {page.against}: {look.formats.days(former.since, former.until)}")
    kpi.row(page, kpis(page))
    grain = page.filters.period.grain
    money = f"Net of returns per {grain}, {look.currency}"
    tile.chart(
        page,
        Tile("revenue", "Revenue over the period", "net of returns", page.period, money, ALL),
        lambda: sales.series(page.answers, page.filters, grain),
        lambda _: trend(page, "net_of_returns", "net of returns"),
    )
    left, right = st.columns(2)
    with left:
        tile.chart(
            page,
            Tile("margin", "Profit: margin over the period", "margin", page.period,
                 f"Margin per {grain}, {look.currency}", ALL, needs=("margin", words.NO_COSTS)),
            lambda: sales.series(page.answers, page.filters, grain),
            lambda _: trend(page, "margin", "margin"),
        )  # fmt: skip
    with right:
        tile.chart(
            page,
            Tile("changes", f"What changed most against the {page.against}", "change", page.period,
                 f"Difference of net of returns, {look.currency}", ALL, empty=words.NOTHING_COMPARED),
            lambda: sales.changes(page.answers, page.filters),
            lambda frame: what_changed(page, frame),
        )  # fmt: skip
    tile.chart(
        page,
        Tile("calendar", "Revenue of each day of the last twelve months", "net of returns",
             f"Year up to {look.formats.day(page.filters.period.until)}", f"Net of returns, {look.currency}", ALL),
        lambda: sales.calendar(page.answers, page.filters),
        lambda frame: calendar(page, frame),
    )  # fmt: skip
    parts(page)


def parts(page: Page) -> None:
    """Revenue by each dimension, two beside each other."""
    for pair in (("category", "country"), ("channel", "segment")):
        for place, name in zip(st.columns(2), pair, strict=True):
            with place:
                by_dimension(page, name)


if __name__ == "__main__":
    draw(open_page("Overview", ALL))
