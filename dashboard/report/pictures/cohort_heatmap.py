"""Retention by month of the first order: who comes back, cohort by cohort."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from dashboard.data import customers
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import points
from dashboard.report.pictures.marks import cell, paper
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet
from dashboard.tokens import NOTE, TEXT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "cohort_heatmap"
MOST = 18
"""Cohorts, and months after the first: with more of them a cell is narrower than its number."""
_LEFT, _FIRST, _TALL, _WIDEST, _APART = 134, 42, 24, 56, 8
_LATER = 6
_TOLD = (1, 3, 6, 12)
_OF_COLOURS = 0.98
"""Colours end at this quantile of the cells, or one small cohort would leave all others pale."""


@dataclass(frozen=True)
class Cohorts:
    """The newest cohorts whose months since are known, at least one."""

    sizes: Mapping[date, int]
    """Month of the first order -> customers, in order."""
    shares: Mapping[tuple[date, int], float]
    """Cohort, months since -> share that ordered; what is not known is not there."""
    partial: frozenset[tuple[date, int]]
    """Where the month was not over yet."""
    overall: Mapping[int, float]
    """Months since -> share of all cohorts whose month is over."""
    begins_with_data: bool
    """Whether the first cohort is of the first month of all sales: customers of longer ago look new there."""

    @property
    def months(self) -> list[int]:
        return list(range(1, max(number for _, number in self.shares) + 1))


def figures(sheet: Sheet) -> Cohorts | None:
    """None where no month after a first one is known."""
    rows = [
        row
        for row in customers.cohorts(sheet.answers, sheet.filters).table.to_pylist()
        if 0 < row["month_number"] <= MOST and row["retention"] is not None
    ]
    shown = sorted({row["cohort_month"] for row in rows})[-MOST:]
    kept = [row for row in rows if row["cohort_month"] in set(shown)]
    if not kept:
        return None
    overall = customers.retention(sheet.answers, sheet.filters).table.to_pylist()
    return Cohorts(
        {row["cohort_month"]: row["cohort_size"] for row in kept},
        {(row["cohort_month"], row["month_number"]): float(row["retention"]) for row in kept},
        frozenset((row["cohort_month"], row["month_number"]) for row in kept if row["is_partial"]),
        {row["month_number"]: float(row["retention"]) for row in overall},
        shown[0] == sheet.filters.known.since.replace(day=1),
    )


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: Cohorts) -> Canvas:
    height = _FIRST + _TALL + _APART + _TALL * len(found.sizes)
    canvas = Canvas(sheet, _title(sheet, found), _under(sheet, found), height, _notes(found))
    axes = canvas.axes(0, 0, BODY, height)
    paper(axes, BODY, height)
    _heads(axes, sheet, found)
    _row(axes, sheet, found, _FIRST, {number: (share, False) for number, share in found.overall.items()})
    axes.text(0, _FIRST + _TALL / 2, "All cohorts", fontweight="bold", **_ink(sheet))
    for at, (month, size) in enumerate(found.sizes.items()):
        top = _FIRST + _TALL + _APART + at * _TALL
        axes.text(0, top + _TALL / 2, sheet.formats.month(month), **_ink(sheet))
        axes.text(_LEFT - 10, top + _TALL / 2, sheet.formats.count(size), ha="right", **_ink(sheet))
        shares = {
            number: (share, (month, number) in found.partial)
            for (cohort, number), share in found.shares.items()
            if cohort == month
        }
        _row(axes, sheet, found, top, shares)
    return canvas


def _heads(axes: Axes, sheet: Sheet, found: Cohorts) -> None:
    """What the columns are."""
    how = _ink(sheet) | {"fontsize": points(NOTE), "color": sheet.palette.soft}
    axes.text(_LEFT, 8, "Months since the first order", **how)
    axes.text(0, _FIRST - 12, "First order", **how)
    axes.text(_LEFT - 10, _FIRST - 12, "Customers", ha="right", **how)
    for number in found.months:
        axes.text(_LEFT + (number - 0.5) * _wide(found), _FIRST - 12, str(number), ha="center", **how)


def _row(axes: Axes, sheet: Sheet, found: Cohorts, top: float, shares: Mapping[int, tuple[float, bool]]) -> None:
    """The cells of one row: months since -> share, and whether the month is not over yet."""
    wide = _wide(found)
    low, most = _extent(found)
    for number in found.months:
        if number in shares:
            share, is_open = shares[number]
            place = (_LEFT + (number - 1) * wide, top, wide, _TALL)
            text = sheet.formats.number(share * 100)
            if is_open:
                cell(axes, sheet, place, None, text, fontstyle="italic")
            else:
                cell(axes, sheet, place, (share - low) / (most - low), text)


def _wide(found: Cohorts) -> float:
    return min(_WIDEST, (BODY - _LEFT) / len(found.months))


def _ink(sheet: Sheet) -> dict[str, Any]:
    return {"va": "center_baseline", "fontsize": points(TEXT - 1), "color": sheet.palette.ink}


def _over(found: Cohorts) -> dict[tuple[date, int], float]:
    """Shares of months that are over; all of them where none is."""
    return {key: share for key, share in found.shares.items() if key not in found.partial} or dict(found.shares)


def _extent(found: Cohorts) -> tuple[float, float]:
    """Where colours begin and end: at half of the least share, so that it is not like a blank, and near the most."""
    known = sorted(_over(found).values())
    low, most = known[0] / 2, known[int((len(known) - 1) * _OF_COLOURS)]
    return low, most if most > low else low + 1.0


def _title(sheet: Sheet, found: Cohorts) -> str:
    percent, overall = sheet.formats.percent, found.overall
    if 1 not in overall:
        return f"How many of the customers of {sheet.counted(len(found.sizes), 'cohort')} order again"
    later = _LATER if _LATER in overall else max(overall)
    said = f"{percent(overall[1])} of new customers order again in the month after their first order"
    return said if later == 1 else f"{said}, {percent(overall[later])} in month {later}"


def _under(sheet: Sheet, found: Cohorts) -> str:
    return f"Share of each cohort's customers who ordered, per cent; {sheet.counted(len(found.sizes), 'cohort')}"


def _notes(found: Cohorts) -> list[str]:
    notes = ["Blank: not known yet.", "White: the month is not over yet." if found.partial else ""]
    first = "Customers of before the data begins count as new in its first months."
    return [" ".join(filter(None, [*notes, first if found.begins_with_data else ""]))]


def _alt(sheet: Sheet, found: Cohorts) -> str:
    formats, months = sheet.formats, list(found.sizes)
    over = _over(found)
    extremes = []
    for which, choose in (("highest", max), ("lowest", min)):
        month, number = choose(over, key=over.__getitem__)
        share = formats.percent(over[month, number])
        extremes.append(f"{which} {share} (first order {formats.month(month)}, month {number})")
    overall = [f"month {at}: {formats.percent(found.overall[at])}" for at in _TOLD if at in found.overall]
    whole = f"; all cohorts in {'; '.join(overall)}" if overall else ""
    return (
        f"Retention of {sheet.counted(len(months), 'cohort')}, {formats.month(months[0])} to"
        f" {formats.month(months[-1])}: {', '.join(extremes)}{whole}."
    )
