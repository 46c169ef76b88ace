"""How each curve is drawn into axes. Each returns the sentence that the reader learns, and what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from ml.tracking import plot_style as style
from ml.training import Candidate, CurvePoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_BARS = 12
Points = Sequence[CurvePoint]


@dataclass(frozen=True)
class Drawn:
    """What a plot is made of: the candidate's points, and those of the one it is held against, in grey."""

    candidate: Candidate
    points: Points
    other: str
    other_points: Points

    def of_label(self, label: str) -> Drawn:
        """The points of one label alone."""
        points, others = ([one for one in some if one.label == label] for some in (self.points, self.other_points))
        return replace(self, points=points, other_points=others)

    def value(self, measure: str) -> float | None:
        return next((one.value for one in self.candidate.scores if one.measure == measure and one.fold is None), None)


def roc(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    axes.plot((0, 1), (0, 1), color=style.LINE, linewidth=1.2)
    _pair(axes, drawn)
    _shares(axes, "share of those who stay that is called", "share of those who leave that is found")
    area = drawn.value("roc_auc")
    learned = "How many are found for how many false calls"
    return (learned if area is None else f"{area:.1%} of pairs are put in the right order"), "ROC curve"


def precision_recall(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    _pair(axes, drawn)
    _shares(axes, "recall: share of those who leave that is found", "precision: share of the called that leave")
    half = [y for x, y in _pairs(drawn.points) if x >= 0.5]
    learned = f"Half of those who leave are found at a precision of {half[0]:.0%}" if half else "Precision by recall"
    return learned, "Precision and recall"


def calibration(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    axes.plot((0, 1), (0, 1), color=style.REFERENCE, linewidth=1.2)
    _line(axes, drawn.points, style.ACCENT, drawn.candidate.name)
    bins = [(one.x, one.y, one.n or 1) for one in drawn.points if one.x is not None and one.y is not None]
    axes.scatter([x for x, _, _ in bins], [y for _, y, _ in bins], color=style.ACCENT, s=22, zorder=3)
    _shares(axes, "predicted", "came true")
    off = sum(abs(x - y) * n for x, y, n in bins) / max(1, sum(n for *_, n in bins))
    return f"What is predicted is off by {100 * off:.1f} points in the mean", "Calibration, in bins of equal size"


def lift(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    heights = [y for _, y in _pairs(drawn.points)]
    bars = axes.bar(range(1, len(heights) + 1), heights, color=style.ACCENT, width=0.7)
    axes.bar_label(bars, [f"{height:.1f} ×" for height in heights], padding=2, color=style.SOFT, fontsize=8)
    axes.axhline(1, color=style.REFERENCE, linewidth=1.2)
    axes.set(xlabel="tenth of the customers, the highest predictions first", ylabel="times the share of all")
    axes.set_xticks(range(1, len(heights) + 1))
    axes.grid(axis="x", visible=False)
    return f"The first tenth leaves {heights[0]:.1f} times as often as all", "Lift by tenth; the grey line is all"


def importance(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    """Points with a label and a size, as x or y."""

    def size(one: CurvePoint) -> float:
        return abs(next((number for number in (one.y, one.x) if number is not None), 0.0))

    top = sorted(drawn.points, key=lambda one: (-size(one), one.label))[:_MOST_BARS]
    names = [one.label.replace("_", " ") for one in top]
    bars = axes.barh(names, [size(one) for one in top], color=style.ACCENT, height=0.65)
    axes.bar_label(bars, [f"{size(one):.2g}" for one in top], padding=3, color=style.SOFT, fontsize=8)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.1)
    return f"{names[0].capitalize()} moves the prediction most", "How much each feature moves the prediction"


def deciles(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    """x: what was said in total, y: what came, by tenth."""
    tenths = _pairs(drawn.points)
    places = range(1, len(tenths) + 1)
    axes.bar([place - 0.2 for place in places], [came for _, came in tenths], 0.38, color=style.ACCENT, label="came")
    axes.bar([place + 0.2 for place in places], [x for x, _ in tenths], 0.38, color=style.REFERENCE, label="predicted")
    axes.set(xlabel="tenth of the customers, the highest predictions first", xticks=list(places))
    axes.grid(axis="x", visible=False)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)
    total = sum(came for _, came in tenths)
    what = drawn.points[0].label or "what comes"
    learned = f"The first tenth brings {tenths[0][1] / total:.0%} of all {what}" if total else "Nothing came"
    return learned, "Totals by tenth of what was predicted"


def fan(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    """Lines `fan actual`, `fan forecast`, and `fan low N`, `fan high N` for intervals of N per cent, by week."""
    lines = {name: _pairs(group) for name, group in _by_curve(drawn.points).items()}
    inside, weeks = 0, 0
    for percent, opacity in ((95, style.BAND_95), (80, style.BAND_80)):
        low, high = lines.get(f"fan low {percent}", []), lines.get(f"fan high {percent}", [])
        if low and high:
            bounds = ([x for x, _ in low], [y for _, y in low], [y for _, y in high])
            axes.fill_between(*bounds, color=style.ACCENT, alpha=opacity, linewidth=0)
    for name, color in (("fan actual", style.INK), ("fan forecast", style.ACCENT)):
        if points := lines.get(name):
            axes.plot([x for x, _ in points], [y for _, y in points], color=color, linewidth=1.6, label=name[4:])
    axes.set(xlabel="week from the start of the test window")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8, labelcolor=style.SOFT, loc="lower left")
    actual = dict(lines.get("fan actual", ()))
    high_95 = dict(lines.get("fan high 95", ()))
    for week, low_95 in lines.get("fan low 95", ()):
        if week in actual and week in high_95:
            weeks, inside = weeks + 1, inside + (low_95 <= actual[week] <= high_95[week])
    what = drawn.points[0].label or "Sales"
    learned = f"{what}: {inside} of {weeks} weeks came within the 95 % interval" if weeks else f"{what}: forecast"
    return learned, "Forecast with intervals of 80 and 95 %, and what came"


def any_curve(axes: Axes, drawn: Drawn) -> tuple[str, str]:
    """A curve that nothing better is known of: a line for each label."""
    ordered = sorted(drawn.points, key=lambda one: (one.label, one.place))
    for number, (label, group) in enumerate(groupby(ordered, key=lambda one: one.label)):
        color = style.CATEGORIES[number % len(style.CATEGORIES)]
        _line(axes, list(group), color, label or drawn.candidate.name)
    axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)
    name = drawn.points[0].curve.replace("_", " ").capitalize()
    return name, name


Drawing = Callable[["Axes", Drawn], tuple[str, str]]
DRAWINGS: Mapping[str, Drawing] = {
    "roc": roc,
    "precision_recall": precision_recall,
    "calibration": calibration,
    "lift": lift,
    "importance": importance,
}
PANELS: Mapping[str, Drawing] = {"deciles": deciles, "fan": fan}
"""Plots with a panel for each label."""


def _by_curve(points: Points) -> dict[str, list[CurvePoint]]:
    ordered = sorted(points, key=lambda one: (one.curve, one.place))
    return {curve: list(group) for curve, group in groupby(ordered, key=lambda one: one.curve)}


def _pairs(points: Points) -> list[tuple[float, float]]:
    """x and y in order, where there are both."""
    ordered = sorted(points, key=lambda one: one.place)
    return [(one.x, one.y) for one in ordered if one.x is not None and one.y is not None]


def _line(axes: Axes, points: Points, color: str, name: str) -> None:
    if drawn := _pairs(points):
        axes.plot([x for x, _ in drawn], [y for _, y in drawn], color=color, label=name)


def _pair(axes: Axes, drawn: Drawn) -> None:
    _line(axes, drawn.other_points, style.REFERENCE, drawn.other)
    _line(axes, drawn.points, style.ACCENT, drawn.candidate.name)
    if drawn.other_points:
        axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)


def _shares(axes: Axes, x: str, y: str) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
