"""Candidates of a training: what plans there are, and what each reached on the test window."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.demand.backtest import Origin, best_way, pooled, winners, with_widths
from ml.demand.coherence import WAYS
from ml.demand.intervals import bounds
from ml.demand.measures import bias, coverage, mape, mase, wape
from ml.demand.models import BASELINES, COMBINED, PER_LINE, TRUNK
from ml.demand.panel import LEVELS, Level, Numbers
from ml.demand.plan import Choice
from ml.training import Score

BY_LEVEL = "by_level"
"""The candidate that takes the winner of each level."""
FAMILIES: Mapping[str, Mapping[Level, str]] = {
    "seasonal_naive": dict.fromkeys(LEVELS, "seasonal_naive"),
    "recent_mean": dict.fromkeys(LEVELS, "recent_mean"),
    "structural": TRUNK,
    "theta": dict.fromkeys(LEVELS, "theta"),
    "exponential_smoothing": {"total": "auto_ets", "category": "auto_ets", "product": "croston"},
    "mstl": {"total": "mstl", "category": "mstl", "product": "croston"},
    "xgboost": dict.fromkeys(LEVELS, "xgboost"),
    COMBINED: dict.fromkeys(LEVELS, COMBINED),
}
"""Candidates of one kind of model each."""


@dataclass(frozen=True)
class Evidence:
    """All that was said of one measure of one currency, by origin."""

    folds: Sequence[Origin]
    whole: Sequence[Origin]
    test: Origin

    @property
    def before(self) -> list[Origin]:
        """All origins before the test window's."""
        known = {one.task.panel.weeks: one for one in (*self.folds, *self.whole)}
        return [known[weeks] for weeks in sorted(known)]


def choices(evidence: Evidence) -> dict[str, Choice]:
    """Candidate -> its methods, with widths from what came before the test window."""
    folds = evidence.folds
    found: dict[str, Choice] = {}
    methods = dict(FAMILIES) | {BY_LEVEL: winners(folds)}
    for name, wanted in methods.items():
        by_level = {level: _or_per_line(method, evidence.test.base[level]) for level, method in wanted.items()}
        if all(_has(origin, by_level) for origin in (*folds, evidence.test)):
            ways = WAYS if name == BY_LEVEL else (("product",) if name in BASELINES else LEVELS)
            # An origin of long ago may know too little for some model.
            way = best_way(by_level, [one for one in evidence.before if _has(one, by_level)], ways)
            found[name] = with_widths(Choice(by_level, way), folds)
    return found


def _has(origin: Origin, by_level: Mapping[Level, str]) -> bool:
    return all(method in origin.base[level] for level, method in by_level.items())


def _or_per_line(method: str, there: Mapping[str, Numbers]) -> str:
    """Where a measure goes the way of lines, models that were not fitted to it are replaced."""
    return PER_LINE if method in ("theta", "croston") and method not in there else method


def final(choice: Choice, evidence: Evidence) -> Choice:
    """The choice with widths from the test window too: what is published."""
    return with_widths(choice, [*evidence.folds, evidence.test])


def said(choice: Choice, origin: Origin) -> dict[Level, Numbers]:
    return origin.follow(choice)


def scores(choice: Choice, evidence: Evidence, suffix: str = "") -> Iterator[Score]:
    """All measures of a choice on the test window, and its WAPE on each fold. Levels are as in `category revenue`."""
    test = evidence.test
    forecast = said(choice, test)
    for level in LEVELS:
        actual, values, name = test.actual[level], forecast[level], f"{level} {test.task.measure}{suffix}"
        if actual.sum() <= 0:
            continue
        around = bounds(choice.widths[level], level, values, test.doubt)
        percentage = mape(actual, values)
        taken = {
            "wape": wape(actual, values),
            "bias": bias(actual, values),
            "mase": mase(actual, values, test.task.panel.at(level, test.task.measure)),
            **({} if percentage is None else {"mape": percentage}),
            **{f"coverage_{percent}": coverage(actual, *pair) for percent, pair in around.items()},
        }
        yield from (Score(measure, value, level=name) for measure, value in taken.items() if np.isfinite(value))
        for number, fold in enumerate(evidence.folds):
            of_fold = wape(fold.actual[level], said(choice, fold)[level])
            if np.isfinite(of_fold):
                yield Score("wape", of_fold, level=name, fold=number)


def difference(
    better: Choice, worse: Choice, origins: tuple[Origin, Origin], level: Level, *, seed: int, draws: int = 1_000
) -> tuple[float, float, float]:
    """By how much the WAPE of `better` is lower, with its 95 % interval over weeks drawn again with their series.

    Weeks are drawn, not series: what goes wrong in a week goes wrong in all of them.
    """
    actual = origins[0].actual[level]
    errors = [
        np.abs(actual - said(choice, origin)[level]).sum(axis=0)
        for choice, origin in zip((better, worse), origins, strict=True)
    ]
    gain, sold = errors[1] - errors[0], actual.sum(axis=0)
    weeks = np.random.default_rng(seed).integers(0, len(sold), (draws, len(sold)))
    drawn = gain[weeks].sum(axis=1) / np.maximum(sold[weeks].sum(axis=1), 1e-9)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(gain.sum() / max(sold.sum(), 1e-9)), float(low), float(high)


def unbeaten(choice: Choice, evidence: Evidence) -> list[str]:
    """A sentence for each level at which no model was better than the seasonal naive."""
    return [
        f"{level} {evidence.test.task.measure}: no model was better than the seasonal naive over the folds "
        f"(WAPE {pooled(evidence.folds, level, 'seasonal_naive'):.1%}), so the seasonal naive is published."
        for level in LEVELS
        if choice.methods[level] == "seasonal_naive"
    ]
