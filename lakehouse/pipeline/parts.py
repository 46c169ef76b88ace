"""What is put into a run from rooms that the pipeline does not know: row rules, a gate, models, a report, steps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from lakehouse.gold import STEPS
from lakehouse.lake import Lake
from lakehouse.pipeline.refusal import Refused
from lakehouse.published import Publication
from lakehouse.settings import Settings
from lakehouse.silver.rules import RowRule
from lakehouse.sources.model import Source
from lakehouse.step import Step


class Judgement(Protocol):
    """What a gate said of the working heads."""

    @property
    def refusal(self) -> Refused | None:
        """Why nothing may be published; None where all may."""

    @property
    def remarks(self) -> Sequence[str]:
        """For people: what did not hold, and does not refuse."""

    def write_report(self, publication: int | None, *, now: datetime) -> Path:
        """A page about it; `publication` is None where nothing was published."""


class Gate(Protocol):
    """Judges the working heads of a lake before readers see them."""

    def prepare(self) -> None:
        """Called when a run begins to derive: what takes a while to start may start now."""

    def judge(self, lake: Lake, sources: Sequence[Source], batches: Sequence[int], *, now: datetime) -> Judgement:
        """`batches` are those that the publication would consume."""


class ModelWork(Protocol):
    """The models of one lake, within one run."""

    def fingerprints(self) -> Mapping[str, str]:
        """`model_settings` and `model_decisions`: what predictions depend on besides the tables. When the settings
        change, the tables that only models need are built again."""

    def prepare(self) -> None:
        """Called when gold is to be built: what takes a while to start may start now."""

    def train(self, problems: Sequence[str], *, if_due: bool) -> None:
        """Trains on the working heads and registers what came of it. No alias moves: see `settle` and `decide`."""

    def decide(self) -> None:
        """Moves aliases as the trainings of this run say, without a publication: for a training of its own."""

    def score(self) -> Mapping[str, str]:
        """Writes the tables of predictions with the champions, or those that this run trained and that shall be.

        Returns what a publication is to say of them: `model:NAME` -> version.
        """

    def forget(self, sources: Collection[str]) -> None:
        """The trainings of this run on rows of these sources, which the gate refused, come to nothing."""

    def settle(self, publication: Publication) -> None:
        """Makes the champions of a publication those of the registry, unless that was done or changed since."""


class Models(Protocol):
    """What trains models and scores with them."""

    @property
    def steps(self) -> Sequence[Step]:
        """Steps of gold that only models need."""

    def why_not(self, settings: Settings) -> str:
        """Why nothing is trained and scored here, in words; empty where it is."""

    def work(self, lake: Lake, settings: Settings, say: Callable[[str], None], *, now: datetime) -> ModelWork:
        """The models of one lake. Raises ConfigurationError where `why_not` has something to say."""


@dataclass(frozen=True)
class Reported:
    """The page of a report, None where there is nothing to report on, and what is to be said besides, empty where
    nothing is."""

    page: Path | None
    remark: str = ""


class Report(Protocol):
    """What tells people of a publication once it is there."""

    def write(self, lake: Path, publication: int) -> Reported:
        """Writes the report. What it raises undoes nothing."""


@dataclass(frozen=True)
class Parts:
    """All that is handed in."""

    rules: Sequence[RowRule]
    gate: Gate
    models: Models | None = None
    report: Report | None = None
    steps: Sequence[Step] = STEPS
