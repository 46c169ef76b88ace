"""Plots of a candidate, from its curves, as PNG files with a text for those who cannot see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from ml.tracking import plot_style as style
from ml.training import Candidate, CurvePoint, Training

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_BARS = 12
Points = Sequence[CurvePoint]


@dataclass(frozen=True)
class _Drawn:
    """What a plot is made of: the candidate's points, and those of the one it is held against, in grey."""

    candidate: Candidate
    points: Points
    other: str
    other_points: Points

    def value(self, measure: str) -> float | None:
        return next((one.value for one in self.candidate.scores if one.measure == measure and one.fold is None), None)


def draw(training: Training, candidate: Candidate, folder: Path) -> dict[str, str]:
    """Writes <curve>.png for each curve of the candidate into the folder. Returns file name -> its text."""
    import matplotlib as mpl

    other = training.best_baseline
    texts = {}
    for curve, points in _by_curve(candidate.curves).items():
        beside = () if other.name == candidate.name else _by_curve(other.curves).get(curve, ())
        drawn = _Drawn(candidate, points, other.name, beside)
        with mpl.rc_context(style.STYLE):  # type: ignore[arg-type]  # its keys are literals there
            figure, axes = style.figure()
            learned, under = _DRAWINGS.get(curve, _any)(axes, drawn)
            style.title(axes, learned, f"{under} · {candidate.name}, {training.source}, {_tested(training)}")
            text = f"{learned}. {under}."
            figure.savefig(folder / f"{curve}.png", metadata={"Title": learned, "Description": text})
        texts[f"{curve}.png"] = text
    return texts


def _tested(training: Training) -> str:
    window = training.window
    return f"{window.tested_from:%-d %b %Y} to {window.tested_until:%-d %b %Y}"


def _by_curve(points: Points) -> dict[str, Points]:
    ordered = sorted(points, key=lambda one: (one.curve, one.place))
    return {curve: list(group) for curve, group in groupby(ordered, key=lambda one: one.curve)}


def _line(axes: Axes, points: Points, color: str, name: str) -> None:
    drawn = [(one.x, one.y) for one in points if one.x is not None and one.y is not None]
    if drawn:
        xs, ys = zip(*drawn, strict=True)
        axes.plot(xs, ys, color=color, label=name)


def _pair(axes: Axes, drawn: _Drawn) -> None:
    _line(axes, drawn.other_points, style.REFERENCE, drawn.other)
    _line(axes, drawn.points, style.ACCENT, drawn.candidate.name)
    if drawn.other_points:
        axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)


def _shares(axes: Axes, x: str, y: str) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))


def _roc(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    axes.plot((0, 1), (0, 1), color=style.LINE, linewidth=1.2)
    _pair(axes, drawn)
    _shares(axes, "share of those who stay that is called", "share of those who leave that is found")
    area = drawn.value("roc_auc")
    learned = "How many are found for how many false calls"
    if area is not None:
        learned = f"{area:.1%} of pairs are put in the right order"
    return learned, "ROC curve"


def _precision_recall(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    _pair(axes, drawn)
    _shares(axes, "recall: share of those who leave that is found", "precision: share of the called that leave")
    half = [one.y for one in drawn.points if one.x is not None and one.y is not None and one.x >= 0.5]
    learned = f"Half of those who leave are found at a precision of {half[0]:.0%}" if half else "Precision by recall"
    return learned, "Precision and recall"


def _calibration(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    axes.plot((0, 1), (0, 1), color=style.REFERENCE, linewidth=1.2)
    _line(axes, drawn.points, style.ACCENT, drawn.candidate.name)
    bins = [(one.x, one.y, one.n or 1) for one in drawn.points if one.x is not None and one.y is not None]
    axes.scatter([x for x, _, _ in bins], [y for _, y, _ in bins], color=style.ACCENT, s=22, zorder=3)
    _shares(axes, "predicted", "came true")
    off = sum(abs(x - y) * n for x, y, n in bins) / max(1, sum(n for *_, n in bins))
    return f"What is predicted is off by {100 * off:.1f} points in the mean", "Calibration, in ten bins of equal size"


def _lift(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    heights = [one.y or 0.0 for one in drawn.points]
    _bars(axes, heights, [f"{height:.1f} ×" for height in heights])
    axes.axhline(1, color=style.REFERENCE, linewidth=1.2)
    axes.set(xlabel="tenth of the customers, the highest predictions first", ylabel="times the share of all")
    return f"The first tenth leaves {heights[0]:.1f} times as often as all", "Lift by tenth; the grey line is all"


def _deciles(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    """x: predicted, y: what came, by tenth."""
    places = [one.place + 1 for one in drawn.points]
    predicted, actual = [one.x or 0.0 for one in drawn.points], [one.y or 0.0 for one in drawn.points]
    axes.bar([place - 0.2 for place in places], actual, 0.38, color=style.ACCENT, label="came")
    axes.bar([place + 0.2 for place in places], predicted, 0.38, color=style.REFERENCE, label="predicted")
    axes.set(xlabel="tenth of the customers, the highest predictions first", xticks=places)
    axes.grid(axis="x", visible=False)
    axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)
    total = sum(actual)
    learned = f"The first tenth brings {actual[0] / total:.0%} of all" if total else "Nothing came"
    return learned, "By tenth of predicted value: the mean of what came, and of what was predicted"


def _importance(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    def size(one: CurvePoint) -> float:
        return abs(one.y if one.y is not None else one.x or 0.0)

    top = sorted(drawn.points, key=size, reverse=True)[:_MOST_BARS]
    names = [one.label.replace("_", " ") for one in top]
    values = [size(one) for one in top]
    bars = axes.barh(names, values, color=style.ACCENT, height=0.65)
    axes.bar_label(bars, [f"{value:.2g}" for value in values], padding=3, color=style.SOFT, fontsize=8)
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.1)
    return f"{names[0].capitalize()} moves the prediction most", "Mean size of a feature's contribution"


def _bars(axes: Axes, heights: Sequence[float], labels: Sequence[str]) -> None:
    bars = axes.bar(range(1, len(heights) + 1), heights, color=style.ACCENT, width=0.7)
    axes.bar_label(bars, labels, padding=2, color=style.SOFT, fontsize=8)
    axes.set_xticks(range(1, len(heights) + 1))
    axes.grid(axis="x", visible=False)


def _any(axes: Axes, drawn: _Drawn) -> tuple[str, str]:
    """A curve that nothing better is known of: a line for each label."""
    ordered = sorted(drawn.points, key=lambda one: (one.label, one.place))
    colors = (style.ACCENT, "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8a6d00", "#7a7a7a")
    for number, (label, group) in enumerate(groupby(ordered, key=lambda one: one.label)):
        _line(axes, list(group), colors[number % len(colors)], label or drawn.candidate.name)
    axes.legend(frameon=False, fontsize=8.5, labelcolor=style.SOFT)
    name = drawn.points[0].curve.replace("_", " ")
    return name.capitalize(), name.capitalize()


_DRAWINGS: Mapping[str, Callable[[Axes, _Drawn], tuple[str, str]]] = {
    "roc": _roc,
    "precision_recall": _precision_recall,
    "calibration": _calibration,
    "lift": _lift,
    "deciles": _deciles,
    "importance": _importance,
}
