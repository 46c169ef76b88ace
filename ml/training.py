"""What a training comes to: candidates with their measures and the files they are kept in, held against each other.

The same for all problems. Nothing here knows Spark, MLflow or a lake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Problem = Literal["churn", "clv", "demand"]
PROBLEMS: tuple[Problem, ...] = ("churn", "clv", "demand")
Files = Mapping[str, bytes]
"""File name -> its bytes: all that scoring needs of a model, in formats that run no code when they are read."""


@dataclass(frozen=True)
class Score:
    """One measure of one candidate, with its 95 % interval where there is one."""

    measure: str
    """As in roc_auc, pr_auc, brier, mae, wape."""
    value: float
    low: float | None = None
    high: float | None = None
    level: str = ""
    """What part of the problem it is about, where it has parts: `category revenue` of demand; empty for all of it."""
    fold: int | None = None
    """Number of the fold of training, from 0; None: the test window, which no candidate was fitted or chosen on."""


@dataclass(frozen=True)
class CurvePoint:
    """One point of a curve or one row of a table of one candidate, on the test window."""

    curve: str
    """As in roc, precision_recall, calibration, lift, deciles, importance."""
    place: int
    """From 0, in order."""
    x: float | None = None
    y: float | None = None
    n: int | None = None
    """How many cases it stands for."""
    label: str = ""


@dataclass(frozen=True)
class Candidate:
    """One model that was tried, or a baseline."""

    name: str
    """As in xgboost, logistic_regression, bg_nbd, recency, seasonal_naive."""
    is_baseline: bool
    scores: Sequence[Score]
    files: Files
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What was set, and what few parameters were estimated."""
    curves: Sequence[CurvePoint] = ()

    def score(self, measure: str, level: str = "") -> Score:
        """The measure on the test window. Raises KeyError where it was not taken."""
        for one in self.scores:
            if (one.measure, one.level, one.fold) == (measure, level, None):
                return one
        raise KeyError(f"{self.name} has no {measure} {level}")


@dataclass(frozen=True)
class Difference:
    """By how much the best candidate is better than another on the same cases of the test window; 95 % interval."""

    than: str
    """Name of the other candidate, or `champion`."""
    value: float
    """In the measure of the training, above 0 where the best one is better, whichever way the measure points."""
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Better by more than its interval."""
        return self.low > 0


@dataclass(frozen=True)
class Window:
    """Days, the last of each span not included."""

    trained_from: date
    trained_until: date
    tested_from: date
    tested_until: date


@dataclass(frozen=True)
class Training:
    """One training of one problem for one source."""

    problem: Problem
    source: str
    measure: str
    """What candidates are compared by."""
    level: str
    """The level of that measure; empty where the problem has no parts."""
    higher_is_better: bool
    candidates: Sequence[Candidate]
    best: str
    """Name of the best of those that are no baseline, by the measure."""
    against_baseline: Difference
    """The best one against the best baseline."""
    against_champion: Difference | None
    """The best one against the present champion, judged anew on the same window; None where there is none."""
    window: Window
    example: pd.DataFrame
    """A few rows as the model takes them, without anything that identifies a person."""
    prediction: pd.DataFrame
    """What the best one makes of these rows."""
    remarks: Sequence[str] = ()
    """Sentences for people: what did not come out, what is left out."""
    seed: int = 0

    def candidate(self, name: str) -> Candidate:
        """Raises KeyError where no candidate has the name."""
        for one in self.candidates:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def best_baseline(self) -> Candidate:
        """The baseline that the best one is held against."""
        return self.candidate(self.against_baseline.than)


@dataclass(frozen=True)
class NotTrained:
    """There is too little history to train on."""

    problem: Problem
    source: str
    why: str
    """A sentence with the figures: how many there are, how many are needed."""
