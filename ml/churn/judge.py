"""What candidates are worth on the test window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.churn.churn_model import ChurnModel, read_model
from ml.churn.expected_purchases import ExpectedPurchases
from ml.evaluation import curves, probabilities
from ml.evaluation.bootstrap import difference, scored
from ml.evaluation.cases import Measure, Numbers
from ml.training import Candidate, CurvePoint, Difference, Files, Score

MEASURES: Mapping[str, Measure] = {
    "roc_auc": probabilities.roc_auc,
    "pr_auc": probabilities.pr_auc,
    "accuracy": probabilities.accuracy,
    "brier": probabilities.brier,
    "log_loss": probabilities.log_loss,
    "top_decile_lift": probabilities.top_decile_lift,
}
MEASURE = "pr_auc"
"""What candidates are compared by: the area under precision and recall of those who churned."""
NOT_ALIVE = "1 - P(alive)"
"""Level of a score that is shown and not used."""
DRAWS = 200
_MOST_EXPLAINED = 20_000


@dataclass(frozen=True)
class Judge:
    """The cases of the test window, the same for all candidates."""

    rows: pd.DataFrame
    """Features with `churned`."""
    seed: int
    draws: int = DRAWS

    @property
    def churned(self) -> Numbers:
        return self.rows["churned"].to_numpy(dtype="float64")

    def candidate(
        self, found: ChurnModel, *, is_baseline: bool, more: Sequence[Score] = (), files: Mapping[str, bytes]
    ) -> Candidate:
        """Measures with their intervals, and curves. `more`: scores of the folds; `files` are kept beside its own."""
        predicted = found.probabilities(self.rows)
        scores = scored(MEASURES, self.churned, predicted, seed=self.seed, draws=self.draws)
        drawn = (curves.roc, curves.precision_recall, curves.calibration, curves.lift)
        points = [point for curve in drawn for point in curve(self.churned, predicted)]
        return Candidate(
            found.name,
            is_baseline,
            [*scores, *self._of_alive(found), *more],
            {**found.files(), **files},
            found.model.parameters(),
            [*points, *importance(found, self.rows[:_MOST_EXPLAINED])],
        )

    def _of_alive(self, found: ChurnModel) -> list[Score]:
        """P(alive) of BG/NBD taken for a score of churn, which it is not: shown as a warning, no candidate."""
        if not isinstance(found.model, ExpectedPurchases):
            return []
        gone = 1 - found.model.p_alive(found.encoding.inputs(self.rows))
        return [Score("roc_auc", probabilities.roc_auc(self.churned, gone), level=NOT_ALIVE)]

    def difference(self, best: ChurnModel, other: ChurnModel, than: str) -> Difference:
        """By how much the best one is better in MEASURE, on the same resampled cases."""
        return difference(
            MEASURES[MEASURE],
            self.churned,
            best.probabilities(self.rows),
            other.probabilities(self.rows),
            than=than,
            higher_is_better=True,
            seed=self.seed,
            draws=self.draws,
        )

    def against_champion(self, best: ChurnModel, champion: Files | None) -> tuple[Difference | None, list[str]]:
        """The best one against the present champion; None, with a remark, where they foretell different things."""
        if champion is None:
            return None, []
        present = read_model(champion)
        if present.horizon_days != best.horizon_days:
            ahead = f"the champion looks {present.horizon_days} days ahead, these models {best.horizon_days}"
            return None, [f"{ahead}: they are not compared"]
        return self.difference(best, present, "champion"), []


def of_fold(churned: Numbers, predicted: Numbers, fold: int) -> list[Score]:
    """Measures of customers whom the model was not fitted on, at the cut-offs of training."""
    return [Score(name, measure(churned, predicted), fold=fold) for name, measure in MEASURES.items()]


def importance(found: ChurnModel, rows: pd.DataFrame) -> list[CurvePoint]:
    """Mean size of what each feature adds to the log-odds of a customer, the largest first."""
    added = found.contributions(rows)
    sizes = added.T.groupby([name.split("=")[0] for name in added.columns]).sum().abs().mean(axis=1)
    ordered = sizes[sizes > 0].sort_values(ascending=False, kind="stable")
    return [
        CurvePoint("importance", place, float(size), None, len(rows), str(name))
        for place, (name, size) in enumerate(ordered.items())
    ]


def best_of(candidates: Sequence[Candidate], *, is_baseline: bool) -> Candidate:
    """The best by MEASURE; of equals the first."""
    return max(
        (one for one in candidates if one.is_baseline == is_baseline),
        key=lambda one: np.nan_to_num(one.score(MEASURE).value, nan=-1.0),
    )
