"""What is to be expected of the weeks ahead, with its intervals, and of which categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.data import scores
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import two_lines
from dashboard.report.pictures.marks import bars, months_of, name_rows, row_height, ticks_of
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "demand_forecast"
MOST_CATEGORIES = 8
_AXIS, _AXIS_BELOW, _FAN, _BETWEEN, _HEAD, _NAMES = 64, 28, 230, 44, 42, 164
_BANDS = (("low_95", "high_95", 0.15), ("low_80", "high_80", 0.25))
_WEEKS = 52
"""A year of whole weeks."""


@dataclass(frozen=True)
class Part:
    """A category, over all weeks ahead together."""

    name: str
    forecast: float
    former: float | None
    """The same weeks a year before; None where not all are known."""


@dataclass(frozen=True)
class Forecast:
    measure: str
    """revenue, units or lines."""
    method: str
    before: tuple[tuple[date, float], ...]
    """Whole weeks of the last year: Monday, what came."""
    ahead: tuple[Mapping[str, Any], ...]
    """One per week: week_start, forecast, low_80, high_80, low_95, high_95; at least one."""
    former: tuple[float, ...]
    """What came a year before each week ahead; empty where not all of it is known."""
    parts: tuple[Part, ...]
    """The greatest categories."""

    @property
    def total(self) -> float:
        return float(sum(row["forecast"] for row in self.ahead))

    @property
    def change(self) -> float | None:
        """Of the weeks ahead together, against a year before."""
        then = sum(self.former)
        return self.total / then - 1 if then > 0 else None


def figures(sheet: Sheet) -> Forecast | None:
    """Of all sales: of revenue where that is forecast, else of what is. None without a forecast."""
    rows = scores.levels(sheet.answers, sheet.filters).table.to_pylist()
    totals = [row for row in rows if row["series_level"] == "total"]
    if not totals:
        return None
    chosen = min(totals, key=lambda row: row["measure"] != "revenue")
    ahead = _ahead(sheet, chosen)
    weeks = [row["week_start"] for row in ahead]
    before = _before(sheet, chosen, weeks[0])
    categories = [
        row for row in rows if row["series_level"] == "category" and row["measure"] == chosen["measure"]
    ][:MOST_CATEGORIES]  # fmt: skip
    return Forecast(
        str(chosen["measure"]),
        str(chosen["forecast_method"]),
        tuple(before.items()),
        tuple(ahead),
        _a_year_before(before, weeks),
        tuple(_part(sheet, row, weeks) for row in categories),
    )


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["series_level"], row["series_value"], row["measure"]


def _ahead(sheet: Sheet, series: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = scores.forecast(sheet.answers, sheet.filters, *_key(series)).table.to_pylist()
    return rows


def _before(sheet: Sheet, series: Mapping[str, Any], first: date) -> dict[date, float]:
    """Week -> what came, of the year before the first week ahead: 0 without sales; none that began before the data."""
    rows = scores.weeks_before(sheet.answers, sheet.filters, *_key(series)).table.to_pylist()
    found = {row["week_start"]: float(row["value"]) for row in rows}
    weeks = [first - timedelta(weeks=back) for back in range(_WEEKS, 0, -1)]
    return {week: found.get(week, 0.0) for week in weeks if week >= sheet.filters.known.since}


def _a_year_before(before: Mapping[date, float], weeks: Sequence[date]) -> tuple[float, ...]:
    then = [week - timedelta(weeks=_WEEKS) for week in weeks]
    return tuple(before[week] for week in then) if all(week in before for week in then) else ()


def _part(sheet: Sheet, series: Mapping[str, Any], weeks: Sequence[date]) -> Part:
    former = _a_year_before(_before(sheet, series, weeks[0]), weeks)
    return Part(str(series["series_value"]), float(series["forecast"]), sum(former) if former else None)


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: Forecast) -> Canvas:
    names = two_lines([one.name for one in found.parts], _NAMES - 10)
    rows = row_height(names) * len(names)
    below = _BETWEEN + _HEAD + rows if names else _AXIS_BELOW
    canvas = Canvas(sheet, _title(sheet, found), _under(sheet, found), _FAN + below, _notes(found))
    axes = canvas.axes(_AXIS, 4, BODY - _AXIS, _FAN)
    _fan(axes, sheet, found)
    if found.parts:
        _categories(canvas, found, names, rows)
    return canvas


def _fan(axes: Axes, sheet: Sheet, found: Forecast) -> None:
    weeks: list[Any] = [row["week_start"] for row in found.ahead]
    for low, high, opacity in _BANDS:
        lows, highs = ([row[name] for row in found.ahead] for name in (low, high))
        axes.fill_between(weeks, lows, highs, color=sheet.palette.accent, alpha=opacity, linewidth=0)
    ends = [row["high_95"] for row in found.ahead]
    if found.before:
        days: list[Any] = [week for week, _ in found.before]
        axes.plot(days, [value for _, value in found.before], color=sheet.palette.ink, linewidth=1.6)
        ends += [value for _, value in found.before]
        axes.axvline(weeks[0], color=sheet.palette.soft, linewidth=0.9, linestyle=(0, (2, 2)))
    if found.former:
        axes.plot(weeks, found.former, color=sheet.palette.soft, linewidth=1.2, linestyle=(0, (4, 2)))
    axes.plot(weeks, [row["forecast"] for row in found.ahead], color=sheet.palette.accent, linewidth=2.2,
              marker="o" if len(weeks) == 1 else "")  # fmt: skip
    axes.margins(x=0.01)
    axes.set_ylim(0, (max(ends) or 1.0) * 1.08)
    ticks_of(axes, sheet, _text(sheet, found))
    months_of(axes, sheet, found.before[0][0] if found.before else weeks[0], weeks[-1])


def _categories(canvas: Canvas, found: Forecast, names: Sequence[str], height: float) -> None:
    sheet, top = canvas.sheet, _FAN + _BETWEEN
    together = "All weeks ahead together; change against a year before"
    canvas.panel_title(_NAMES, top, "Where it is to come from", together)
    axes = canvas.axes(_NAMES, top + _HEAD, BODY - _NAMES, height)
    text, change = _text(sheet, found), sheet.formats.change
    texts = [
        f"{text(one.forecast)}   {change(one.forecast / one.former - 1) if one.former else ''}" for one in found.parts
    ]
    bars(canvas, axes, [one.forecast for one in found.parts], texts)
    name_rows(axes, sheet, names)


def _text(sheet: Sheet, found: Forecast) -> Any:
    return sheet.money if found.measure == "revenue" else sheet.formats.short


def _what(found: Forecast) -> str:
    return "net revenue" if found.measure == "revenue" else f"{found.measure}"


def _title(sheet: Sheet, found: Forecast) -> str:
    amount = f"{_text(sheet, found)(found.total)} of {_what(found)}"
    weeks = "week" if len(found.ahead) == 1 else f"{len(found.ahead)} weeks"
    said = f"{amount} to be expected in the next {weeks}"
    if found.change is None:
        return said
    way = "above" if found.change >= 0 else "below"
    return f"{said}, {sheet.formats.percent(abs(found.change))} {way} the same time a year before"


def _under(sheet: Sheet, found: Forecast) -> str:
    unit = f", {sheet.filters.currency}" if found.measure == "revenue" else ""
    first, last = found.ahead[0]["week_start"], found.ahead[-1]["week_start"] + timedelta(days=6)
    return f"{_what(found).capitalize()} a week{unit}; forecast {sheet.formats.days(first, last)}"


def _notes(found: Forecast) -> list[str]:
    then = " Dashed: a year before." if found.former else ""
    so_far = "Black: what came. " if found.before else ""
    method = found.method.replace("_", " ")
    return [f"{so_far}Blue: forecast ({method}); its bands are to hold 80 and 95 of 100 weeks.{then}"]


def _alt(sheet: Sheet, found: Forecast) -> str:
    text, first, last = _text(sheet, found), found.ahead[0], found.ahead[-1]
    weeks = [
        f"week of {sheet.formats.day(row['week_start'])} {text(row['forecast'])} (80 %: {text(row['low_80'])} to"
        f" {text(row['high_80'])}; 95 %: {text(row['low_95'])} to {text(row['high_95'])})"
        for row in ([first, last] if len(found.ahead) > 1 else [first])
    ]
    parts = [f"{one.name} {text(one.forecast)}" for one in found.parts]
    of_parts = f"; by category {', '.join(parts)}" if parts else ""
    return f"{_title(sheet, found)}: {', '.join(weeks)}{of_parts}."
