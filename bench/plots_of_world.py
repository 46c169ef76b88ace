"""Draws the generated shop for docs/world.md: python -m bench.plots_of_world landing docs/images

Everything is read from the truth beside the landing folder, so defects of files are not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import matplotlib as mpl
import numpy as np
import typer
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator, PercentFormatter

from lakehouse.world.generate import truth_folder

INK, MUTED, GRID = "#1f2933", "#66737f", "#e4e7eb"
BLUE, ORANGE, PALE = "#2f6690", "#d9822b", "#a9c4d9"
WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
Ask = Callable[[str], list[tuple[Any, ...]]]
STYLE = {
    "font.family": "DejaVu Sans", "font.size": 9, "text.color": INK, "axes.labelcolor": MUTED, "axes.edgecolor": GRID,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10.5, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.titlepad": 10, "axes.grid": True, "axes.axisbelow": True, "grid.color": GRID,
    "xtick.color": MUTED, "ytick.color": MUTED, "legend.frameon": False, "figure.constrained_layout.use": True,
}  # fmt: skip
COUNT = FuncFormatter(lambda value, _: f"{value:,.0f}")
MONEY = FuncFormatter(lambda value, _: f"£{value:,.0f}")


def calendar(ask: Ask) -> Figure:
    """Orders of each day: weeks from left to right, weekdays from top to bottom, and the same days as a line."""
    rows = ask("SELECT order_date, count(DISTINCT order_id) FROM lines GROUP BY ALL ORDER BY ALL")
    days, orders = [row[0] for row in rows], np.array([row[1] for row in rows])
    monday = days[0] - timedelta(days=days[0].weekday())
    weeks = (days[-1] - monday).days // 7 + 1
    grid = np.full((7, weeks), np.nan)
    for day, number in zip(days, orders, strict=True):
        grid[day.weekday(), (day - monday).days // 7] = number
    figure, (top, bottom) = plt.subplots(2, 1, figsize=(10, 4.4), height_ratios=(1, 1.35))
    mesh = top.pcolormesh(grid, cmap="YlGnBu", vmin=0, edgecolors="white", linewidth=1.2)
    top.set(title="Orders of each day", aspect="equal", yticks=np.arange(7) + 0.5, yticklabels=WEEKDAYS)
    top.invert_yaxis()
    months = sorted({day.replace(day=1) for day in days})
    top.set_xticks([(month - monday).days / 7 + 0.5 for month in months], [f"{month:%b}" for month in months])
    top.tick_params(length=0)
    top.grid(visible=False)
    top.spines[:].set_visible(False)
    figure.colorbar(mesh, ax=top, shrink=0.9, pad=0.01).outline.set_visible(False)  # type: ignore[operator]
    smooth = np.convolve(orders, np.ones(28) / 28, "same")[14:-14]
    bottom.bar(days, orders, width=1.0, color=PALE)
    bottom.plot(days[14:-14], smooth, color=BLUE, linewidth=2, label="mean of 28 days")
    for name, day in (("Black Friday", date(2022, 11, 25)), ("Black Friday", date(2023, 11, 24))):
        height = orders[days.index(day)]
        bottom.annotate(name, (day, height), (-6, -2), textcoords="offset points", ha="right", va="top", color=INK)
    bottom.set(ylabel="orders a day", xlim=(days[0], days[-1]))
    bottom.grid(axis="x", visible=False)
    bottom.legend(loc="upper center")
    return figure


def distributions(ask: Ask) -> Figure:
    """Line value, lines per order, orders per customer, spend per customer."""
    completed = "FROM lines WHERE order_status = 'completed'"
    value = np.array(ask(f"SELECT gross::DOUBLE {completed}"))[:, 0]
    spend = np.array(ask(f"SELECT sum(gross)::DOUBLE {completed} GROUP BY customer_id"))[:, 0]
    lines = np.array(ask("SELECT count(*) FROM lines GROUP BY order_id"))[:, 0]
    orders = np.array(ask(f"SELECT count(DISTINCT order_id) {completed} GROUP BY customer_id"))[:, 0]
    figure, ((a, b), (c, d)) = plt.subplots(2, 2, figsize=(10, 6))
    on_log_scale(a, value, "Value of a completed line", "lines")
    on_log_scale(b, spend, "Spend of a buyer over the span", "buyers")
    bars(c, lines, 8, "Lines of an order", "orders", log=False)
    bars(d, orders, 20, "Completed orders of a buyer", "buyers (log scale)", log=True)
    return figure


def on_log_scale(axes: Axes, values: Any, title: str, what: str) -> None:
    """A histogram over a logarithmic axis, with mean and median."""
    axes.hist(values, bins=np.geomspace(max(values.min(), 4), values.max(), 60), color=PALE)
    for name, at, color in (("median", np.median(values), BLUE), ("mean", values.mean(), ORANGE)):
        axes.axvline(at, color=color, linewidth=2, label=f"{name} £{at:,.0f}")
    axes.set(title=title, xscale="log", ylabel=what)
    axes.xaxis.set_major_formatter(MONEY)
    axes.yaxis.set_major_formatter(COUNT)
    axes.grid(axis="x", visible=False)
    axes.legend()


def bars(axes: Axes, values: Any, most: int, title: str, what: str, *, log: bool) -> None:
    counts = np.bincount(np.minimum(values, most), minlength=most + 1)[1:]
    axes.bar(np.arange(1, most + 1), counts, color=PALE, width=0.85, log=log)
    axes.set(title=f"{title}: {values.mean():.2f} on average", ylabel=what)
    ticks = [tick for tick in axes.get_xticks() if 1 <= tick < most and tick == int(tick)]
    axes.set_xticks([*ticks, most], [*(f"{tick:.0f}" for tick in ticks), f"{most}+"])
    axes.yaxis.set_major_formatter(COUNT)
    axes.grid(axis="x", visible=False)


def cohorts(ask: Ask) -> Figure:
    """Retention of each monthly cohort, and their mean; the part that growth plays is what rises."""
    rows = ask("""
        SELECT cohort_month, month_number, customers / max(customers) OVER (PARTITION BY cohort_month) FROM cohorts
        WHERE cohort_month + to_months(month_number::INT + 1) <= (SELECT max(order_date) + 1 FROM lines) ORDER BY ALL
    """)
    table: dict[date, list[tuple[int, float]]] = {}
    for month, number, share in rows:
        if number:
            table.setdefault(month, []).append((number, share))
    figure, axes = plt.subplots(figsize=(10, 3.6))
    ends = (0, len(table) - 1)
    for place, (month, points) in enumerate(table.items()):
        color = mpl.colormaps["YlGnBu"](0.25 + 0.6 * place / len(table))
        axes.plot(
            *zip(*points, strict=True), color=color, linewidth=1, label=f"{month:%b %Y}" if place in ends else None
        )
    means = [(number, np.mean([dict(points)[number] for points in table.values() if number in dict(points)]))
             for number in range(1, 13)]  # fmt: skip
    axes.plot(*zip(*means, strict=True), color=ORANGE, linewidth=2.5, marker="o", markersize=4, label="mean of cohorts")
    axes.set(title="Share of a cohort that orders again, by months since its first order", xlabel="month")
    axes.set(xlim=(0.7, 15.3), ylim=(0, None), xticks=range(1, 16))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.yaxis.set_major_locator(MultipleLocator(0.05))
    axes.legend(loc="lower right", ncols=3)
    return figure


def products(ask: Ask) -> Figure:
    """The long tail of products, and how prices change."""
    sold = np.array(ask("SELECT count(*) FROM lines GROUP BY product_id ORDER BY 1 DESC"))[:, 0]
    prices = ask("""
        SELECT product_id, day, unit_price::DOUBLE FROM (SELECT DISTINCT product, day, unit_price FROM plain_lines)
        AS v(product_id, day, unit_price) ORDER BY ALL
    """)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
    left.loglog(np.arange(1, len(sold) + 1), sold, color=BLUE, linewidth=2)
    left.set(title="Lines of each product, by rank", xlabel="rank", ylabel="lines")
    for axis in (left.xaxis, left.yaxis):
        axis.set_major_formatter(COUNT)
    paths: dict[int, list[tuple[int, float]]] = {}
    for product, day, price in prices:
        paths.setdefault(product, []).append((day, price))
    for product in sorted(paths)[:: max(1, len(paths) // 140)]:
        days, path = zip(*paths[product], strict=True)
        right.step(days, np.array(path) / path[0], where="post", color=PALE, linewidth=0.8)
    index = ask("SELECT 28 * (day // 28) + 14 AS middle, avg(price / first) FROM price_index GROUP BY ALL ORDER BY ALL")
    right.plot(*zip(*index, strict=True), color=ORANGE, linewidth=2, label="mean of those sold, by four weeks")
    right.set(title="Prices against a product's first", xlabel="day of the span")
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.yaxis.set_major_locator(MultipleLocator(0.05))
    right.legend(loc="upper left")
    return figure


def campaigns(ask: Ask) -> Figure:
    """What each campaign truly added, and what naive attribution credits it with."""
    rows = ask("SELECT campaign_id, effect, incremental_value::DOUBLE, naive_value::DOUBLE FROM campaigns ORDER BY 1")
    names = [f"{name}\nδ {effect:g}" for name, effect, *_ in rows]
    place = np.arange(len(rows))
    figure, axes = plt.subplots(figsize=(10, 3.4))
    axes.bar(place - 0.2, [row[3] for row in rows], 0.38, color=PALE, label="naively credited")
    axes.bar(place + 0.2, [row[2] for row in rows], 0.38, color=ORANGE, label="truly added")
    axes.set(title="Completed value of each campaign", xticks=place)
    axes.set_xticklabels(names, fontsize=8)
    axes.yaxis.set_major_formatter(MONEY)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper left")
    return figure


VIEWS = """
CREATE VIEW lines AS SELECT * FROM '{0}/true_lines/*.parquet';
CREATE VIEW plain_lines AS SELECT product, day, unit_price FROM '{0}/order_lines/*.parquet';
CREATE VIEW cohorts AS SELECT * FROM '{0}/true_cohorts/*.parquet';
CREATE VIEW campaigns AS SELECT * FROM '{0}/true_campaigns/*.parquet';
CREATE VIEW price_index AS SELECT product, day, any_value(unit_price)::DOUBLE AS price,
    first(price) OVER (PARTITION BY product ORDER BY day) AS first FROM plain_lines GROUP BY product, day;
"""


def main(landing: Path, images: Path) -> None:
    """Writes images/world_*.png."""
    images.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection, mpl.rc_context(STYLE):
        connection.execute(VIEWS.format(truth_folder(landing)))
        for draw in (calendar, distributions, cohorts, products, campaigns):
            figure = draw(lambda sql: connection.sql(sql).fetchall())
            figure.savefig(images / f"world_{draw.__name__}.png", dpi=110)
            plt.close(figure)


if __name__ == "__main__":
    typer.run(main)
