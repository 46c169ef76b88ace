"""What sells, what earns, what comes back, and what goes together?"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import words
from dashboard.charts import bars, points
from dashboard.charts.base import Chart, Listing, compared, records
from dashboard.data import products, sales
from dashboard.data.answers import Answer
from dashboard.data.filters import ALL
from dashboard.shell import kpi, tile
from dashboard.shell.kpi import Kpi
from dashboard.shell.page import Page, open_page
from dashboard.shell.tile import Tile

APPLIED = products.APPLIED
MOST_POINTS, MOST_ROWS, MOST_RISING = 400, 200, 6


def kpis(page: Page) -> list[Kpi]:
    frame, formats = products.products(page.answers, page.filters).frame(), page.look.formats
    sold, revenue = frame[frame["units"] > 0], frame["revenue"].sum()
    costed = frame[frame["margin"].notna()]
    of_costed = (costed["margin"] / costed["margin_rate"]).sum()
    units, back = frame["units"].sum(), frame["returned_units"].sum()
    return [
        Kpi("Products sold", "net of returns", formats.count(len(sold))),
        Kpi("Units sold", "return rate of units", formats.count(units)),
        Kpi("Brought by the best ten", "net of returns",
            formats.percent(frame["revenue"].head(10).sum() / revenue if revenue > 0 else None)),
        Kpi("Margin rate", "margin rate", formats.percent(costed["margin"].sum() / of_costed if of_costed else None)),
        Kpi("Return rate of units", "return rate of units", formats.percent(back / units if units else None)),
    ]  # fmt: skip


def categories(page: Page, frame: pd.DataFrame) -> Chart:
    look = page.look
    former = "former_revenue" if page.filters.former else ""
    return bars.ranked(look, frame.head(15), name="value", value="revenue", text=look.money, full=look.money_full,
                       former=former, against=page.the_former, of="net of returns",
                       chosen=page.filters.category)  # fmt: skip


def margin_rates(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    known = frame[frame["margin"].notna() & (frame["costed_revenue"] > 0)]
    rates = known.assign(rate=known["margin"] / known["costed_revenue"]).sort_values("rate", ascending=False)
    return bars.ranked(page.look, rates.head(15), name="value", value="rate", text=formats.percent,
                       full=formats.percent, of="of revenue is margin", chosen=page.filters.category)  # fmt: skip


def earning(page: Page, frame: pd.DataFrame) -> Chart:
    """Margin rate over revenue, a point per product."""
    look, formats = page.look, page.look.formats
    known = frame[frame["margin_rate"].notna() & (frame["revenue"] >= 1) & frame["is_merchandise"]].head(MOST_POINTS)
    sentences = [
        f"{row['product']} ({row['category']}): {look.money_full(row['revenue'])} net of returns,"
        f" {formats.percent(row['margin_rate'])} margin"
        for row in records(known)
    ]
    return points.cloud(
        look,
        known,
        x="revenue",
        y="margin_rate",
        x_text=look.money,
        y_text=lambda one: formats.percent(one, 0),
        x_title="Net of returns",
        y_title="Margin rate",
        ids=list(known["category"]),
        sentences=sentences,
        logarithmic=True,
    )


def rising(page: Page, frame: pd.DataFrame) -> Chart:
    """The products whose revenue grew and fell most."""
    look = page.look
    changed = frame.assign(difference=frame["revenue"] - frame["former_revenue"]).sort_values("difference")
    ends = pd.concat([changed.tail(MOST_RISING).iloc[::-1], changed.head(MOST_RISING).iloc[::-1]]).drop_duplicates()
    ends = ends[ends["difference"] != 0]
    sentences = [
        f"{row['product']}: {look.money_full(row['revenue'])} net of returns"
        + (compared(look, row["revenue"], row["former_revenue"], page.the_former) or f", none in {page.the_former}")
        for row in records(ends)
    ]
    return bars.diverging(look, ends, name="product", value="difference", text=look.money, sentences=sentences,
                          ids=list(ends["category"]))  # fmt: skip


def return_rates(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    top = frame.head(15)
    sentences = [
        f"{row['value']}: {formats.percent(row['rate'])} of {formats.count(row['lines'])} lines came back,"
        f" surely between {formats.percent(row['rate_low'])} and {formats.percent(row['rate_high'])}"
        for row in records(top)
    ]
    return points.intervals(page.look, top, name="value", value="rate", low="rate_low", high="rate_high",
                            text=formats.percent, sentences=sentences)  # fmt: skip


def pairs(page: Page, frame: pd.DataFrame) -> Chart:
    formats = page.look.formats
    frame = frame.sort_values("orders_together", ascending=False, kind="stable")
    named = frame.assign(name=[f"{row['product']} + {row['companion']}" for row in records(frame)])
    sentences = [
        f"{row['product']} with {row['companion']}: in {formats.count(row['orders_together'])} orders together,"
        f" {formats.number(row['adjusted_lift'], 1)} times as often as by chance"
        for row in records(frame)
    ]
    return bars.named(page.look, list(named["name"]), list(named["orders_together"]), text=formats.count,
                      sentences=sentences, longest=52)  # fmt: skip


def listing(page: Page, frame: pd.DataFrame) -> Listing:
    look, formats = page.look, page.look.formats
    top = frame.head(MOST_ROWS)
    has_former = page.filters.former is not None
    change = [row["revenue"] / row["former_revenue"] - 1 if row["former_revenue"] > 0 else None for row in records(top)]
    columns = {
        "Product": list(top["product"]),
        "Category": list(top["category"]),
        "Class": [one or "" for one in top["abc_class"]],
        "Net of returns": [look.money_full(one) for one in top["revenue"]],
        f"Against {page.the_former}": [formats.change(one) for one in change],
        "Units": [formats.count(one) for one in top["units"]],
        "Margin rate": [formats.percent(one) for one in top["margin_rate"]],
        "Returned units": [formats.percent(one) for one in top["return_rate"]],
    }
    if not has_former:
        del columns[f"Against {page.the_former}"]
    return Listing(pd.DataFrame(columns), list(columns)[3:])


def compared_only(page: Page, answer: Answer) -> Answer:
    return answer if page.filters.former else Answer(answer.table.slice(0, 0), answer.sql, answer.parameters)


def draw(page: Page) -> None:
    answers, filters, money = page.answers, page.filters, f"Net of returns, {page.filters.currency}"
    kpi.row(page, kpis(page))
    no_categories = words.NO_DIMENSION.format(dimension="category")
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("categories", "Revenue by category", "net of returns", page.period,
                              money + page.behind, ALL, click="category", needs=("value", no_categories)),
                   lambda: sales.by(answers, filters, "category"), lambda frame: categories(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("rates", "Margin rate by category", "margin rate", page.period, "Share of revenue", ALL,
                              click="category", needs=("margin", words.NO_COSTS)),
                   lambda: sales.by(answers, filters, "category"),
                   lambda frame: margin_rates(page, frame))  # fmt: skip
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("rising", f"Products that rose and fell most against {page.the_former}", "change",
                              page.period, f"Difference of net of returns, {filters.currency}", APPLIED,
                              empty=words.NOTHING_COMPARED),
                   lambda: compared_only(page, products.products(answers, filters)),
                   lambda frame: rising(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("earning", "Which products sell, and which earn", "margin rate", page.period,
                              f"The {MOST_POINTS} of most revenue", APPLIED, needs=("margin", words.NO_COSTS)),
                   lambda: products.products(answers, filters), lambda frame: earning(page, frame))  # fmt: skip
    of_all_days(page)
    tile.table(page, Tile("products", "Products by revenue", "net of returns", page.period, money, APPLIED),
               lambda: products.products(answers, filters), lambda frame: listing(page, frame))  # fmt: skip


def of_all_days(page: Page) -> None:
    """What marts say that do not follow the period."""
    answers, filters, seen = page.answers, page.filters, f"All days, seen from {page.seen_from}"
    left, right = st.columns(2)
    with left:
        tile.chart(page, Tile("classes", "A, B and C: how many products bring how much", "abc", seen, "Shares",
                              APPLIED),
                   lambda: products.classes(answers, filters),
                   lambda frame: bars.brought(page.look, frame, name="abc_class", revenue="net_revenue",
                                              count="products"))  # fmt: skip
        tile.chart(page, Tile("reasons", "Why things come back", "line return rate", "All days",
                              "Share of all lines", empty=words.NO_RETURNS,
                              needs=("value", words.NO_REASONS)),
                   lambda: products.return_rates(answers, filters, "reason"),
                   lambda frame: return_rates(page, frame))  # fmt: skip
    with right:
        tile.chart(page, Tile("returns", "What comes back, by category", "line return rate", "All days",
                              "Share of lines", APPLIED, empty=words.NO_RETURNS, click="category",
                              needs=("value", words.NO_DIMENSION.format(dimension="category"))),
                   lambda: products.return_rates(answers, filters, "category"),
                   lambda frame: return_rates(page, frame))  # fmt: skip
    tile.chart(page, Tile("pairs", "What is bought together", "bought together", "All whole months",
                          "Orders with both", APPLIED, empty=words.NO_PAIRS),
               lambda: products.pairs(answers, filters), lambda frame: pairs(page, frame))  # fmt: skip


if __name__ == "__main__":
    draw(open_page("Products", ALL))
