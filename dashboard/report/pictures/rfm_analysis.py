"""Segments of customers in four panels: how many, what they bring, where they stand, what one of them brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.data import customers
from dashboard.data.customers import SEGMENTS
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import points, two_lines
from dashboard.report.pictures.marks import bars, cell, name_rows, no_lines, paper, row_height, say_beside
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import NOTE

NAME = "rfm_analysis"
_NAMES, _BETWEEN, _HEAD, _CELL, _SCORES = 126, 24, 42, 40, 5
_Place = tuple[float, float, float, float]
"""Left, top, width and height, in px."""


@dataclass(frozen=True)
class Segment:
    name: str
    customers: int
    revenue: float
    """Net of returns, of all its customers."""
    low: float
    middle: float
    high: float
    """Quartiles of what one customer brought."""


@dataclass(frozen=True)
class Rfm:
    segments: tuple[Segment, ...]
    """From best to worst; at least one."""
    cells: Mapping[tuple[int, int], int]
    """Recency score, frequency score -> customers."""

    @property
    def customers(self) -> int:
        return sum(one.customers for one in self.segments)

    @property
    def revenue(self) -> float:
        return sum(one.revenue for one in self.segments)


def figures(sheet: Sheet) -> Rfm | None:
    """None where no customer is known by name."""
    rows = customers.segments(sheet.answers, sheet.filters).table.to_pylist()
    if not rows:
        return None
    values = {row["segment"]: row for row in customers.segment_values(sheet.answers, sheet.filters).table.to_pylist()}
    place = {name: at for at, name in enumerate(SEGMENTS)}
    rows.sort(key=lambda row: place.get(row["segment"], len(place)))
    return Rfm(
        tuple(_segment(row, values[row["segment"]]) for row in rows),
        {
            (row["r_score"], row["f_score"]): row["customers"]
            for row in customers.score_map(sheet.answers, sheet.filters).table.to_pylist()
        },
    )


def _segment(row: Mapping[str, Any], value: Mapping[str, Any]) -> Segment:
    quartiles = (float(value[name]) for name in ("low", "middle", "high"))
    return Segment(row["segment"], row["customers"], float(row["revenue"]), *quartiles)


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: Rfm) -> Canvas:
    names = two_lines([one.name for one in found.segments], _NAMES - 10)
    rows = row_height(names) * len(names)
    second = _HEAD + rows + _BETWEEN
    lower = max(rows, _CELL * _SCORES + 20)
    canvas = Canvas(sheet, _title(sheet, found), _under(sheet, found), second + _HEAD + lower, _NOTES)
    half = (BODY - _NAMES - _BETWEEN) / 2
    right = _NAMES + half + _BETWEEN
    _sizes(canvas, found, names, (_NAMES, 0, half, rows))
    _money(canvas, found, (right, 0, half, rows))
    _map(canvas, found, (0, second, _SCORES * _CELL + 60))
    _each(canvas, found, names, (right, second, BODY - right, max(rows, _CELL * _SCORES)))
    return canvas


_NOTES = ["Scores 1 to 5 of recency (5: ordered latest) and frequency (5: ordered most often); equals share a score."]


def _sizes(canvas: Canvas, found: Rfm, names: list[str], at: _Place) -> None:
    left, top, width, height = at
    sheet = canvas.sheet
    canvas.panel_title(left, top, "How many customers", "Customers, and share of all")
    axes = canvas.axes(left, top + _HEAD, width, height)

    texts = [
        f"{sheet.formats.count(one.customers)}  {sheet.formats.percent(one.customers / found.customers)}"
        for one in found.segments
    ]
    bars(canvas, axes, [float(one.customers) for one in found.segments], texts, sheet.palette.reference)
    name_rows(axes, sheet, names)


def _money(canvas: Canvas, found: Rfm, at: _Place) -> None:
    left, top, width, height = at
    sheet = canvas.sheet
    canvas.panel_title(left, top, "What they bring", f"Net of returns so far, {sheet.filters.currency}")
    axes = canvas.axes(left, top + _HEAD, width, height)

    percent = sheet.formats.percent
    shares = [f"  {percent(one.revenue / found.revenue)}" if found.revenue > 0 else "" for one in found.segments]
    texts = [sheet.money(one.revenue) + share for one, share in zip(found.segments, shares, strict=True)]
    bars(canvas, axes, [one.revenue for one in found.segments], texts)
    name_rows(axes, sheet, [""] * len(found.segments))


def _map(canvas: Canvas, found: Rfm, at: tuple[float, float, float]) -> None:
    """Customers by scores, frequency upwards and recency to the right."""
    left, top, width = at
    sheet = canvas.sheet
    canvas.panel_title(left, top, "Where they stand", "Customers by recency and frequency")
    height = _CELL * _SCORES + 20
    axes = canvas.axes(left, top + _HEAD, width, height)
    paper(axes, width, height)
    most = max(found.cells.values(), default=1)
    soft: dict[str, Any] = {"fontsize": points(NOTE), "color": sheet.palette.soft, "va": "center_baseline"}
    for score in range(1, _SCORES + 1):
        axes.text(24, (_SCORES - score + 0.5) * _CELL, f"F{score}", ha="right", **soft)
        axes.text(30 + (score - 0.5) * _CELL, _SCORES * _CELL + 10, f"R{score}", ha="center", **soft)
    for (recency, frequency), count in found.cells.items():
        place = (30 + (recency - 1) * _CELL, (_SCORES - frequency) * _CELL, _CELL, _CELL)
        cell(axes, sheet, place, count / most, sheet.formats.count(count))


def _each(canvas: Canvas, found: Rfm, names: list[str], at: _Place) -> None:
    """The median customer of each segment, and the middle half."""
    left, top, width, height = at
    sheet = canvas.sheet
    title = f"Net of returns, {sheet.filters.currency}; bar: the middle half"
    canvas.panel_title(left, top, "What the median customer brings", title)
    axes = canvas.axes(left, top + _HEAD, width, height)
    for place, one in enumerate(found.segments):
        axes.plot((one.low, one.high), (place, place), color=sheet.palette.accent, alpha=0.35, linewidth=6,
                  solid_capstyle="butt")  # fmt: skip
    middles = [one.middle for one in found.segments]
    axes.scatter(middles, range(len(middles)), s=30, color=sheet.palette.accent, zorder=3, clip_on=False)
    axes.set_xlim(min([0.0, *(one.low for one in found.segments)]), 1.0)
    say_beside(canvas, axes, [one.high for one in found.segments], [sheet.money(one) for one in middles])
    name_rows(axes, sheet, names)
    no_lines(axes)


def _title(sheet: Sheet, found: Rfm) -> str:
    best = max(found.segments, key=lambda one: one.revenue)
    said = f"{best.name}: {sheet.formats.percent(best.customers / found.customers)} of the customers"
    if found.revenue <= 0:
        return said
    return f"{said} bring {sheet.formats.percent(best.revenue / found.revenue)} of the money"


def _under(sheet: Sheet, found: Rfm) -> str:
    people = sheet.counted(found.customers, "customer")
    return f"RFM segments of {people}, {sheet.money(found.revenue)} net of returns"


def _alt(sheet: Sheet, found: Rfm) -> str:
    parts = [
        f"{one.name} {sheet.counted(one.customers, 'customer')}, {sheet.money(one.revenue)}"
        f" (median {sheet.money(one.middle)})"
        for one in found.segments
    ]
    return f"RFM segments, customers and what they brought net of returns: {'; '.join(parts)}."
