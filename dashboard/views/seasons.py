"""When is business done? Trend and season apart, days of the week, payment methods, days out of the ordinary."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, heat, stacks
from dashboard.charts.base import Chart, Listing, records
from dashboard.charts.heat import WEEKDAYS
from dashboard.charts.season import decomposition
from dashboard.data import seasons
from dashboard.data.answers import Answer
from dashboard.data.filters import ALL
from dashboard.shell import bar, kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

DECOMPOSED = "decomposed"
KINDS = {"total": "All sales", "category": "Category", "country": "Country"}
MEASURES = {"Revenue": "revenue", "Orders": "orders"}
MOST_SERIES = 14


def name_of(kind: str, value: str) -> str:
    return KINDS.get(kind, kind) if kind not in ("category", "country") else f"{KINDS[kind]}: {value}"


def chosen_series(frame: pd.DataFrame) -> tuple[str, str, str] | None:
    """Kind, value and measure of the series that the reader looks at; None where none can be taken apart."""
    apart = frame[frame["series_outcome"] == DECOMPOSED]
    names = {
        name_of(row["series"], row["series_value"]): (row["series"], row["series_value"]) for row in records(apart)
    }
    if not names:
        return None
    ordered = sorted(names, key=lambda one: (names[one][0] != "total", one))
    with st.container(horizontal=True, vertical_alignment="bottom", key="series-choice"):
        name = str(st.selectbox("Series taken apart", ordered, key="series", width=260, **bar.KEPT))
        measures = [one for one, code in MEASURES.items() if code in set(apart["measure"])]
        measure = str(
            st.segmented_control("Measure", measures, default=measures[0], key="measure", required=True, **bar.KEPT)
        )
    kind, value = names.get(name, names[ordered[0]])
    return kind, value, MEASURES.get(measure, "revenue")


def kpis(page: Page) -> list[Kpi]:
    """The strongest and the weakest day of the week; and of all sales, what trend and week explain and what not."""
    look, formats = page.look, page.look.formats
    means = mean_days(seasons.weekdays(page.answers, page.filters).frame()).sort_values()
    best, least = (WEEKDAYS[int(means.index[at]) - 1] for at in (-1, 0))
    found = [
        Kpi(f"Strongest day: {best}", "day of the week", look.money(means.iloc[-1]), note="Over the period."),
        Kpi(f"Weakest day: {least}", "day of the week", look.money(means.iloc[0]), note="Over the period."),
    ]
    whole = next(
        (row for row in records(seasons.series(page.answers, page.filters).frame())
         if (row["series"], row["measure"], row["series_outcome"]) == ("total", "revenue", DECOMPOSED)), None,
    )  # fmt: skip
    if whole is None:
        return found
    note = "Of all sales, all days."
    return [
        *found,
        Kpi("Strength of trend", "strength", formats.number(whole["trend_strength"], 2), note=note),
        Kpi("Strength of the week", "strength", formats.number(whole["weekly_strength"], 2), note=note),
        Kpi("New levels", "change points", formats.count(whole["change_points"]), note=note),
        Kpi("Days out of the ordinary", "odd days", formats.count(whole["anomalies"]), note=note),
    ]


def mean_days(frame: pd.DataFrame) -> pd.Series[float]:
    """Weekday (1 is Monday) -> mean revenue of such a day over the period."""
    weighted = frame.assign(revenue=frame["mean_revenue"] * frame["days"]).groupby("weekday")[["revenue", "days"]].sum()
    return weighted["revenue"] / weighted["days"]


def weekdays(page: Page, frame: pd.DataFrame) -> Chart:
    look, formats = page.look, page.look.formats
    months = sorted(frame["month_start"].unique())
    found = {(row["month_start"], row["weekday"]): row for row in records(frame)}
    cells = [[found.get((month, day)) for month in months] for day in range(1, 8)]

    def sentence(at: int, across: int, value: float) -> str:
        row = cells[at][across] or {}
        return (
            f"{WEEKDAYS[at]} in {formats.month(months[across])}: {look.money_full(value)} net of returns a day,"
            f" over {row['days']} days"
        )

    return heat.grid(
        look,
        list(WEEKDAYS),
        [formats.month(one) for one in months],
        [[row["mean_revenue"] if row else None for row in line] for line in cells],
        text=look.money,
        sentence=sentence,
        from_zero=False,
    )


def of_week(page: Page, frame: pd.DataFrame) -> Chart:
    """Mean revenue by day of the week over the period."""
    look = page.look
    means = mean_days(frame)
    names = [WEEKDAYS[int(one) - 1] for one in means.index]
    sentences = [
        f"{name}: {look.money_full(value)} net of returns a day" for name, value in zip(names, means, strict=True)
    ]
    return bars.columns(look, names, list(means), text=look.money, sentences=sentences)


def payments(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    readable = frame.assign(method=[str(one).replace("_", " ") for one in frame["payment_method"]])
    return stacks.shares(page.look, readable, at="month_start", part="method", value="net_revenue",
                       full=page.look.money_full, where=formats.month)  # type: ignore[arg-type]  # fmt: skip


def strengths(page: Page, frame: pd.DataFrame, measure: str) -> Chart:
    formats = page.look.formats
    apart = frame[(frame["series_outcome"] == DECOMPOSED) & (frame["measure"] == measure)]
    named = apart.assign(name=[name_of(row["series"], row["series_value"]) for row in records(apart)])
    top = named.sort_values("trend_strength", ascending=False).head(MOST_SERIES)
    return bars.pairs(page.look, top, name="name", first=("trend_strength", "strength of trend"),
                      second=("weekly_strength", "strength of week"),
                      text=lambda one: formats.number(one, 2))  # fmt: skip


def growth(page: Page, frame: pd.DataFrame, measure: str) -> Chart:
    formats = page.look.formats
    known = frame[(frame["measure"] == measure) & frame["year_on_year"].notna()]
    named = known.assign(name=[name_of(row["series"], row["series_value"]) for row in records(known)])
    top = named.sort_values("year_on_year", ascending=False).head(MOST_SERIES)
    sentences = [f"{row['name']}: {formats.change(row['year_on_year'])} year on year" for row in records(top)]
    return bars.diverging(page.look, top, name="name", value="year_on_year", text=formats.change, sentences=sentences)


def odd_days(page: Page, frame: pd.DataFrame, text: Callable[[float], str]) -> Listing:
    formats = page.look.formats
    odd = frame[frame["is_anomaly"].astype(bool)].sort_values("full_date", ascending=False)
    shown = pd.DataFrame(
        {
            "Day": [formats.day(one.date()) for one in odd["full_date"]],
            "Weekday": [WEEKDAYS[one.weekday()] for one in odd["full_date"]],
            "Value": [text(one) for one in odd["value"]],
            "Explained by trend and season": [text(row["value"] - row["remainder"]) for row in records(odd)],
            "Difference": [("▲ " if one > 0 else "▼ ") + text(abs(one)) for one in odd["remainder"]],
        }
    )
    return Listing(shown, list(shown.columns)[2:])


def of_series(page: Page, kind: str, value: str, measure: str) -> None:
    """The series taken apart, and its days out of the ordinary."""
    look, formats = page.look, page.look.formats
    is_money = measure == "revenue"
    short, full = (look.money, look.money_full) if is_money else (formats.short, lambda one: formats.number(one, 0))
    unit = f"Net revenue a day, {look.currency}" if is_money else "Orders a day"
    named = name_of(kind, value)

    def ask() -> Answer:
        return seasons.decomposition(page.answers, page.filters, kind, value, measure)

    tile.chart(page, Tile("decomposition", f"{named}: trend and season apart", "decomposition", "All days", unit),
               ask, lambda frame: decomposition(look, frame, text=short, full=full,
                                                of="net revenue" if is_money else "orders"))  # fmt: skip
    tile.table(page, Tile("odd", f"{named}: days out of the ordinary", "decomposition", "All days", unit),
               ask, lambda frame: odd_days(page, frame, full))  # fmt: skip


def draw(page: Page) -> None:
    answers, filters = page.answers, page.filters
    money = f"Net of returns a day, {filters.currency}"
    kpi.row(page, kpis(page))
    left, right = st.columns([2, 1])
    with left:
        tile.chart(page, Tile("weekdays", "Which days of the week are strong, month by month", "day of the week",
                              page.period, money, ALL),
                   lambda: seasons.weekdays(answers, filters), lambda frame: weekdays(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("week", "The week", "day of the week", page.period, money, ALL),
                   lambda: seasons.weekdays(answers, filters), lambda frame: of_week(page, frame))  # fmt: skip
    tile.chart(page, Tile("payments", "How customers pay", "payment share", page.period, "Share of net revenue", ALL,
                          needs=("payment_method", words.NO_DIMENSION.format(dimension="payment method"))),
               lambda: seasons.payments(answers, filters), lambda frame: payments(page, frame))  # fmt: skip
    found = seasons.series(answers, filters)
    chosen = chosen_series(found.frame()) if not found.is_empty else None
    if chosen is None:
        tile.sentence(page, Tile("decomposition", "Trend and season apart", "decomposition", ""), words.NO_SERIES)
        return
    kind, value, measure = chosen
    of_series(page, kind, value, measure)
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("strengths", "What is trend, what is the week", "strength", "All days",
                              f"Of {measure}; 0 to 1"),
                   lambda: seasons.series(answers, filters), lambda frame: strengths(page, frame, measure))  # fmt: skip
    with right:
        tile.chart(page, Tile("growth", "Growth year on year", "year on year", "The last year, or as much as is known",
                              f"Of {measure}", needs=("year_on_year", words.NO_YEAR)),
                   lambda: seasons.series(answers, filters),
                   lambda frame: growth(page, frame, measure))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Trends & Seasonality", ALL))
