"""What campaigns brought: what they added, with its interval, beside the naive figure and the spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.data import marketing
from dashboard.formats import plural
from dashboard.report.pictures.canvas import BODY, Canvas
from dashboard.report.pictures.lettering import two_lines
from dashboard.report.pictures.marks import bars, name_rows, no_lines, row_height, say_beside, ticks_of
from dashboard.report.pictures.picture import Picture
from dashboard.report.pictures.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME = "campaign_roi"
MOST = 24
"""Campaigns: those of most spend. More would not fit on a page."""
_NAMES, _BETWEEN, _HEAD, _AXIS, _NARROW = 164, 16, 42, 24, 112
_NOT_KNOWN = "Not known: it takes a held-out group\nthat is large enough, and costs."


@dataclass(frozen=True)
class Campaign:
    """ROI: (what came − spend) ÷ spend. None where it cannot be said."""

    name: str
    spend: float
    naive: float | None
    """Of all revenue of those it contacted."""
    added: float | None
    """Of the margin that it added, against the held-out group, adjusted for former spend."""
    low: float | None
    high: float | None

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where its row is drawn."""
        known = [one for one in (self.added, self.low, self.high) if one is not None] or [0.0]
        return min(known), max(known)

    @property
    def verdict(self) -> str:
        """paid, lost, or open where the interval holds 0 or is not known."""
        if self.low is None or self.high is None:
            return "open"
        return "paid" if self.low > 0 else "lost" if self.high < 0 else "open"


def figures(sheet: Sheet) -> tuple[Campaign, ...]:
    """By what was added, the best first; those of which that is not known last, by spend."""
    rows = marketing.campaigns(sheet.answers, sheet.filters).table.to_pylist()
    found = sorted((_campaign(row) for row in rows), key=lambda one: -one.spend)
    return tuple(sorted(found[:MOST], key=lambda one: (one.added is None, -(one.added or 0.0))))


def _campaign(row: dict[str, Any]) -> Campaign:
    names = ("naive_roi", "adjusted_roi", "adjusted_roi_low", "adjusted_roi_high")
    ratios = [None if row[name] is None else float(row[name]) for name in names]
    return Campaign(str(row["campaign_name"]), float(row["spend"]), *ratios)


def draw(sheet: Sheet) -> Picture | None:
    found = figures(sheet)
    return paint(sheet, found).picture(NAME, _alt(sheet, found)) if found else None


def paint(sheet: Sheet, found: tuple[Campaign, ...]) -> Canvas:
    names = two_lines([one.name for one in found], _NAMES - 10)
    rows = row_height(names) * len(names)
    canvas = Canvas(sheet, _title(found), _under(sheet, found), _HEAD + rows + _AXIS, _NOTES)
    wide = BODY - _NAMES - 2 * (_NARROW + _BETWEEN)
    canvas.panel_title(_NAMES, 0, "What it added", "ROI of margin, 95 % interval")
    axes = canvas.axes(_NAMES, _HEAD, wide, rows)
    _added(canvas, axes, found)
    name_rows(axes, sheet, names)
    left = _NAMES + wide + _BETWEEN
    canvas.panel_title(left, 0, "Naive figure", "ROI of all revenue")
    _beside(canvas, (left, rows), [one.naive for one in found], [sheet.formats.change(one.naive, 0) for one in found])
    left += _NARROW + _BETWEEN
    canvas.panel_title(left, 0, "Spend", sheet.filters.currency)
    _beside(canvas, (left, rows), [one.spend for one in found], [sheet.money(one.spend) for one in found])
    return canvas


_NOTES = [
    "What it added: margin of contacted against held-out customers, adjusted for former spend (CUPED). Surely: the"
    " whole interval lies on one side of 0. Naive: all that contacted customers bought; most of it would have come"
    " anyway."
]
_MARKS = {"paid": ("better", "^"), "lost": ("worse", "v"), "open": ("soft", "o")}


def _added(canvas: Canvas, axes: Axes, found: tuple[Campaign, ...]) -> None:
    sheet = canvas.sheet
    known = [(at, one) for at, one in enumerate(found) if one.added is not None]
    if not known:
        axes.text(0.02, 0.5, _NOT_KNOWN, transform=axes.transAxes, va="center", color=sheet.palette.soft)
        no_lines(axes)
        return
    for at, one in known:
        name, mark = _MARKS[one.verdict]
        colour = getattr(sheet.palette, name)
        if one.low is not None and one.high is not None:
            axes.plot((one.low, one.high), (at, at), color=colour, alpha=0.35, linewidth=5, solid_capstyle="butt")
        axes.scatter([one.added or 0.0], [at], marker=mark, s=36, color=colour, zorder=3)
    axes.set_xlim(min([0.0, *(one.ends[0] for one in found)]) * 1.05, 1.0)
    texts = ["" if one.added is None else sheet.formats.change(one.added, 0) for one in found]
    say_beside(canvas, axes, [max(0.0, one.ends[1]) for one in found], texts)
    axes.axvline(0, color=sheet.palette.soft, linewidth=1.2)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)
    ticks_of(axes, sheet, lambda one: sheet.formats.change(one, 0), along="x", most=5)


def _beside(canvas: Canvas, at: tuple[float, float], values: Sequence[float | None], texts: Sequence[str]) -> None:
    axes = canvas.axes(at[0], _HEAD, _NARROW, at[1])
    bars(canvas, axes, values, texts, canvas.sheet.palette.reference)
    name_rows(axes, canvas.sheet, [""] * len(values))


def _title(found: tuple[Campaign, ...]) -> str:
    told = [one for one in found if one.low is not None]
    naive = sum(1 for one in told if one.naive is not None and one.naive > 0)
    if not told:
        return f"{len(found)} {plural(len(found), 'campaign')}, of none of which is known what it added"
    paid, lost = (sum(1 for one in told if one.verdict == what) for what in ("paid", "lost"))
    return f"{paid} of {len(told)} campaigns surely paid off, {lost} surely did not; by the naive figure {naive} did"


def _under(sheet: Sheet, found: tuple[Campaign, ...]) -> str:
    spend, whole = sheet.money(sum(one.spend for one in found)), _campaigns_of(sheet)
    shown = sheet.counted(whole, "campaign")
    of_all = f"the {len(found)} of {shown} with most spend" if whole > len(found) else shown
    return f"Return on investment, (what came − spend) ÷ spend; {of_all}, {spend} spent"


def _campaigns_of(sheet: Sheet) -> int:
    return int(marketing.campaigns(sheet.answers, sheet.filters).table.num_rows)


def _alt(sheet: Sheet, found: tuple[Campaign, ...]) -> str:
    change = sheet.formats.change
    parts = []
    for one in found:
        if one.added is None:
            added = "added not known"
        elif one.low is None or one.high is None:
            added = f"added {change(one.added, 0)}"
        else:
            added = f"added {change(one.added, 0)} ({change(one.low, 0)} to {change(one.high, 0)})"
        parts.append(f"{one.name} {added}, naive {change(one.naive, 0)}, spend {sheet.money(one.spend)}")
    return f"ROI of {len(found)} campaigns, with 95 % intervals: {'; '.join(parts)}."
