"""Daily sales taken apart: trend, season and what is left, with the days that are out of the ordinary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.data import seasons
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import points
from dashboard.report.pictures.marks import months_of, ticks_of
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet, listed
from dashboard.tokens import NOTE, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "sales_decomposition"
_PARTS = {"trend": "Sales and their trend", "weekly": "Week", "yearly": "Year", "remainder": "What is left"}
_TALL = {"trend": 170, "weekly": 70, "yearly": 80, "remainder": 100}
_AXIS, _BETWEEN, _HEAD = 64, 14, 20
_MOST_NAMED, _NAME_WIDE = 3, 0.14
"""Days that are named, and how much of the axis a name takes."""


@dataclass(frozen=True)
class Series:
    """Net revenue a day of all sales. The lists are of one length, by day; a part that is not known is None."""

    days: tuple[date, ...]
    values: tuple[float, ...]
    parts: dict[str, tuple[float, ...]]
    """trend, weekly, remainder, and yearly where there are two years."""
    odd: tuple[tuple[date, float, float], ...]
    """Day, value and remainder of days out of the ordinary, the furthest first."""
    levels: tuple[date, ...]
    """First days of new levels."""
    growth: float | None
    year_on_year: float | None


def figures(sheet: Sheet) -> Series | None:
    """None where revenue in all cannot be taken apart."""
    looked_at = seasons.series(sheet.answers, sheet.filters).table.to_pylist()
    total = [row for row in looked_at if row["series"] == "total" and row["measure"] == "revenue"]
    if not total or total[0]["series_outcome"] != "decomposed":
        return None
    value = str(total[0]["series_value"])
    rows = seasons.decomposition(sheet.answers, sheet.filters, "total", value, "revenue").table.to_pylist()
    if not rows:
        return None
    odd = sorted((row for row in rows if row["is_anomaly"]), key=lambda row: (-abs(row["remainder"]), row["full_date"]))
    return Series(
        tuple(row["full_date"] for row in rows),
        tuple(float(row["value"]) for row in rows),
        {name: part for name in _PARTS if (part := _part(rows, name)) is not None},
        tuple((row["full_date"], float(row["value"]), float(row["remainder"])) for row in odd),
        tuple(row["full_date"] for row in rows if row["is_change_point"]),
        total[0]["growth"],
        total[0]["year_on_year"],
    )


def _part(rows: Sequence[dict[str, Any]], name: str) -> tuple[float, ...] | None:
    values = [row[name] for row in rows]
    return None if any(one is None for one in values) else tuple(float(one) for one in values)


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: Series) -> Canvas:
    height = sum(_TALL[name] + _HEAD + _BETWEEN for name in found.parts) + 6
    canvas = Canvas(sheet, _title(sheet, found), _under(sheet, found), height, _notes(found))
    top = 0.0
    for name, values in found.parts.items():
        canvas.text(_AXIS, top, _PARTS[name], TEXT - 1, color=sheet.palette.ink, fontweight="bold")
        axes = canvas.axes(_AXIS, top + _HEAD, BODY - _AXIS, _TALL[name])
        if name == "trend":
            axes.plot(found.days, found.values, color=sheet.palette.reference, linewidth=0.9)  # type: ignore[arg-type]
            _new_levels(axes, sheet, found)
            _odd_days(axes, sheet, found, of_value=True)
        axes.plot(found.days, values, color=_colour(sheet, name), linewidth=2.2 if name == "trend" else 0.9)  # type: ignore[arg-type]
        if name == "remainder":
            _odd_days(axes, sheet, found, of_value=False)
        _axis(axes, sheet, found, name, is_last=name == list(found.parts)[-1])
        top += _TALL[name] + _HEAD + _BETWEEN
    return canvas


def _colour(sheet: Sheet, name: str) -> str:
    return sheet.palette.soft if name == "remainder" else sheet.palette.accent


def _axis(axes: Axes, sheet: Sheet, found: Series, name: str, *, is_last: bool) -> None:
    axes.margins(x=0.01)
    if name == "trend":
        axes.set_ylim(min(0.0, *found.values), max(found.values) * 1.12)
    ticks_of(axes, sheet, sheet.money, most=5 if name == "trend" else 3)
    months_of(axes, sheet, found.days[0], found.days[-1])
    if not is_last:
        axes.tick_params(axis="x", labelbottom=False, length=0)


def _new_levels(axes: Axes, sheet: Sheet, found: Series) -> None:
    for day in found.levels:
        axes.axvline(day, color=sheet.palette.warned, linewidth=0.9, linestyle=(0, (2, 2)))  # type: ignore[arg-type]


def _odd_days(axes: Axes, sheet: Sheet, found: Series, *, of_value: bool) -> None:
    """A diamond on each day out of the ordinary; beside the furthest its date."""
    days = [day for day, *_ in found.odd]
    places = [value if of_value else left for _, value, left in found.odd]
    axes.scatter(days, places, marker="D", s=13, color=sheet.palette.categories[5], zorder=4, clip_on=False)  # type: ignore[arg-type]
    if of_value:
        return
    first, span = found.days[0], len(found.days)
    for day, place in _apart(list(zip(days, places, strict=True)), span * _NAME_WIDE):
        is_late = (day - first).days > span * (1 - _NAME_WIDE)
        axes.annotate(
            sheet.formats.day(day),
            (day, place),
            (-5 if is_late else 5, 0),
            textcoords="offset points",
            ha="right" if is_late else "left",
            va="center_baseline",
            fontsize=points(NOTE),
            color=sheet.palette.ink,
        )


def _apart(marks: list[tuple[date, float]], days: float) -> list[tuple[date, float]]:
    """The first marks that leave so many days between them, so that their names do not lie on each other."""
    kept: list[tuple[date, float]] = []
    for day, place in marks:
        if len(kept) < _MOST_NAMED and all(abs((day - other).days) >= days for other, _ in kept):
            kept.append((day, place))
    return kept


def _title(sheet: Sheet, found: Series) -> str:
    change, formats = found.growth, sheet.formats
    odd = f"{len(found.odd)} of {len(found.days)} days stand out"
    if found.year_on_year is not None:
        way = "above" if found.year_on_year >= 0 else "below"
        return f"Sales are {formats.percent(abs(found.year_on_year))} {way} the year before; {odd}"
    if change is None:
        return odd
    way = "rose" if change >= 0 else "fell"
    return f"The trend of daily sales {way} by {formats.percent(abs(change))}; {odd}"


def _under(sheet: Sheet, found: Series) -> str:
    days = sheet.formats.days(found.days[0], found.days[-1])
    return f"Net revenue a day, {sheet.filters.currency}, {days}"


def _notes(found: Series) -> list[str]:
    level = " Dotted line: a new level begins." if found.levels else ""
    return [f"Sales = trend + season + what is left. ◆ out of the ordinary.{level}"]


def _alt(sheet: Sheet, found: Series) -> str:
    formats = sheet.formats
    trend = found.parts["trend"]
    odd = [
        f"{formats.day(day)} ({sheet.money(abs(left))} {'more' if left > 0 else 'less'} than trend and season explain)"
        for day, _, left in found.odd[:_MOST_NAMED]
    ]
    said = f", the furthest {listed(odd)}" if odd else ""
    levels = f"; new levels begin on {listed([formats.day(day) for day in found.levels])}" if found.levels else ""
    return (
        f"Daily net revenue, {formats.days(found.days[0], found.days[-1])}: the trend goes from {sheet.money(trend[0])}"
        f" to {sheet.money(trend[-1])} a day; {len(found.odd)} days are out of the ordinary{said}{levels}."
    )
