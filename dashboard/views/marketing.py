"""What do campaigns cost, what are they credited with, and what did they add?"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, heat, points, stacks
from dashboard.charts.base import Chart, Listing, records
from dashboard.data import marketing
from dashboard.data.answers import Answer
from dashboard.formats import is_nothing
from dashboard.shell import kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

MODELS = {
    "last_touch": "Last touch",
    "first_touch": "First touch",
    "linear": "Linear",
    "position_based": "Position",
    "time_decay": "Time decay",
    "markov": "Markov",
}
ENOUGH_POWER = 0.8


def kpis(page: Page, frame: pd.DataFrame) -> list[Kpi]:
    look, formats = page.look, page.look.formats
    spend, attributed = frame["spend"].sum(), frame["attributed_revenue"].sum()
    added = frame["adjusted_margin"].dropna()
    held = frame[frame["adjusted_roi_low"].notna()]
    sure = int((held["adjusted_roi_low"] > 0).sum())
    return [
        Kpi("Campaigns", "spend", formats.count(len(frame))),
        Kpi("Spend", "spend", look.money(spend)),
        Kpi("Attributed revenue", "attributed revenue", look.money(attributed)),
        Kpi("Return on ad spend", "return on spend", formats.number(attributed / spend, 1) if spend else "–"),
        Kpi("Added margin", "incremental roi", look.money(added.sum()) if len(added) else "–"),
        Kpi("Surely paid off", "incremental roi", f"{sure} of {len(held)}"),
    ]


def spend_and_credit(page: Page, frame: pd.DataFrame) -> Chart:
    return bars.pairs(page.look, frame, name="campaign_name", first=("attributed_revenue", "attributed revenue"),
                      second=("spend", "spend"), text=page.look.money)  # fmt: skip


def on_spend(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    known = frame[frame["roas"].notna()].sort_values("roas", ascending=False)
    sentences = [
        f"{row['campaign_name']}: {formats.number(row['roas'], 2)} of attributed revenue for each 1 spent,"
        f" {page.look.money_full(row['spend'])} in all"
        for row in records(known)
    ]
    return bars.named(page.look, list(known["campaign_name"]), list(known["roas"]),
                      text=lambda one: formats.number(one, 1), sentences=sentences)  # fmt: skip


def attributed_roi(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    known = frame[frame["roi"].notna()].sort_values("roi", ascending=False)
    sentences = [
        f"{row['campaign_name']}: ROI of attribution {formats.change(row['roi'], 0)},"
        f" {page.look.money_full(row['attributed_margin'])} of margin for {page.look.money_full(row['spend'])}"
        for row in records(known)
    ]
    return bars.diverging(page.look, known, name="campaign_name", value="roi",
                          text=lambda one: formats.change(one, 0), sentences=sentences)  # fmt: skip


def added(page: Page, frame: pd.DataFrame) -> Chart:
    """Incremental ROI with its interval; the naive figure beside it."""
    formats = page.look.formats
    known = frame[frame["adjusted_roi"].notna()]
    sentences = [
        f"{row['campaign_name']}: incremental ROI {formats.change(row['adjusted_roi'], 0)}, surely between"
        f" {formats.change(row['adjusted_roi_low'], 0)} and {formats.change(row['adjusted_roi_high'], 0)};"
        f" attribution says {formats.change(row['roi'], 0)}, the naive figure {formats.change(row['naive_roi'], 0)}"
        for row in records(known)
    ]
    return points.intervals(page.look, known, name="campaign_name", value="adjusted_roi", low="adjusted_roi_low",
                            high="adjusted_roi_high", text=lambda one: formats.change(one, 0), sentences=sentences,
                            beside=("roi", "by attribution, not causal"), value_name="incremental, with 95 % interval",
                            mark=(0.0, "pays for itself"))  # fmt: skip


def naive(page: Page, frame: pd.DataFrame) -> Chart:
    known = frame[frame["naive_revenue"].notna() & frame["adjusted_revenue"].notna()]
    return bars.pairs(page.look, known, name="campaign_name", first=("adjusted_revenue", "incremental revenue"),
                      second=("naive_revenue", "naive: all that the contacted bought"),
                      text=page.look.money)  # fmt: skip


def models(page: Page, frame: pd.DataFrame) -> Chart:
    """Attributed revenue by campaign and model."""
    look = page.look
    names = [str(one) for one in frame["campaign_name"]]
    return heat.grid(
        look,
        names,
        list(MODELS.values()),
        [[row[f"{model}_revenue"] for model in MODELS] for row in records(frame)],
        text=look.money,
        sentence=lambda at, across, value: (
            f"{names[at]}, {list(MODELS.values())[across].lower()}: {look.money_full(value)} attributed"
        ),
    )


def power(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    known = frame[frame["power_at_break_even"].notna()].sort_values("power_at_break_even", ascending=False)
    sentences = [
        f"{row['campaign_name']}: a margin that just pays the spend would be found in"
        f" {formats.percent(row['power_at_break_even'], 0)} of such campaigns"
        for row in records(known)
    ]
    drawn = bars.named(page.look, list(known["campaign_name"]), list(known["power_at_break_even"]),
                       text=lambda one: formats.percent(one, 0), sentences=sentences)  # fmt: skip
    drawn.figure.add_vline(x=ENOUGH_POWER, line={"color": page.look.palette.soft, "width": 1.2, "dash": "dash"})
    drawn.figure.update_xaxes(range=[0, 1.2])
    return drawn


def spending(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    by_week = frame.groupby("week_start", sort=True)["spend"].sum()
    days = [one.date() for one in by_week.index]
    sentences = [
        f"Week of {formats.day(day)}: {look.money_full(value)} spent" for day, value in zip(days, by_week, strict=True)
    ]
    return stacks.over_time(look, days, list(by_week), text=look.money, sentences=sentences)


def listing(page: Page, frame: pd.DataFrame) -> Listing:
    look, formats = page.look, page.look.formats

    def between(row: dict[str, Any]) -> str:
        if is_nothing(row["adjusted_roi_low"]):
            return str(row["causal_basis"])
        return f"{formats.change(row['adjusted_roi_low'], 0)} to {formats.change(row['adjusted_roi_high'], 0)}"

    rows = records(frame)
    shown = pd.DataFrame(
        {
            "Campaign": [row["campaign_name"] for row in rows],
            "Channel": [row["campaign_channel"] or "" for row in rows],
            "Days": [
                ""
                if pd.isna(row["started_on"])
                else f"{formats.day(row['started_on'])} – {formats.day(row['ended_on'])}"
                for row in rows
            ],
            "Contacted": [formats.count(row["contacted"]) for row in rows],
            "Held out": [formats.count(row["held_out"]) for row in rows],
            "Spend": [look.money_full(row["spend"]) for row in rows],
            "Attributed": [look.money_full(row["attributed_revenue"]) for row in rows],
            "ROI by attribution": [formats.change(row["roi"], 0) for row in rows],
            "Incremental ROI": [formats.change(row["adjusted_roi"], 0) for row in rows],
            "95 % interval": [between(row) for row in rows],
        }
    )
    return Listing(shown, list(shown.columns)[3:])


def draw(page: Page) -> None:
    answers, filters, currency = page.answers, page.filters, page.filters.currency
    found = marketing.campaigns(answers, filters)
    if found.is_empty:
        st.info(words.NO_CAMPAIGNS, icon=":material/info:")
        return
    kpi.row(page, kpis(page, found.frame()))
    seen = f"All campaigns, seen from {page.seen_from}"

    def ask() -> Answer:
        return marketing.campaigns(answers, filters)

    tile.chart(page, Tile("added", "What campaigns added, and what attribution says", "incremental roi", seen,
                          "ROI; +100 % gives the spend back twice", needs=("adjusted_roi", words.NO_HELD_OUT)),
               ask, lambda frame: added(page, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("naive", "Most of it would have come anyway", "naive roi", seen, currency,
                              needs=("adjusted_revenue", words.NO_HELD_OUT)),
                   ask, lambda frame: naive(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("credit", "What was spent, and what is attributed", "attributed revenue", seen, currency),
                   ask, lambda frame: spend_and_credit(page, frame))  # fmt: skip
    by_attribution(page, seen)
    tile.chart(page, Tile("spending", "Spend by week", "spend", "All weeks", currency, empty=words.NO_SPEND),
               lambda: marketing.spend(answers, filters), lambda frame: spending(page, frame))  # fmt: skip
    tile.table(page, Tile("campaigns", "Campaigns", "incremental roi", seen, currency),
               ask, lambda frame: listing(page, frame))  # fmt: skip


def by_attribution(page: Page, seen: str) -> None:
    """What models of attribution say, and whether an effect would have been found."""

    def ask() -> Answer:
        return marketing.campaigns(page.answers, page.filters)

    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("roas", "Attributed revenue per unit of spend", "return on spend", seen, "Ratio",
                              needs=("roas", words.NO_SPEND)),
                   ask, lambda frame: on_spend(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("roi", "ROI by attribution: not causal", "roi of attribution", seen, "Ratio of spend",
                              needs=("roi", words.NO_SPEND)),
                   ask, lambda frame: attributed_roi(page, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("models", "Attribution models side by side", "attributed revenue", seen,
                              page.filters.currency),
                   ask, lambda frame: models(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("power", "Would an effect have been found?", "power", seen,
                              "Chance; the line is at 80 %", needs=("power_at_break_even", words.NO_HELD_OUT)),
                   ask, lambda frame: power(page, frame))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Marketing"))
