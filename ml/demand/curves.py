"""What is shown of a candidate: the fan of its backtest, what its booster goes by, a few rows in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ml.demand import boosting
from ml.demand.candidates import Evidence, said
from ml.demand.intervals import Bounds, bounds
from ml.demand.panel import Level
from ml.demand.plan import Choice
from ml.training import CurvePoint

FAN_CATEGORIES = 3
EXAMPLES, EXAMPLE_WEEKS = 5, 8


def curves(choice: Choice, evidence: Evidence, booster: boosting.Booster | None) -> Iterator[CurvePoint]:
    """The fans of the total and of the largest categories on the test window, and `importance` of a booster."""
    panel, measure = evidence.test.task.panel, evidence.test.task.measure
    size = panel.at("category", measure).sum(axis=1)
    categories = panel.names("category")
    series: list[tuple[Level, int, str]] = [("total", 0, f"All {measure}, {panel.currency}")]
    largest = np.argsort(-size, kind="stable")[:FAN_CATEGORIES]
    series += [("category", int(place), categories[place]) for place in largest]
    yield from _fan(choice, evidence, series)
    if booster is not None:
        gain = booster.get_score(importance_type="total_gain")
        together = sum(gain.values())
        for n, (feature, value) in enumerate(sorted(gain.items(), key=lambda pair: (-pair[1], pair[0]))):
            yield CurvePoint("importance", n, y=value / together, label=feature)


def _fan(choice: Choice, evidence: Evidence, names: Sequence[tuple[Level, int, str]]) -> Iterator[CurvePoint]:
    """Curves `fan actual`, `fan forecast`, `fan low 95` … of the test window: x = week from its start, y = value."""
    values = said(choice, evidence.test)
    for level, place, label in names:
        around: Bounds = bounds(choice.widths[level], level, values[level], evidence.test.doubt)
        history = evidence.test.task.panel.at(level, evidence.test.task.measure)[place, -26:]
        lines = {
            "fan actual": np.concatenate([history, evidence.test.actual[level][place]]),
            "fan forecast": values[level][place],
        }
        for percent, (low, high) in around.items():
            lines |= {f"fan low {percent}": low[place], f"fan high {percent}": high[place]}
        for curve, line in lines.items():
            start = -len(history) if curve == "fan actual" else 0
            for n, y in enumerate(line):
                yield CurvePoint(curve, n, x=float(start + n), y=float(y), label=label)


def example(evidence: Evidence) -> pd.DataFrame:
    """The last weeks of some categories before the test window, as models take them."""
    past = evidence.test.task.panel.at("category", evidence.test.task.measure)[:EXAMPLES, -EXAMPLE_WEEKS:]
    return pd.DataFrame(past, columns=[f"weeks_ago_{n}" for n in range(past.shape[1], 0, -1)])


def prediction(choice: Choice, evidence: Evidence) -> pd.DataFrame:
    """What is forecast for these categories."""
    values = said(choice, evidence.test)["category"][:EXAMPLES]
    return pd.DataFrame(values, columns=[f"week_{n + 1}" for n in range(values.shape[1])])
