"""The rolling-origin backtest: what each candidate would have said at origins of the past, and which is best where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from pyspark.sql import SparkSession

from lakehouse.settings.models import Demand
from ml.demand import boosting
from ml.demand.calendar import Known
from ml.demand.coherence import WAYS, Way
from ml.demand.forecast import by_state, follow
from ml.demand.intervals import Widths, measured
from ml.demand.measures import wape
from ml.demand.models import BASELINES, Base, Task, base_forecasts
from ml.demand.panel import LEVELS, Level, Numbers, Panel
from ml.demand.plan import Choice
from ml.demand.series import MEASURES
from ml.demand.states import YEAR, State, states

FOLD_STEP = 4
"""Weeks from one origin to the next."""
LEAST_PAST = 20
"""Weeks before the first origin."""
SEASONAL_NAIVE = "seasonal_naive"
MARGIN = 0.05
"""Ways to add up that are no worse than this count as good as the best."""


@dataclass(frozen=True)
class Origin:
    """What was said at one origin of one measure, and what came."""

    task: Task
    base: Base
    doubt: Numbers
    states: list[State]
    actual: dict[Level, Numbers]
    _followed: dict[str, dict[Level, Numbers]] = field(default_factory=dict, compare=False)

    def follow(self, choice: Choice) -> dict[Level, Numbers]:
        """What is published by a choice: memoised, for each is asked for many times."""
        key = f"{sorted(choice.methods.items())} {choice.way}"
        if key not in self._followed:
            self._followed[key] = follow(choice, self.base, self.task, self.states)
        return self._followed[key]

    def said(self, level: Level, method: str) -> Numbers:
        """Before levels are made to add up."""
        values = self.base[level][method]
        if level == "product" and method not in BASELINES:
            return by_state(values, self.base, self.task, self.states)
        return values


@dataclass(frozen=True)
class Origins:
    """Numbers of weeks known at the origins of a backtest."""

    folds: tuple[int, ...]
    """Methods are chosen and intervals made on these; their windows are cut at the test window."""
    whole: tuple[int, ...]
    """Of whole windows before the test window; how levels add up is chosen on these too."""
    test: int


def origins(weeks: int, rules: Demand) -> Origins | None:
    """Origins of a history of so many weeks; None where it is too short for one fold before the test window.

    Folds step back from the test window by whole windows. Those that would know less than a year could not tell a
    model that knows the season from one that does not: they are moved up to the end of the first year, where there is
    one, though less of their window is left.
    """
    test = weeks - rules.horizon_weeks
    last = test - rules.horizon_weeks
    whole = [last - FOLD_STEP * n for n in reversed(range(rules.folds))]
    before = tuple(one for one in whole if one >= LEAST_PAST)
    if not before:
        return None
    moved = {max(one, min(YEAR + n, test - 1)) for n, one in enumerate(whole)}
    folds = tuple(sorted(moved)) if test > YEAR else before
    return Origins(folds, before, test)


def judged(
    panel: Panel, origin: int, known: Known, horizon: int, booster: boosting.Booster | None, spark: SparkSession | None
) -> dict[str, Origin]:
    """Measure -> all candidates at an origin, of which nothing later is known."""
    past = panel.until(origin)
    state = states(past.sales["lines"], horizon)
    found: dict[str, Origin] = {}
    for measure in MEASURES:
        task = Task(past, measure, known, horizon, spark=spark)
        actual = {level: panel.at(level, measure)[:, origin : origin + horizon] for level in LEVELS}
        of_lines = found["lines"].base if "lines" in found else None
        said = base_forecasts(task, booster, of_lines)
        found[measure] = Origin(task, said.base, said.doubt, state, actual)
    return found


def pooled(folds: Sequence[Origin], level: Level, method: str) -> float:
    """WAPE over all folds together; infinite where a fold lacks the method."""
    if any(method not in fold.base[level] for fold in folds):
        return float("inf")
    actual = np.concatenate([fold.actual[level] for fold in folds], axis=1)
    return wape(actual, np.concatenate([fold.said(level, method) for fold in folds], axis=1))


def winners(folds: Sequence[Origin]) -> dict[Level, str]:
    """The best method of each level by WAPE over the folds; the seasonal naive where none is better than it."""
    found: dict[Level, str] = {}
    for level in LEVELS:
        names = [name for name in folds[-1].base[level] if name != SEASONAL_NAIVE]
        best = min(names, key=lambda name: pooled(folds, level, name))
        is_better = pooled(folds, level, best) < pooled(folds, level, SEASONAL_NAIVE)
        found[level] = best if is_better else SEASONAL_NAIVE
    return found


def best_way(methods: Mapping[Level, str], folds: Sequence[Origin], ways: Sequence[Way] = WAYS) -> Way:
    """How levels are made to add up: by the mean over levels of the error against the seasonal naive's, over the folds.

    A level at which the seasonal naive is published is kept as it is. Of ways that are about as good the first is
    taken: differences of a few weeks are noise. Where nothing was sold over the folds none is better than the others.
    """
    kept = [level for level in LEVELS if methods[level] == SEASONAL_NAIVE]
    if kept:
        return kept[-1]
    error = {way: _relative_error(Choice(methods, way), folds) for way in ways}
    best = min(error.values())
    if np.isnan(best):
        return ways[0]
    return next(way for way in ways if error[way] <= best * (1 + MARGIN))


def _relative_error(choice: Choice, folds: Sequence[Origin]) -> float:
    said = [fold.follow(choice) for fold in folds]
    ratios = []
    for level in LEVELS:
        actual = np.concatenate([fold.actual[level] for fold in folds], axis=1)
        forecast = np.concatenate([one[level] for one in said], axis=1)
        ratios.append(wape(actual, forecast) / max(pooled(folds, level, SEASONAL_NAIVE), 1e-9))
    return float(np.mean(ratios))


def with_widths(choice: Choice, folds: Sequence[Origin]) -> Choice:
    """The choice with intervals from what its published forecasts were off by at these origins."""
    said = [fold.follow(choice) for fold in folds]
    widths: dict[Level, Widths] = {}
    for level in LEVELS:
        pairs = [(fold.actual[level], one[level], fold.doubt) for fold, one in zip(folds, said, strict=True)]
        widths[level] = measured(level, pairs, folds[-1].task.unit)
    return Choice(choice.methods, choice.way, widths)
