"""Who becomes champion after a training, and whether a model is due for one. Pure: MLflow only carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ml.tracking.versions import CHALLENGER, CHAMPION, Role, Version
from ml.training import Difference, Training

NO_DIFFERENCE = "no difference within the interval"


@dataclass(frozen=True)
class Decision:
    """What becomes of the candidates of a training."""

    champion: str | None
    """Name of the candidate that becomes champion; None: the present one stays."""
    challenger: str | None
    """Name of the candidate that becomes challenger; None: there is none beside the champion."""
    why: str
    """A sentence for people."""

    @property
    def roles(self) -> dict[str, Role]:
        """Candidate -> what it becomes."""
        named: tuple[tuple[str | None, Role], ...] = ((self.challenger, CHALLENGER), (self.champion, CHAMPION))
        return {name: role for name, role in named if name is not None}


def decided(training: Training, champion: str | None) -> Decision:
    """Who becomes champion and who challenger.

    `champion` is the candidate that is champion now, None where there is none. A model takes that place only when it
    is better than the best baseline, and than the present champion, each by more than the interval of the difference;
    where there is no champion and no model is that much better, the best baseline becomes champion.
    """
    best, baseline = training.best, training.against_baseline.than
    against_baseline = f"{training.measure} against {baseline}: {in_words(training.against_baseline)}"
    if champion is None:
        if training.against_baseline.is_real:
            return Decision(best, None, f"{best} becomes champion. {against_baseline}.")
        return Decision(
            baseline, best, f"{baseline}, a baseline, becomes champion, and {best} challenger. {against_baseline}."
        )
    if training.against_champion is None:
        return Decision(None, best, f"{champion} stays champion: {best} could not be held against it.")
    against = f"{training.measure} against the champion: {in_words(training.against_champion)}"
    if training.against_champion.is_real and training.against_baseline.is_real:
        return Decision(best, None, f"{best} takes the place of {champion}. {against}; {against_baseline}.")
    return Decision(
        None, best, f"{champion} stays champion, and {best} becomes challenger. {against}; {against_baseline}."
    )


def in_words(difference: Difference) -> str:
    """As in `0.034 better (0.012 to 0.056)`, or that there is no difference within the interval."""
    interval = f"{signed(difference.low)} to {signed(difference.high)}"
    if difference.is_real:
        return f"{difference.value:.3g} better ({interval})"
    if difference.high < 0:
        return f"{-difference.value:.3g} worse ({interval})"
    return f"{NO_DIFFERENCE} ({signed(difference.value)}, {interval})"


def signed(value: float) -> str:
    """Three significant digits, with a true minus sign."""
    return f"{value:+.3g}".replace("-", "−") if value else "0"


def due(versions: Iterable[Version], *, as_of: date, due_days: int) -> bool:
    """Whether to train: nothing was trained yet, or the newest was trained so many days ago or more.

    Only what a publication or a person took up counts: not what a killed run left behind. A model of a later day than
    `as_of` is not due.
    """
    newest = max((one.as_of for one in versions if one.was_taken_up), default=None)
    return newest is None or (as_of - newest).days >= due_days
