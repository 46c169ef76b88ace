"""Figures of customers: segments, scores, cohorts, and how much hangs on how few."""

from __future__ import annotations

import pandas as pd

from dashboard.charts import bars, heat, lines
from dashboard.charts.base import Chart, Listing, Look, records
from dashboard.data.customers import SEGMENTS as SEGMENTS

MOST_COHORTS, MOST_CURVES = 18, 6


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Segments from best to worst."""
    place = {name: at for at, name in enumerate(SEGMENTS)}
    return frame.assign(_at=[place.get(one, len(place)) for one in frame["segment"]]).sort_values("_at", kind="stable")


def segment_shares(look: Look, frame: pd.DataFrame) -> Chart:
    return bars.brought(look, in_order(frame), name="segment", revenue="revenue", count="customers")


def score_map(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
    found = {(row["f_score"], row["r_score"]): row for row in records(frame)}
    scores = [1, 2, 3, 4, 5]
    cells = [[found.get((often, late)) for late in scores] for often in reversed(scores)]

    def sentence(at: int, across: int, value: float) -> str:
        row = cells[at][across] or {}
        return (
            f"Recency {across + 1}, frequency {5 - at}: {formats.count(value)} customers, mostly {row['segment']},"
            f" {look.money_full(row['revenue'])} net of returns"
        )

    return heat.grid(
        look,
        [f"F {one}" for one in reversed(scores)],
        [f"R {one}" for one in scores],
        [[row["customers"] if row else None for row in line] for line in cells],
        text=formats.count,
        sentence=sentence,
        ids=[[row["segment"] if row else "" for row in line] for line in cells],
        tall=46,
    )


def cohort_map(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
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
        look,
        [f"{formats.month(one)} · {formats.count(sizes[one])}" for one in months],
        [str(one) for one in numbers],
        [[row["retention"] if row else None for row in line] for line in cells],
        text=lambda one: formats.number(one * 100, 0),
        sentence=sentence,
        x_title="Months since the first order",
        tall=24,
        most_numbered=20,
    )


def value_curves(look: Look, frame: pd.DataFrame) -> Chart:
    """Cumulative value by months since the first order, of some cohorts from the oldest to the newest."""
    formats = look.formats
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
        look,
        curves,
        text=look.money,
        x_text=lambda one: formats.number(one, 0),
        x_title="Months since the first order",
        sentence=lambda name, x, y: (
            f"Customers of {name}: {look.money_full(y)} each up to month {formats.number(x, 0)}"
        ),
    )


def tenths(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
    names = ["best" if one == 1 else f"{one}." for one in frame["tenth"]]
    sentences = [
        f"Tenth {row['tenth']} of the customers, the best first: {look.money_full(row['mean_value'])} each,"
        f" {look.money_full(row['revenue'])} in all, {formats.count(row['customers'])} customers"
        for row in records(frame)
    ]
    return bars.columns(look, names, list(frame["mean_value"]), text=look.money, sentences=sentences)


def concentration(look: Look, frame: pd.DataFrame) -> Chart:
    formats = look.formats
    x = [0.0, *(frame["customer_percent"] / 100)]
    y = [0.0, *frame["revenue_share"]]
    return lines.curves(
        look,
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


def listing(look: Look, frame: pd.DataFrame) -> Listing:
    """Customers one by one; who they are only where the frame says it."""
    formats = look.formats
    shown = frame.assign(
        recency_days=[formats.count(one) for one in frame["recency_days"]],
        frequency=[formats.count(one) for one in frame["frequency"]],
        monetary=[look.money_full(one) for one in frame["monetary"]],
        last_ordered_on=[formats.day(one) for one in frame["last_ordered_on"]],
    )
    names = {
        "name": "Name",
        "email": "E-mail",
        "customer_id": "Customer",
        "segment": "Segment",
        "customer_segment": "Class",
        "country_name": "Country",
        "recency_days": "Days since last order",
        "frequency": "Orders",
        "monetary": "Net of returns",
        "last_ordered_on": "Last order",
    }
    numbers = [names[one] for one in ("recency_days", "frequency", "monetary")]
    kept = [name for name in names if name in shown]
    return Listing(shown[kept].rename(columns=names), numbers)
