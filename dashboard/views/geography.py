"""Where are the customers, and where does it grow?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, heat
from dashboard.charts.base import Chart, records
from dashboard.charts.world import CONFIG, world
from dashboard.data import places, sales
from dashboard.data.answers import UNKNOWN, Answer
from dashboard.data.filters import ALL
from dashboard.formats import NOTHING
from dashboard.shell import kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

MOST_COUNTRIES, MOST_MONTHS = 15, 18


def kpis(page: Page) -> list[Kpi]:
    frame, formats = places.countries(page.answers, page.filters).frame(), page.look.formats
    named = frame[frame["country"] != UNKNOWN]
    sold, revenue = named[named["units"] > 0], frame["revenue"].sum()
    first = named.head(1)
    grown = named.assign(by=named["revenue"] - named["former_revenue"]).nlargest(1, "by")
    name = str(first["country"].iloc[0]) if len(first) else NOTHING
    found = [
        Kpi("Countries sold to", "net of returns", formats.count(len(sold))),
        Kpi(f"Brought by {name}", "net of returns",
            formats.percent(first["revenue"].sum() / revenue if revenue > 0 else None)),
        Kpi("Brought by all others", "net of returns", page.look.money(revenue - first["revenue"].sum())),
    ]  # fmt: skip
    if page.filters.former and len(grown):
        by, name = grown["by"].iloc[0], grown["country"].iloc[0]
        found.append(Kpi(f"Grown most: {name}", "change", page.look.money(by)))
    return found


def countries(page: Page, frame: pd.DataFrame) -> Chart:
    look = page.look
    former = "former_revenue" if page.filters.former else ""
    return bars.ranked(look, frame.head(MOST_COUNTRIES), name="country", value="revenue", text=look.money,
                       full=look.money_full, former=former, against=page.the_former, of="net of returns",
                       chosen=page.filters.country)  # fmt: skip


def by_month(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    months = sorted(frame["month_start"].unique())[-MOST_MONTHS:]
    recent = frame[frame["month_start"].isin(months)]
    order = recent.groupby("value")["revenue"].sum().sort_values(ascending=False).index[:MOST_COUNTRIES]
    found = {(row["value"], row["month_start"]): row["revenue"] for row in records(recent)}
    return heat.grid(
        look,
        list(order),
        [formats.month(month) for month in months],
        [[found.get((name, month)) for month in months] for name in order],
        text=lambda one: look.money(one),
        sentence=lambda at, across, value: (
            f"{order[at]}, {formats.month(months[across])}: {look.money_full(value)} net of returns"
        ),
        ids=[[name] * len(months) for name in order],
        most_numbered=MOST_MONTHS,
    )


def cities(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    sentences = [
        f"{row['city']}, {row['country']}: {look.money_full(row['net_revenue'])} net revenue,"
        f" {formats.count(row['orders'])} orders"
        for row in records(frame)
    ]
    return bars.named(look, [str(one) for one in frame["city"]], list(frame["net_revenue"]), text=look.money,
                      sentences=sentences)  # fmt: skip


def rates(page: Page, frame: pd.DataFrame, column: str, of: str) -> Chart:
    known = frame[frame[column].notna() & (frame["units"] > 0)].head(MOST_COUNTRIES)
    percent = page.look.formats.percent
    ordered = known.sort_values(column, ascending=False)
    return bars.ranked(page.look, ordered, name="country", value=column, text=percent, full=percent, of=of,
                       chosen=page.filters.country)  # fmt: skip


def draw(page: Page) -> None:
    answers, filters, money = page.answers, page.filters, f"Net of returns, {page.filters.currency}"

    def ask() -> Answer:
        return places.countries(answers, filters)

    kpi.row(page, kpis(page))
    left, right = st.columns([3, 2])
    with left:
        tile.chart(page, Tile("map", "Where revenue comes from", "net of returns", page.period, money, ALL,
                              click="country"),
                   ask, lambda frame: world(page.look, list(frame["country"]), list(frame["country_code"]),
                                            list(frame["revenue"]), "net of returns"), **CONFIG)  # fmt: skip
    with right:
        tile.chart(page, Tile("countries", "Revenue by country", "net of returns", page.period,
                              money + page.behind, ALL,
                              click="country"),
                   ask, lambda frame: countries(page, frame))  # fmt: skip
    tile.chart(page, Tile("months", "Revenue by country and month", "net of returns", f"The last {MOST_MONTHS} months",
                          money, ALL, click="country"),
               lambda: sales.by_month(answers, filters, "country"), lambda frame: by_month(page, frame))  # fmt: skip
    left, middle, right = st.columns(3)
    with left:
        tile.chart(page, Tile("cities", "Cities of most revenue", "city revenue", page.period,
                              f"Net revenue, {filters.currency}", ALL, empty=words.NO_CITIES),
                   lambda: places.cities(answers, filters), lambda frame: cities(page, frame))  # fmt: skip
    with middle:
        tile.chart(page, Tile("margins", "Margin rate by country", "margin rate", page.period, "Share of revenue", ALL,
                              needs=("margin_rate", words.NO_COSTS), click="country"),
                   ask,
                   lambda frame: rates(page, frame, "margin_rate", "of revenue is margin"))  # fmt: skip
    with right:
        tile.chart(page, Tile("returned", "Returned units by country", "return rate of units", page.period,
                              "Share of units sold", ALL, needs=("return_rate", words.NO_RETURNS), click="country"),
                   ask,
                   lambda frame: rates(page, frame, "return_rate", "of units came back"))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Geography", ALL))
