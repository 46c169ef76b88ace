"""Plots of a candidate, from its curves, as PNG files with a text for those who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from ml.tracking import plot_style as style
from ml.tracking.drawings import DRAWINGS, PANELS, Drawn, any_curve
from ml.training import Candidate, CurvePoint, Training

_MOST_PANELS = 4


def draw(training: Training, candidate: Candidate, folder: Path) -> dict[str, str]:
    """Writes <curve>.png for each curve of the candidate into the folder. Returns file name -> its text.

    Curves that are called `<plot> <line>`, as in `fan low 80`, are lines of one plot.
    """
    baseline = training.best_baseline
    beside = {} if baseline.name == candidate.name else _by_plot(baseline.curves)
    texts = {}
    for plot, points in _by_plot(candidate.curves).items():
        drawn = Drawn(candidate, points, baseline.name, beside.get(plot, ()))
        learned, under = _write(plot, drawn, f"{candidate.name}, {training.source}, {_tested(training)}", folder)
        texts[f"{plot}.png"] = f"{learned}. {under}."
    return texts


def _write(plot: str, drawn: Drawn, about: str, folder: Path) -> tuple[str, str]:
    import matplotlib as mpl

    with mpl.rc_context(style.STYLE):  # type: ignore[arg-type]  # its keys are literals there
        if plot in PANELS:
            learned, under = _panels(plot, drawn, about, folder)
        else:
            figure, (axes,) = style.figure()
            learned, under = DRAWINGS.get(plot, any_curve)(axes, drawn)
            style.title(axes, learned, f"{under} · {about}")
            figure.savefig(folder / f"{plot}.png", metadata=_metadata(learned, under))
    return learned, under


def _panels(plot: str, drawn: Drawn, about: str, folder: Path) -> tuple[str, str]:
    """A panel for each label, in the order of the candidate."""
    labels = list(dict.fromkeys(one.label for one in drawn.points))[:_MOST_PANELS]
    figure, all_axes = style.figure(len(labels))
    sentences = []
    for axes, label in zip(all_axes, labels, strict=True):
        learned, under = PANELS[plot](axes, drawn.of_label(label))
        sentences.append(learned)
        axes.set_title(label, loc="left", fontsize=9.5, color=style.INK)
    style.title_of_all(figure, sentences[0], f"{under} · {about}")
    figure.savefig(folder / f"{plot}.png", metadata=_metadata(sentences[0], under))
    return sentences[0], under


def _metadata(learned: str, under: str) -> dict[str, str]:
    return {"Title": learned, "Description": f"{learned}. {under}."}


def _tested(training: Training) -> str:
    window = training.window
    return f"{window.tested_from:%-d %b %Y} to {window.tested_until:%-d %b %Y}"


def _by_plot(points: Sequence[CurvePoint]) -> dict[str, list[CurvePoint]]:
    def plot(one: CurvePoint) -> str:
        return one.curve.partition(" ")[0]

    return {name: list(group) for name, group in groupby(sorted(points, key=plot), key=plot)}
